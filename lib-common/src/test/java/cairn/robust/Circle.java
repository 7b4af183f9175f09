package cairn.robust;

import cairn.chunk.ChunkParams;
import cairn.crypto.Rng;
import cairn.format.RepositoryId;
import cairn.key.AccessKey;
import cairn.key.AccessKeyFile;
import cairn.key.KeyChanges;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.key.Role;
import cairn.key.Unlocker;
import cairn.repo.RepositoryKeys;
import cairn.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A repository with real access keys of several roles, each with a {@link Lab} of its own: clients, servers, and who restores. */
public final class Circle {
    private static final long NOW = 1_800_000_000_000L;

    public final Storage storage;
    private final Map<String, AccessKey> keys = new HashMap<>();
    private final Path temp;

    public Circle(Storage storage, Path temp) throws IOException {
        this(storage, temp, false);
    }

    public Circle(Storage storage, Path temp, boolean trustAll) throws IOException {
        this(storage, temp, trustAll, Map.of());
    }

    public Circle(Storage storage, Path temp, boolean trustAll, Map<String, String> settings) throws IOException {
        this.storage = storage;
        this.temp = temp;
        KeyChanges.Change founding = KeyChanges.found(new KeyChanges.Founding(RepositoryId.read(Rng.bytes(16), 0), ChunkParams.ofAverage(8 << 10),
                "owner", Lock.KeyFile.random(), trustAll, new TreeMap<>(settings), NOW));
        KeyStore.publish(storage, founding);
        keys.put("owner", founding.keys().key());
    }

    /** Gives out a key. */
    public AccessKey add(String name, Role role) throws IOException {
        Lock.KeyFile lock = Lock.KeyFile.random();
        KeyStore.publish(storage, KeyChanges.add(opened("owner"), name, role, lock, NOW));
        AccessKey key = AccessKeyFile.read(storage.readAll("keys/" + name, AccessKeyFile.MOST_BYTES), null, name).unlock(new Unlocker.KeyFile(lock.secret()));
        keys.put(name, key);
        return key;
    }

    public AccessKey key(String name) {
        return keys.get(name);
    }

    public OpenedKeys opened(String name) throws IOException {
        return KeyStore.load(storage, keys.get(name), null);
    }

    public RepositoryKeys of(String name) throws IOException {
        return RepositoryKeys.of(opened(name));
    }

    /** A machine that works with a key. */
    public Lab lab(String keyName) throws IOException {
        return new Lab(Files.createTempDirectory(temp, keyName), () -> of(keyName), 1);
    }
}

package cairn.cli;

import cairn.chunk.ChunkParams;
import cairn.crypto.Rng;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.key.KeyChanges;
import cairn.key.KeyName;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a repository. The key file is durable before the first file of the repository, so that no crash leaves a
 * repository that nobody can open.
 *
 * @param path     raw path of the folder, which must be empty or not be there
 * @param keyName  name of the first access key, of the role {@code full}
 * @param lock     of that key; {@link Lock.Open} if and only if nothing is to be encrypted
 * @param keyFile  raw path of the key file to make for a {@link Lock.KeyFile}; else null
 * @param chunks   lengths of chunks
 * @param trustAll whether clients rely on content by each other
 * @param settings that all clients share
 */
public record NewRepository(byte[] path, String keyName, Lock lock, byte[] keyFile, ChunkParams chunks, boolean trustAll, SortedMap<String, String> settings) {
    /** Lengths of chunks where no others are asked for. */
    public static final ChunkParams CHUNKS = ChunkParams.DEFAULT;
    /** The name of the first access key, where no other is given. */
    public static final String FIRST_KEY = "default";
    /** The file for people that every repository holds, and the last one that is made. */
    static final String ABOUT = "cairn.toml";

    public NewRepository {
        if ((lock instanceof Lock.KeyFile) != (keyFile != null)) throw new IllegalArgumentException("a key file goes with a lock by key file");
        settings = new TreeMap<>(settings);
    }

    /** Makes it in its folder. @return the keys of the new repository */
    public OpenedKeys make(long nowMillis) throws IOException {
        KeyName.check(keyName);
        refuseExisting();
        return make(nowMillis, () -> LocalFolder.create(path));
    }

    /** Gives an empty storage, which is closed when the repository is made. */
    public interface Place {
        Storage create() throws IOException;
    }

    /** Makes it elsewhere. @return the keys of the new repository */
    public OpenedKeys make(long nowMillis, Place place) throws IOException {
        KeyName.check(keyName);
        RepositoryId id = RepositoryId.read(Rng.bytes(RepositoryId.BYTES), 0);
        try (Storage storage = place.create()) {
            if (lock instanceof Lock.KeyFile file) {
                if (!storage.isFar()) refuseInside();
                NewSecret.writeKeyFile(keyFile, id, keyName, file);
            }
            try {
                KeyChanges.Change founding = KeyChanges.found(new KeyChanges.Founding(id, chunks, keyName, lock, trustAll, settings, nowMillis));
                KeyStore.publish(storage, founding);
                storage.write(ABOUT, about(id));
                return founding.keys();
            } catch (IOException | RuntimeException e) {
                takeBackKeyFile(e);
                throw e;
            }
        }
    }

    private void refuseExisting() throws IOException {
        if (new Stat().exists(Open.AT_FDCWD, RawPath.join(path, RawString.encode(ABOUT)))) {
            throw new CairnException(ExitCode.FAILED, "'" + RawString.printable(path) + "' is a repository already",
                    "'cairn list' shows what is in it; to begin a new one name another folder");
        }
    }

    /** A key file beside what it locks would be copied along with it. */
    private void refuseInside() throws IOException {
        if (RawPath.isWithin(RawPath.absolute(keyFile), RawPath.absolute(path))) {
            throw new CairnException(ExitCode.USAGE, "the key file '" + RawString.printable(keyFile) + "' would lie inside of the repository that it opens",
                    "name a file elsewhere");
        }
    }

    private void takeBackKeyFile(Exception failed) {
        if (keyFile == null) return;
        try {
            Dirs.unlink(Open.AT_FDCWD, keyFile);
        } catch (PosixException e) {
            failed.addSuppressed(e);
        }
    }

    private static byte[] about(RepositoryId id) {
        return ("# A repository of Cairn, see cairn-repository(5). This file is for people: the program believes nothing in it.\n"
                + "format = 1\nid = \"" + id + "\"\n").getBytes(StandardCharsets.US_ASCII);
    }
}

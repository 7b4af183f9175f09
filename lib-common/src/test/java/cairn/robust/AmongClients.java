package cairn.robust;

import cairn.archive.Archiver;
import cairn.crypto.Rng;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.key.Role;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.repo.RepositoryKeys;
import cairn.session.SessionId;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A client with a write key that means harm (mallory), one that does not (the victim), a server, and the owner, who reads. */
abstract class AmongClients {
    @TempDir
    Path temp;

    final MemoryStorage storage = new MemoryStorage();
    Circle circle;
    Lab victim;
    Lab owner;

    @BeforeEach
    void makeClients() throws IOException {
        circle = new Circle(storage, temp);
        circle.add("victim", Role.WRITE);
        circle.add("mallory", Role.WRITE);
        circle.add("server", Role.SERVER);
        victim = circle.lab("victim");
        owner = circle.lab("owner");
        victim.fill(1);
    }

    /** What the owner reads in a backup of the victim's source. */
    Map<String, String> restored(Archiver.Result result) throws IOException {
        Map<String, String> below = new TreeMap<>();
        String prefix = victim.source + "/";
        owner.readBack(storage, result.record().id()).forEach((path, content) -> below.put(path.substring(prefix.length()), content));
        return below;
    }

    /** Publishes a backup in mallory's name that leads to some roots. */
    RecordFile record(BlobId tree, BlobId stat, RecordHead.Token group, Instant time, long sequence) throws IOException {
        RepositoryKeys keys = circle.of("mallory");
        return publish(RecordFile.encode(keys.repository(), head(tree, stat, group, time, sequence), body(time), keys.newSession().forRecord(), keys.signer()));
    }

    /** What stands in clear in a backup that leads to some roots. */
    static RecordHead head(BlobId tree, BlobId stat, RecordHead.Token group, Instant time, long sequence) {
        return new RecordHead(sequence, Hash.ZERO, SessionId.read(Rng.bytes(16), 0), tree, stat, time, 0, 1, 1, 1, group, List.of());
    }

    /** What is sealed of it. */
    static RecordBody body(Instant time) {
        return new RecordBody("host", "", "files", "1", List.of(), List.of(), time, time, Map.of(), Map.of(), List.of(), Map.of(), List.of());
    }

    /** Puts a record, whoever signed it, where records lie. */
    RecordFile publish(byte[] file) throws IOException {
        RecordFile record = RecordFile.decode(file, circle.of("mallory").repository(), null, "it");
        storage.write(RecordFile.name(record.id()), file);
        return record;
    }
}

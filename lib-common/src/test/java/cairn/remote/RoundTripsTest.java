package cairn.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import cairn.store.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often this side waits for the other one before it can go on: the same on every line and every machine, and what a far
 * one costs.
 */
class RoundTripsTest {
    @TempDir
    Path temp;

    @TempDir
    Path cache;

    private final MemoryStorage storage = new MemoryStorage();
    private Lab lab;

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp, true, 1);
        for (int i = 0; i < 60; i++) {
            lab.write("folder" + i % 7 + "/sub" + i % 3 + "/file" + i, 3000, i);
        }
        backup();
    }

    private RemoteStorage open() throws IOException {
        return RemoteStorage.open(PipeLink.to(unclosed(), TestKeys.full(true).repository()), cache, 64 << 20);
    }

    private Storage unclosed() {
        return new cairn.store.LastingStorage(storage);
    }

    private record Run(Archiver.Result result, int roundTrips) {
    }

    private Run backup() throws IOException {
        RemoteStorage far = open();
        try (Repository repository = lab.open(far)) {
            Archiver.Result result = lab.backup(repository);
            return new Run(result, far.roundTrips());
        }
    }

    /** One to show the session and see what is there, one to publish and see whether it counts. */
    @Test
    void aBackupOfWhatIsThereAlready() throws IOException {
        Run run = backup();
        assertTrue(run.result().added() < 3000, run.result().added() + " bytes: no content of a file");
        assertEquals(2, run.roundTrips());
    }

    /** What is left at the end goes in one flight: packs, index, record, the end of the session. */
    @Test
    void aBackupThatAddsLessThanAPack() throws IOException {
        for (int i = 0; i < 3; i++) {
            lab.write("folder" + i + "/file", 2000, 1000 + i);
        }
        Run run = backup();
        assertTrue(run.result().added() > 3000, run.result().added() + " bytes");
        assertEquals(2, run.roundTrips());
        assertEquals(List.of(), lab.verify(storage, true).findings());
        assertEquals(63, lab.readBack(storage, run.result().record().id()).size());
    }
}

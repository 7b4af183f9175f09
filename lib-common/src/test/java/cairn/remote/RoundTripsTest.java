package cairn.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.format.Envelope;
import cairn.pack.PackKind;
import cairn.query.TreeWalk;
import cairn.record.RecordFile;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import cairn.store.Storage;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
        return new LastingStorage(storage);
    }

    private RemoteStorage openWithoutCopies() throws IOException {
        return RemoteStorage.open(PipeLink.to(unclosed(), TestKeys.full(true).repository()), null, 0);
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

    @Test
    void manyDeletions() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            names.add("sessions/" + "0".repeat(31) + i + "-0");
            if (i > 0) {
                storage.write(names.get(i), new byte[] {1});
            }
        }
        try (RemoteStorage far = openWithoutCopies()) {
            assertEquals(8, far.deleteAll(names), "one was not there");
            assertEquals(1, far.roundTrips());
        }
        assertFalse(storage.names("sessions/").stream().anyMatch(names::contains));
    }

    /** The greeting brings what every command wants first; keys are looked at once to open them, and again by some. */
    @Test
    void theFirstLookAtARepository() throws IOException {
        try (RemoteStorage far = openWithoutCopies()) {
            for (String folder : List.of("keys/", "keylist/", "keyring/", "marks/", "index/", "backups/", "keys/", "keylist/", "keyring/")) {
                far.list(folder, file -> { });
            }
            assertEquals(0, far.roundTrips());
        }
    }

    private static int walk(Repository repository, RecordFile record) throws IOException {
        int files = 0;
        TreeReader.DirectoryCursor root = repository.trees().root(record.head().tree(), null);
        while (root.next()) {
            TreeWalk walk = new TreeWalk(repository.trees(), (Entry.Directory) root.entry(), new byte[0], (path, why) -> { });
            while (walk.next()) {
                files += walk.entry() instanceof Entry.File ? 1 : 0;
            }
        }
        return files;
    }

    /** Records and index come together while the key is opened, then the one pack of trees. */
    @Test
    void aWalkThroughABackupWithoutCopiesHere() throws IOException {
        assertEquals(1, packs(PackKind.TREE), "packs of trees");
        RemoteStorage far = openWithoutCopies();
        far.expectIndex();
        try (Repository repository = lab.open(far)) {
            assertEquals(60, walk(repository, repository.records().all(repository.marks()).getLast()));
            assertEquals(2, far.roundTrips());
        }
    }

    @Test
    void aWalkThroughABackupWithCopiesHere() throws IOException {
        for (int expected = 2; expected >= 0; expected -= 2) {
            RemoteStorage far = open();
            far.expectIndex();
            try (Repository repository = lab.open(far)) {
                assertEquals(60, walk(repository, repository.records().all(repository.marks()).getLast()));
                assertTrue(far.roundTrips() <= expected, far.roundTrips() + " instead of " + expected);
            }
        }
    }

    private int packs(PackKind kind) throws IOException {
        int count = 0;
        for (String name : storage.names("packs/")) {
            count += storage.readAll(name, Integer.MAX_VALUE)[Envelope.HEADER] == kind.code() ? 1 : 0;
        }
        return count;
    }

    /** Listings and small files, then directories of packs, trees, and at the end records and marks once more. */
    @Test
    void aVerification() throws IOException {
        RemoteStorage far = openWithoutCopies();
        assertEquals(List.of(), lab.verify(far, false).findings());
        assertTrue(far.roundTrips() <= 7, far.roundTrips() + " round trips");
    }
}

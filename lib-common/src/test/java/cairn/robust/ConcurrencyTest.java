package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.crypto.Rng;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.mark.Mark;
import cairn.query.BackupMaker;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers and prunes side by side, the prune at a fixed point in the middle of the writer's run. */
class ConcurrencyTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final String WORDS = "what two packs hold. ".repeat(2000);

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();

    private Lab lab(String name) throws IOException {
        return new Lab(Files.createDirectory(temp.resolve(name)), true, 2);
    }

    private interface Act {
        void run() throws IOException;
    }

    /** Acts once, when the writer is about to read its first file: its session and what it relies on are settled by then. */
    private static void inTheMiddle(Lab writer, Act act) {
        AtomicBoolean done = new AtomicBoolean();
        writer.reading = path -> {
            if (done.compareAndSet(false, true)) {
                try {
                    act.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** A storage with packs that no record leads to, but whose content the source still has. */
    private Lab withPacksThatNothingNeeds() throws IOException {
        Lab lab = lab("writer");
        lab.fill(1);
        storage.delete("backups/" + lab.backup(storage).record().id().hex());
        return lab;
    }

    private List<Mark.Type> marks(Lab lab) throws IOException {
        try (Repository repository = lab.open(storage)) {
            return repository.marks().all().stream().map(signed -> signed.mark().type()).toList();
        }
    }

    @Test
    void writersAtOnceDisturbNobody() throws Exception {
        List<Lab> labs = List.of(lab("one"), lab("two"), lab("three"));
        for (Lab lab : labs) {
            lab.fill(1); // the same content for all
            lab.write("own", 200_000, 100 + labs.indexOf(lab));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int round = 0; round < 3; round++) {
                List<Callable<Archiver.Result>> runs = labs.stream().map(lab -> (Callable<Archiver.Result>) () -> lab.backup(storage)).toList();
                var results = threads.invokeAll(runs);
                for (int i = 0; i < labs.size(); i++) {
                    assertEquals(labs.get(i).live(), labs.get(i).readBack(storage, results.get(i).get().record().id()));
                }
                for (Lab lab : labs) {
                    lab.write("middle/g" + round, 30_000, 50 + round);
                }
            }
        }
        assertEquals(List.of(), labs.getFirst().verify(storage, true).findings());
    }

    @Test
    void pruneAtOnceRefusesWhileAWriterRunsAndWithdrawsItsMarks() throws IOException {
        Lab writer = withPacksThatNothingNeeds();
        inTheMiddle(writer, () -> {
            CairnException refused = assertThrows(CairnException.class, () -> writer.prune(storage, Duration.ZERO));
            assertEquals(ExitCode.OTHERS_WRITING, refused.exitCode());
            assertFalse(marks(writer).contains(Mark.Type.PACKS), "withdrawn");
        });
        Archiver.Result result = writer.backup(storage);
        assertTrue(result.added() < 20_000, "the writer relied on packs that the prune wanted");
        assertEquals(writer.live(), writer.readBack(storage, result.record().id()));
        writer.prune(storage, Duration.ZERO);
        assertEquals(writer.live(), writer.readBack(storage, result.record().id()));
        assertEquals(List.of(), writer.verify(storage, true).findings());
    }

    @Test
    void aPruneWithGraceMarksAndWaitsForTheWriter() throws IOException {
        Lab writer = withPacksThatNothingNeeds();
        inTheMiddle(writer, () -> {
            assertTrue(writer.prune(storage, DAY).packsMarked() > 0);
            storage.advance(Duration.ofHours(23));
            assertEquals(0, writer.prune(storage, DAY).packsDeleted());
        });
        Archiver.Result result = writer.backup(storage);
        storage.advance(Duration.ofHours(2));
        writer.prune(storage, DAY);
        assertEquals(writer.live(), writer.readBack(storage, result.record().id()));
        assertEquals(List.of(), writer.verify(storage, true).findings());
    }

    /** It slept for longer than the grace period, and what it relied on was deleted: it makes its backup again. */
    @Test
    void aFencedWriterLosesTimeAndNoData() throws IOException {
        Lab writer = withPacksThatNothingNeeds();
        Map<String, String> live = writer.live();
        inTheMiddle(writer, () -> {
            writer.prune(storage, DAY);
            storage.advance(Duration.ofHours(25));
            assertTrue(writer.prune(storage, DAY).packsDeleted() > 0);
            assertTrue(marks(writer).contains(Mark.Type.FENCE));
        });
        Archiver.Result result = writer.backup(storage);
        try (Repository repository = writer.open(storage)) {
            assertFalse(repository.records().open(result.record(), repository.marks()).inDoubt());
        }
        assertEquals(live, writer.readBack(storage, result.record().id()));
        assertEquals(live, writer.readBack(storage, writer.backup(storage).record().id()));
    }

    /**
     * Two packs hold the same. A prune is about to delete the younger one, because it keeps the older; before it says so,
     * another prune that keeps the younger has marked the older one, and will delete it without looking back.
     */
    @Test
    void aPruneDoesNotCountOnACopyThatAnotherHasMarkedMeanwhile() throws IOException {
        Lab lab = lab("both");
        Backup kept = saved(lab, storage);
        List<String> older = storage.names("packs/");
        MemoryStorage aside = new MemoryStorage();
        Backup same = saved(lab("other"), aside); // whose state does not miss the backup that this storage never had
        assertEquals(kept.record().head().tree(), same.record().head().tree());
        storage.advance(Duration.ofMinutes(1));
        for (String folder : List.of("packs/", "index/")) {
            for (String name : aside.names(folder)) {
                storage.write(name, aside.readAll(name, 1 << 20));
            }
        }
        assertEquals(2 * older.size(), storage.names("packs/").size());
        AtomicBoolean done = new AtomicBoolean();
        storage.beforeWrite(name -> {
            if (name.startsWith("marks/") && done.compareAndSet(false, true)) {
                mark(lab, Mark.Type.PACKS, older);
            }
        });
        lab.prune(storage, Duration.ZERO, 1);
        assertTrue(done.get(), "the prune has marked something");
        mark(lab, Mark.Type.PACK_TOMBSTONE, older);
        for (String name : older) {
            storage.delete(name);
        }
        assertEquals(Map.of("/f", WORDS), lab.readBack(storage, kept.id()));
        assertEquals(List.of(), lab.verify(storage, true).damage());
    }

    /** No files: those above the source are not ours, and a change of one of them between two backups makes other trees. */
    private static Backup saved(Lab lab, MemoryStorage storage) throws IOException {
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            return new BackupMaker(repository, lab.cache()).name("f").saveStream(WORDS);
        }
    }

    private void mark(Lab lab, Mark.Type type, List<String> packs) throws IOException {
        List<Hash> subjects = packs.stream().map(name -> Hash.parse(name.substring(name.lastIndexOf('/') + 1))).toList();
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            byte[] file = new Mark(type, Rng.bytes(16), subjects, "another prune").encode(repository.id(), repository.keys().signer());
            storage.write(Mark.name(Mark.decode(file, repository.id(), null, "mark").name()), file);
        }
    }

    /** Copies of one blob in packs of two writers, each to be pruned by another prune at the same time. */
    @Test
    void twoPrunesAtOnceKeepWhatIsNeeded() throws Exception {
        Lab lab = lab("both");
        for (int round = 0; round < 4; round++) {
            lab.fill(round);
            var gone = lab.backup(storage);
            lab.write("middle/g" + round, 30_000, 50 + round);
            var kept = lab.backup(storage);
            lab.forget(storage, gone.record().id());
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                Callable<Void> prune = () -> {
                    lab.prune(storage, Duration.ZERO);
                    return null;
                };
                for (var done : threads.invokeAll(List.of(prune, prune))) {
                    try {
                        done.get();
                    } catch (ExecutionException e) {
                        // what one was about to read the other has deleted: it may give up, with a clear error
                        assertInstanceOf(CairnException.class, e.getCause());
                    }
                }
            }
            assertEquals(lab.live(), lab.readBack(storage, kept.record().id()));
            assertEquals(List.of(), lab.verify(storage, true).damage());
        }
    }
}

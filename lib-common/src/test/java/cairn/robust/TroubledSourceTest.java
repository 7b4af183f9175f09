package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.posix.RawString;
import cairn.repo.Repository;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that go, change or turn into something else while they are saved. */
class TroubledSourceTest {
    private static final int LARGE = 3_000_000;

    @TempDir
    Path temp;

    private Lab lab;
    private final MemoryStorage storage = new MemoryStorage();

    @BeforeEach
    void source() throws IOException {
        lab = new Lab(temp);
        lab.write("a-first", 20_000, 1);
        lab.write("b-second", 20_000, 2);
        lab.write("c-third", 20_000, 3);
    }

    private interface Change {
        void make() throws IOException, InterruptedException;
    }

    /** Makes a change when the file of this name is about to be read: those after it were seen by the walk already. */
    private void whenReading(String name, Change change) {
        AtomicBoolean done = new AtomicBoolean();
        lab.reading = path -> {
            if (path.endsWith(name) && done.compareAndSet(false, true)) {
                run(change);
            }
        };
    }

    /** Makes a change in the middle of the reading of a large file, at most so many times. */
    private void inTheMiddleOf(String name, int times, Change change) {
        AtomicBoolean reading = new AtomicBoolean();
        AtomicInteger left = new AtomicInteger(times);
        lab.reading = path -> reading.set(path.endsWith(name));
        long[] at = new long[1];
        lab.cancelled = () -> {
            // once for each time that the file is read: it has been read again when as many bytes have come again
            if (reading.get() && lab.counts.bytesRead.sum() > at[0] + LARGE / 2 && left.getAndDecrement() > 0) {
                at[0] = lab.counts.bytesRead.sum() + LARGE / 2;
                run(change);
            }
            return false;
        };
    }

    /** As large as before: only its time tells, so that it has to be another one. */
    private void rewrite(long seed) throws IOException {
        Clocks.pass(lab.source);
        lab.write("large", LARGE, seed);
    }

    private static void run(Change change) {
        try {
            change.make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertNamed(Archiver.Result result, String name, String how) throws IOException {
        assertEquals(1, lab.problems.size(), lab.problems::toString);
        assertTrue(lab.problems.getFirst().contains(name) && lab.problems.getFirst().contains(how), lab.problems::toString);
        assertTrue(result.record().head().incomplete());
        try (Repository repository = lab.open(storage)) {
            var problems = repository.records().open(result.record(), repository.marks()).body().problems();
            assertEquals(1, problems.size());
            assertTrue(RawString.decode(problems.getFirst().path()).endsWith(name));
        }
    }

    private Map<String, String> saved(Archiver.Result result) throws IOException {
        return lab.readBack(storage, result.record().id());
    }

    @Test
    void oneThatVanishesIsNamedAndAllElseIsSaved() throws IOException {
        whenReading("a-first", () -> Files.delete(lab.source.resolve("b-second")));
        Archiver.Result result = lab.backup(storage);
        assertNamed(result, "b-second", "vanished");
        assertEquals(lab.live(), saved(result));
    }

    @Test
    @Timeout(600)
    void oneThatTurnsIntoAFifoHangsNothing() throws IOException {
        whenReading("a-first", () -> {
            Path second = lab.source.resolve("b-second");
            Files.delete(second);
            assertEquals(0, new ProcessBuilder("mkfifo", second.toString()).start().waitFor());
        });
        Archiver.Result result = lab.backup(storage);
        assertNamed(result, "b-second", "");
        assertFalse(saved(result).containsKey("b-second"));
        assertTrue(saved(result).containsKey("c-third"));
    }

    @Test
    void oneThatTurnsIntoASymlinkIsNotFollowed() throws IOException {
        Path outside = Files.writeString(temp.resolve("outside"), "not to be saved");
        whenReading("a-first", () -> {
            Path second = lab.source.resolve("b-second");
            Files.delete(second);
            Files.createSymbolicLink(second, outside);
        });
        Archiver.Result result = lab.backup(storage);
        assertNamed(result, "b-second", "");
        assertFalse(saved(result).containsValue("not to be saved"));
    }

    @Test
    void oneThatChangesWhileItIsReadIsReadAgainOnce() throws IOException {
        lab.write("large", LARGE, 4);
        inTheMiddleOf("large", 1, () -> rewrite(5));
        Archiver.Result result = lab.backup(storage);
        assertEquals(List.of(), lab.problems);
        assertEquals(lab.live(), saved(result));
        assertEquals(60_000 + 2L * LARGE, lab.counts.bytesRead.sum());
    }

    @Test
    void oneThatKeepsChangingIsNamedAndReadByTheNextBackup() throws IOException {
        lab.write("large", LARGE, 4);
        AtomicInteger seed = new AtomicInteger(5);
        inTheMiddleOf("large", 2, () -> rewrite(seed.getAndIncrement()));
        assertNamed(lab.backup(storage), "large", "changed while");
        assertEquals(60_000 + 2L * LARGE, lab.counts.bytesRead.sum(), "not a third time");
        lab.problems.clear();
        Archiver.Result next = lab.backup(storage);
        assertEquals(List.of(), lab.problems);
        assertEquals(lab.live(), saved(next));
    }

    @Test
    void oneThatIsCutOffWhileItIsReadIsSavedAsItIsThen() throws IOException {
        lab.write("large", LARGE, 4);
        inTheMiddleOf("large", 1, () -> Files.newByteChannel(lab.source.resolve("large"), StandardOpenOption.WRITE).truncate(700_000).close());
        Archiver.Result result = lab.backup(storage);
        assertEquals(List.of(), lab.problems);
        assertEquals(lab.live(), saved(result));
    }

    @Test
    void anInterruptedBackupKeepsWhatItFinished() throws IOException {
        for (int i = 0; i < 60; i++) {
            lab.write("many/f" + i, 20_000, 100 + i);
        }
        Clocks.pass(lab.source);
        AtomicInteger read = new AtomicInteger();
        lab.reading = path -> read.incrementAndGet();
        lab.cancelled = () -> read.get() > 30;
        Archiver.Result partial = lab.backup(storage);
        assertTrue(partial.record().head().partial());
        long finished = lab.counts.filesNew.sum();
        assertTrue(finished > 20 && finished < 63, () -> finished + " files");
        Map<String, String> kept = saved(partial);
        assertEquals(finished, kept.size());
        Map<String, String> live = lab.live();
        kept.forEach((name, content) -> assertEquals(live.get(name), content, name));

        lab.cancelled = () -> false;
        Archiver.Result next = lab.backup(storage);
        assertEquals(live, saved(next));
        Clocks.assumeUnchangedIsSeen(lab.source);
        assertEquals(finished, lab.counts.filesUnchanged.sum(), "no finished file is read again");
        assertEquals(63 - finished, lab.counts.filesNew.sum());
    }
}

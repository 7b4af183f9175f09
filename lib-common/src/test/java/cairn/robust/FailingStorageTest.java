package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.format.Hash;
import cairn.store.FaultyStorage;
import cairn.store.FaultyStorage.Fault;
import cairn.store.FaultyStorage.Operation;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whichever call to the storage fails, it is said, nothing that was there is lost, and the next run succeeds. */
class FailingStorageTest {
    private static final int MOST_CALLS = 5000;

    @TempDir
    Path temp;

    private Lab lab;
    private MemoryStorage start;
    private MemoryStorage storage;
    private Hash old;
    private Map<String, String> oldFiles;
    private Hash kept;
    private Map<String, String> keptFiles;

    /** Every call that changes or lists something; of the many that read, all of the first and fewer later. */
    private static int step(Operation operation, int n) {
        return operation == Operation.READ ? 1 + n / 12 : 1;
    }

    /** A backup, and a changed source; for a prune also a backup that is forgotten and one that shares with it and is kept. */
    private void prepare(boolean forPrune) throws IOException {
        lab = new Lab(temp);
        start = new MemoryStorage();
        lab.fill(1);
        old = lab.backup(start).record().id();
        oldFiles = lab.live();
        lab.fill(2);
        if (forPrune) {
            Hash gone = lab.backup(start).record().id();
            lab.write("middle/g3", 20_000, 77);
            kept = lab.backup(start).record().id();
            keptFiles = lab.live();
            lab.forget(start, gone);
        }
    }

    private interface Run {
        void on(FaultyStorage faulty) throws IOException;
    }

    /** Whether the planned call came; if not, the run made fewer calls than that. */
    private boolean failAt(FaultyStorage faulty, Run run) throws IOException {
        IOException error = null;
        try {
            run.on(faulty);
        } catch (IOException e) {
            error = e;
        }
        try {
            faulty.close();
        } catch (AssertionError neverReached) {
            if (error != null) {
                throw error;
            }
            return false;
        }
        if (error != null) {
            Throwable root = error;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            boolean said = List.of(root, error).stream().anyMatch(e -> e instanceof FaultyStorage.PlannedFault)
                    || Arrays.stream(error.getSuppressed()).anyMatch(e -> e instanceof FaultyStorage.PlannedFault);
            assertTrue(said, "the fault itself is what is told, not " + error);
        }
        return true;
    }

    private void assertSound(String when) throws IOException {
        Lab.Judgement judgement = lab.verify(storage, true);
        assertEquals(List.of(), judgement.damage(), when);
        assertEquals(oldFiles, lab.readBack(storage, old), when);
    }

    @ParameterizedTest
    @CsvSource({"WRITE,FAIL", "WRITE,FAIL_AFTER", "BEGIN,FAIL", "LIST,FAIL", "STAT,FAIL", "READ,FAIL", "DELETE,FAIL", "DELETE,FAIL_AFTER"})
    void aBackup(Operation operation, Fault fault) throws IOException {
        prepare(false);
        for (int n = 1;; n += step(operation, n)) {
            assertTrue(n < MOST_CALLS);
            storage = start.copy();
            FaultyStorage faulty = new FaultyStorage(storage).plan(operation, "", n, fault);
            boolean reached = failAt(faulty, lab::backup);
            String when = fault + " of " + operation + " " + n;
            assertSound(when);
            if (!reached) {
                assertTrue(n > 1 || operation == Operation.DELETE, "a backup calls " + operation);
                return;
            }
            Archiver.Result next = lab.backup(storage);
            assertNotNull(next.record(), when);
            assertEquals(lab.live(), lab.readBack(storage, next.record().id()), when);
            assertEquals(List.of(), lab.verify(storage, false).damage(), when);
        }
    }

    @ParameterizedTest
    @CsvSource({"WRITE,FAIL", "WRITE,FAIL_AFTER", "BEGIN,FAIL", "LIST,FAIL", "STAT,FAIL", "READ,FAIL", "DELETE,FAIL", "DELETE,FAIL_AFTER", "NOW,FAIL"})
    void aPrune(Operation operation, Fault fault) throws IOException {
        prepare(true);
        for (int n = 1;; n += step(operation, n)) {
            assertTrue(n < MOST_CALLS);
            storage = start.copy();
            FaultyStorage faulty = new FaultyStorage(storage).plan(operation, "", n, fault);
            boolean reached = failAt(faulty, s -> lab.prune(s, Duration.ZERO));
            String when = fault + " of " + operation + " " + n;
            assertEquals(List.of(), lab.verify(storage, false).damage(), when);
            assertEquals(keptFiles, lab.readBack(storage, kept), when);
            if (!reached) {
                assertTrue(n > 1, "a prune calls " + operation);
                return;
            }
            lab.prune(storage, Duration.ZERO);
            assertSound(when);
            assertEquals(keptFiles, lab.readBack(storage, lab.backup(storage).record().id()), when);
        }
    }

    /** As a process that is killed: from the n-th change on nothing happens any more. */
    @ParameterizedTest
    @CsvSource({"backup", "prune"})
    void whateverWasTheLastChangeThatHappened(String what) throws IOException {
        prepare(what.equals("prune"));
        for (int n = 0;; n++) {
            assertTrue(n < MOST_CALLS);
            storage = start.copy();
            FaultyStorage faulty = new FaultyStorage(storage).dieAfter(n);
            try {
                if (what.equals("prune")) {
                    lab.prune(faulty, Duration.ZERO);
                } else {
                    lab.backup(faulty);
                }
            } catch (IOException expected) {
                assertTrue(faulty.isDead(), expected::toString);
            }
            String when = "killed after " + n + " changes";
            assertSound(when);
            if (kept != null) {
                assertEquals(keptFiles, lab.readBack(storage, kept), when);
                lab.prune(storage, Duration.ZERO);
            }
            assertEquals(lab.live(), lab.readBack(storage, lab.backup(storage).record().id()), when);
            assertSound(when);
            if (!faulty.isDead()) {
                assertTrue(n > 5);
                return;
            }
        }
    }
}

package cairn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Storage} must do. A new storage inherits from this class and says how it is opened. */
public abstract class StorageConformance {
    private Storage storage;

    /** Opens an empty storage; called once per test. */
    protected abstract Storage openEmpty() throws IOException;

    /** Opens the storage of this test once more, as another process would. */
    protected abstract Storage openAgain() throws IOException;

    /** How many files the largest folder of a test gets. */
    protected int many() {
        return 10_000;
    }

    @BeforeEach
    final void openStorage() throws IOException {
        storage = openEmpty();
    }

    @AfterEach
    final void closeStorage() throws IOException {
        storage.close();
    }

    private static byte[] bytes(int length, long seed) {
        byte[] some = new byte[length];
        new Random(seed).nextBytes(some);
        return some;
    }

    private static Set<String> names(Storage of, String folder) throws IOException {
        Set<String> names = new TreeSet<>();
        of.list(folder, file -> assertTrue(names.add(file.name()), "listed twice: " + file.name()));
        return names;
    }

    @Test
    void aWrittenFileIsReadBackWholeAndInRanges() throws IOException {
        byte[] content = bytes(1_000_003, 1);
        storage.write("packs/ab/f", content);
        assertArrayEquals(content, storage.readAll("packs/ab/f", content.length));
        int[][] ranges = {{0, 1}, {0, content.length}, {content.length - 1, 1}, {content.length, 0}, {262_143, 262_146}};
        for (int[] range : ranges) {
            byte[] got = new byte[range[1] + 7];
            storage.read("packs/ab/f", range[0], got, 5, range[1]);
            byte[] wanted = new byte[range[1] + 7];
            System.arraycopy(content, range[0], wanted, 5, range[1]);
            assertArrayEquals(wanted, got);
        }
    }

    @Test
    void onlyTheGivenPartOfTheArrayIsWritten() throws IOException {
        storage.write("index/f", new byte[] {1, 2, 3, 4, 5}, 1, 3);
        assertArrayEquals(new byte[] {2, 3, 4}, storage.readAll("index/f", 3));
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        storage.write("marks/empty", new byte[0]);
        assertEquals(0, storage.readAll("marks/empty", 0).length);
        assertEquals(0, storage.stat("marks/empty").orElseThrow().size());
        assertEquals(Set.of("marks/empty"), names(storage, "marks/"));
    }

    @Test
    void readingBeyondTheEndIsTruncatedAndNamesTheFile() throws IOException {
        storage.write("packs/short", new byte[10]);
        byte[] buffer = new byte[32];
        for (long offset : new long[] {0, 9, 10, 11, 1L << 40}) {
            TruncatedException e = assertThrows(
                    TruncatedException.class, () -> storage.read("packs/short", offset, buffer, 0, 11));
            assertEquals("packs/short", e.name());
            assertTrue(e.getMessage().contains("packs/short"), e.getMessage());
        }
    }

    @Test
    void aMissingFileIsNotStored() throws IOException {
        storage.write("packs/there", new byte[1]);
        assertEquals("packs/no", assertThrows(NotStoredException.class, () -> storage.readAll("packs/no", 9)).name());
        assertThrows(NotStoredException.class, () -> storage.read("packs/no", 0, new byte[1], 0, 1));
        assertThrows(NotStoredException.class, () -> storage.read("none/no", 0, new byte[1], 0, 1));
        assertThrows(NotStoredException.class, () -> storage.delete("packs/no"));
        assertThrows(NotStoredException.class, () -> storage.delete("packs"));
        assertThrows(NotStoredException.class, () -> storage.delete("none/no"));
        assertEquals(Optional.empty(), storage.stat("packs/no"));
        assertEquals(Optional.empty(), storage.stat("packs"));
        assertEquals(Optional.empty(), storage.stat("packs/there/below"));
    }

    @Test
    void aFileLargerThanItsLimitIsRefused() throws IOException {
        storage.write("keys/k", new byte[100]);
        assertEquals(100, storage.readAll("keys/k", 100).length);
        assertEquals("keys/k", assertThrows(OversizeException.class, () -> storage.readAll("keys/k", 99)).name());
    }

    @Test
    void aFileIsNeverOverwritten() throws IOException {
        storage.write("keylist/1", new byte[] {1});
        assertEquals(
                "keylist/1",
                assertThrows(AlreadyStoredException.class, () -> storage.write("keylist/1", new byte[] {2})).name());
        try (StoredWriter writer = storage.begin("keylist/")) {
            writer.write(new byte[] {3}, 0, 1);
            assertThrows(AlreadyStoredException.class, () -> writer.publish("keylist/1"));
        }
        assertArrayEquals(new byte[] {1}, storage.readAll("keylist/1", 9));
        assertEquals(Set.of("keylist/1"), names(storage, ""));
    }

    @Test
    void ofManyWritersOfOneNameOneWins() throws Exception {
        int writers = 8;
        try (Storage other = openAgain();
                ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (int round = 0; round < 20; round++) {
                String name = "keylist/" + round;
                CyclicBarrier start = new CyclicBarrier(writers);
                List<Future<Boolean>> results = new ArrayList<>();
                for (int i = 0; i < writers; i++) {
                    byte[] content = bytes(10_000, i);
                    Storage mine = i % 2 == 0 ? storage : other;
                    results.add(threads.submit(() -> {
                        start.await();
                        try {
                            mine.write(name, content);
                            return true;
                        } catch (AlreadyStoredException e) {
                            assertEquals(10_000, mine.readAll(name, 10_000).length);
                            return false;
                        }
                    }));
                }
                int winner = -1;
                for (int i = 0; i < writers; i++) {
                    if (results.get(i).get()) {
                        assertEquals(-1, winner, "two writers won");
                        winner = i;
                    }
                }
                assertTrue(winner >= 0, "nobody won");
                assertArrayEquals(bytes(10_000, winner), storage.readAll(name, 10_000));
            }
        }
        assertEquals(20, names(storage, "").size());
    }

    @Test
    void aListingShowsWhatIsBelowTheFolderAndNothingElse() throws IOException {
        String[] all = {"cairn.toml", "packs/ab/1", "packs/ab/2", "packs/cd/1", "packs2/x", "packs-x", "index/1"};
        for (String name : all) {
            storage.write(name, new byte[name.length()]);
        }
        assertEquals(Set.of("packs/ab/1", "packs/ab/2", "packs/cd/1"), names(storage, "packs/"));
        assertEquals(Set.of("packs/ab/1", "packs/ab/2"), names(storage, "packs/ab/"));
        assertEquals(Set.of(), names(storage, "packs/ef/"));
        assertEquals(Set.of(), names(storage, "none/"));
        assertEquals(Set.of(all), names(storage, ""));
        storage.list("", file -> assertEquals(file.name().length(), file.size()));
    }

    @Test
    void aListingOfManyFilesIsComplete() throws Exception {
        Set<String> written = new TreeSet<>();
        List<Callable<Void>> writes = new ArrayList<>();
        for (int i = 0; i < many(); i++) {
            String name = "sessions/" + Integer.toHexString(i * 0x9E3779B1);
            written.add(name);
            writes.add(() -> {
                storage.write(name, new byte[3]);
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Void> write : threads.invokeAll(writes)) {
                write.get();
            }
        }
        assertEquals(written, names(storage, "sessions/"));
    }

    @Test
    void aListingMayDeleteWhatItShows() throws IOException {
        for (int i = 0; i < 300; i++) {
            storage.write("marks/" + i, new byte[1]);
        }
        storage.list("marks/", file -> {
            try {
                storage.delete(file.name());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(Set.of(), names(storage, ""));
    }

    @Test
    void badNamesAreTheCallersMistake() {
        String[] bad = {
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.hidden", ".tmp-1", "a b", "a\0", "ä", "a\n",
            "a".repeat(129), "a*", "a\\b"
        };
        for (String name : bad) {
            assertThrows(IllegalArgumentException.class, () -> storage.write(name, new byte[1]), name);
            assertThrows(IllegalArgumentException.class, () -> storage.readAll(name, 1), name);
            assertThrows(IllegalArgumentException.class, () -> storage.read(name, 0, new byte[1], 0, 1), name);
            assertThrows(IllegalArgumentException.class, () -> storage.delete(name), name);
            assertThrows(IllegalArgumentException.class, () -> storage.stat(name), name);
        }
        for (String folder : new String[] {"packs", "/", "../", "a//", ".x/"}) {
            assertThrows(IllegalArgumentException.class, () -> storage.list(folder, f -> {}), folder);
            assertThrows(IllegalArgumentException.class, () -> storage.begin(folder), folder);
        }
    }

    @Test
    void theLongestNamesWork() throws IOException {
        String name = "a".repeat(128) + "/" + "b".repeat(128) + "/" + "C-_.9".repeat(25);
        storage.write(name, new byte[2]);
        assertEquals(Set.of(name), names(storage, "a".repeat(128) + "/"));
        storage.delete(name);
        assertEquals(Set.of(), names(storage, ""));
    }

    @Test
    void aFileInTheMakingIsSeenByNobody() throws IOException {
        byte[] part = bytes(100_000, 7);
        try (Storage other = openAgain();
                StoredWriter writer = storage.begin("index/")) {
            for (int i = 0; i < 5; i++) {
                writer.write(part, i, 90_000);
                assertEquals((i + 1) * 90_000L, writer.length());
            }
            assertEquals(Set.of(), names(other, ""));
            assertEquals(0, other.tidy());
            writer.publish("index/done");
            assertEquals(Set.of("index/done"), names(other, ""));
            byte[] got = new byte[90_000];
            other.read("index/done", 3 * 90_000, got, 0, 90_000);
            assertArrayEquals(Arrays.copyOfRange(part, 3, 90_003), got);
        }
        assertEquals(Set.of("index/done"), names(storage, ""));
    }

    @Test
    void aFileThatIsNotPublishedIsDropped() throws IOException {
        StoredWriter writer = storage.begin("index/");
        writer.write(new byte[10], 0, 10);
        writer.close();
        writer.close();
        assertEquals(Set.of(), names(storage, ""));
        assertThrows(IllegalStateException.class, () -> writer.publish("index/late"));
        assertThrows(IllegalStateException.class, () -> writer.write(new byte[1], 0, 1));
        assertEquals(Set.of(), names(storage, ""));
    }

    @Test
    void aFileIsPublishedOnlyBelowItsFolder() throws IOException {
        try (StoredWriter writer = storage.begin("index/")) {
            assertThrows(IllegalArgumentException.class, () -> writer.publish("marks/1"));
            assertThrows(IllegalArgumentException.class, () -> writer.publish("index/../1"));
        }
        assertEquals(Set.of(), names(storage, ""));
    }

    @Test
    void aDeletedNameIsFreeForOtherContent() throws IOException {
        byte[] buffer = new byte[1];
        try (Storage other = openAgain()) {
            for (byte i = 0; i < 5; i++) {
                storage.write("keys/k", new byte[] {i});
                storage.read("keys/k", 0, buffer, 0, 1);
                assertEquals(i, buffer[0]);
                assertTrue(other.stat("keys/k").isPresent());
                storage.delete("keys/k");
                assertThrows(NotStoredException.class, () -> storage.read("keys/k", 0, buffer, 0, 1));
                assertThrows(NotStoredException.class, () -> other.readAll("keys/k", 1));
                assertEquals(Set.of(), names(other, ""));
            }
        }
    }

    @Test
    void timesAreByTheStoragesClock() throws IOException {
        Instant before = storage.now();
        storage.write("sessions/1", new byte[1]);
        Instant after = storage.now();
        Instant given = storage.stat("sessions/1").orElseThrow().modified();
        assertFalse(given.isBefore(before), given + " before " + before);
        assertFalse(given.isAfter(after), given + " after " + after);
        storage.list("", file -> assertEquals(given, file.modified()));
        assertEquals(Set.of("sessions/1"), names(storage, ""));
    }

    @Test
    void whateverAReaderSeesIsWhole() throws Exception {
        int files = 400;
        AtomicBoolean done = new AtomicBoolean();
        Map<String, byte[]> expected = new HashMap<>();
        for (int i = 0; i < files; i++) {
            expected.put("packs/" + Integer.toHexString(i % 16) + "/" + i, bytes(5_000 + i, i));
        }
        try (Storage other = openAgain();
                ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Future<Void>> readers = new ArrayList<>();
            for (Storage from : List.of(storage, other)) {
                readers.add(threads.submit(() -> {
                    boolean last;
                    do {
                        last = done.get();
                        for (String name : names(from, "packs/")) {
                            assertArrayEquals(expected.get(name), from.readAll(name, 10_000), name);
                            byte[] tail = new byte[100];
                            from.read(name, expected.get(name).length - 100, tail, 0, 100);
                        }
                    } while (!last);
                    return null;
                }));
            }
            List<Callable<Void>> writes = new ArrayList<>();
            expected.forEach((name, content) -> writes.add(() -> {
                storage.write(name, content);
                return null;
            }));
            try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
                for (Future<Void> write : writers.invokeAll(writes)) {
                    write.get();
                }
            }
            done.set(true);
            for (Future<Void> reader : readers) {
                reader.get();
            }
        }
        assertEquals(expected.keySet(), names(storage, ""));
    }
}

package cairn.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.index.IndexFixture.Entry;
import cairn.store.FaultyStorage;
import cairn.store.FaultyStorage.Fault;
import cairn.store.FaultyStorage.Operation;
import cairn.store.FaultyStorage.PlannedFault;
import cairn.store.MemoryStorage;
import cairn.store.RecordingStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class IndexSetTest {
    private final MemoryStorage storage = new MemoryStorage();
    private final TreeSet<Entry> entries = new TreeSet<>();

    /** Writes files of few entries, each with a pack of its own. */
    private void write(int files, int from) throws IOException {
        for (int f = from; f < from + files; f++) {
            TreeSet<Entry> some = new TreeSet<>();
            for (int i = 0; i < 30; i++) {
                some.add(new Entry(IndexFixture.id(f * 100 + i), IndexFixture.pack(f + 1), i, 9, 9));
            }
            entries.addAll(some);
            IndexFixture.write(storage, 1, some);
        }
    }

    private void assertKnowsAll(IndexSet set) throws IOException {
        for (Entry entry : entries) {
            assertEquals(IndexFixture.of(entries, entry.id()), IndexFixture.lookup(set, entry.id()));
        }
    }

    private static int compact(IndexSet set) throws IOException {
        return set.compact(IndexFixture.signer(1), any -> true, key -> true, pack -> false);
    }

    @Test
    void anEmptyRepositoryKnowsNothing() throws IOException {
        IndexSet set = IndexFixture.openSet(storage);
        assertEquals(List.of(), set.locations(IndexFixture.id(1)));
        assertEquals(0, set.entries());
        assertEquals(0, compact(set));
        assertEquals(false, set.cursor().next());
    }

    @Test
    void anIdThatIsNotThereCostsNoReadWhereFiltersAreKept() throws IOException {
        write(5, 0);
        RecordingStorage recording = new RecordingStorage(storage);
        IndexSet set = IndexFixture.openSet(recording);
        recording.reset();
        int asked = 2_000;
        for (int i = 0; i < asked; i++) {
            assertEquals(List.of(), set.locations(IndexFixture.id(1_000_002 + 4 * i)));
        }
        // each file is one block, which is read once where a filter errs
        assertTrue(recording.names().size() <= 5);
        for (String name : recording.names()) {
            assertTrue(recording.bytesRead(name) <= IndexFile.BLOCK, name);
        }
    }

    @Test
    void filtersAreKeptForTheSmallestFilesWithinTheBudget() throws IOException {
        write(3, 0);
        TreeSet<Entry> large = new TreeSet<>();
        for (int i = 0; i < 5_000; i++) {
            large.add(new Entry(IndexFixture.id(2 + 4 * (i + 10_000)), IndexFixture.pack(99), i, 9, 9));
        }
        IndexFixture.write(storage, 1, large);
        RecordingStorage recording = new RecordingStorage(storage);
        IndexSet set = IndexSet.open(recording, IndexFixture.REPOSITORY, 3 * IndexFile.FILTER_BLOCK, null);
        assertEquals(5_000, set.files().getFirst().entries());
        recording.reset();
        for (int i = 0; i < 300; i++) {
            assertEquals(List.of(), set.locations(IndexFixture.id(1_000_002 + 4 * i)));
        }
        assertTrue(recording.bytesRead(set.files().getFirst().name()) > 30 * IndexFile.BLOCK);
        for (int f = 1; f < 4; f++) {
            assertTrue(recording.bytesRead(set.files().get(f).name()) <= IndexFile.BLOCK);
        }
        entries.addAll(large);
        assertKnowsAll(set);
    }

    @Test
    void aDamagedFilterFailsOnlyTheFilter() throws IOException {
        write(1, 0);
        IndexReader file = IndexFixture.openSet(storage).files().getFirst();
        byte[] bytes = storage.readAll(file.name(), 1 << 20);
        bytes[(int) file.tail().filterStart()] ^= 1;
        storage.damage(file.name(), bytes);
        List<Exception> said = new ArrayList<>();
        IndexSet set = IndexSet.open(storage, IndexFixture.REPOSITORY, IndexSet.FILTER_BUDGET, said::add);
        assertEquals(1, said.size());
        assertKnowsAll(set);
    }

    @Test
    void filesOfOneSizeAreMergedWhenThereAreEight() throws IOException {
        write(7, 0);
        IndexSet set = IndexFixture.openSet(storage);
        assertEquals(0, compact(set));
        assertEquals(7, set.files().size());
        write(1, 7);
        set.refresh();
        assertEquals(8, compact(set));
        assertEquals(1, set.files().size());
        assertKnowsAll(set);
        assertKnowsAll(IndexFixture.openSet(storage));
        assertEquals(0, compact(set));
    }

    @Test
    void sizesOfOneLevelAreWithinEightfold() {
        assertEquals(0, IndexSet.tier(0));
        assertEquals(0, IndexSet.tier(4_095));
        assertEquals(1, IndexSet.tier(4_096));
        assertEquals(1, IndexSet.tier(32_767));
        assertEquals(2, IndexSet.tier(32_768));
        assertEquals(7, IndexSet.tier(Integer.MAX_VALUE));
    }

    @Test
    void aSetFindsItsWayWhenOthersMerge() throws IOException {
        write(8, 0);
        IndexSet reader = IndexFixture.openSet(storage);
        IndexSet reader2 = IndexFixture.openSet(storage);
        assertEquals(8, compact(IndexFixture.openSet(storage)));
        assertKnowsAll(reader);
        assertEquals(1, reader.files().size());
        assertEquals(0, compact(reader2));
        assertKnowsAll(reader2);
    }

    @Test
    void readersAndMergersDoNotDisturbEachOther() throws Exception {
        write(16, 0);
        AtomicBoolean done = new AtomicBoolean();
        List<Future<Void>> threads = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (int t = 0; t < 2; t++) {
                threads.add(pool.submit(() -> {
                    boolean last;
                    do {
                        last = done.get();
                        assertKnowsAll(IndexFixture.openSet(storage));
                    } while (!last);
                    return null;
                }));
            }
            List<Future<Integer>> mergers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                mergers.add(pool.submit(() -> compact(IndexFixture.openSet(storage))));
            }
            for (Future<Integer> merger : mergers) {
                merger.get();
            }
            done.set(true);
            for (Future<Void> thread : threads) {
                thread.get();
            }
        }
        IndexSet after = IndexFixture.openSet(storage);
        assertTrue(after.files().size() < 16);
        assertKnowsAll(after);
    }

    @Test
    void aMergerKilledAtAnyStepLosesNothing() throws IOException {
        write(8, 0);
        int steps = 0;
        boolean died = true;
        while (died) {
            FaultyStorage faulty = new FaultyStorage(storage).dieAfter(steps % 3);
            IndexSet set = IndexFixture.openSet(faulty);
            try {
                compact(set);
            } catch (PlannedFault e) {
                // killed
            }
            died = faulty.isDead();
            steps++;
            assertKnowsAll(IndexFixture.openSet(storage));
            assertTrue(steps < 50);
        }
        assertTrue(steps > 2);
    }

    @Test
    void aMergeThatCannotBePublishedDeletesNothing() throws IOException {
        write(8, 0);
        try (FaultyStorage faulty = new FaultyStorage(storage).plan(Operation.WRITE, "index/", 1, Fault.FAIL)) {
            IndexSet set = IndexFixture.openSet(faulty);
            assertThrows(PlannedFault.class, () -> compact(set));
            assertKnowsAll(set);
        }
        assertEquals(8, IndexFixture.openSet(storage).files().size());
    }

    @Test
    void mergingTheSameAgainDeletesNotTheResult() throws IOException {
        write(3, 0);
        IndexSet set = IndexFixture.openSet(storage);
        set.mergeAll(IndexFixture.signer(1), any -> true, key -> true, pack -> false);
        assertEquals(0, set.mergeAll(IndexFixture.signer(1), any -> true, key -> true, pack -> false));
        assertKnowsAll(IndexFixture.openSet(storage));
    }

    @Test
    void whatAnUntrustedWriterClaimsStaysItsOwnWordAfterMerging() throws IOException {
        BlobId id = IndexFixture.id(2);
        // 2 claims that a pack of 1 holds the blob
        PackTable claimed = PackTable.of(List.of(IndexFixture.indexedPack(5, 1)));
        try (IndexWriter out = new IndexWriter(storage, IndexFixture.REPOSITORY, IndexFixture.signer(2), claimed, 1)) {
            out.add(id.a(), id.b(), id.c(), id.d(), 0, 1, 2, 3);
            out.finish();
        }
        TreeSet<Entry> others = IndexFixture.entries(List.of(3), 1);
        IndexFixture.write(storage, 1, others);
        Presence.Judge judge = (fileSigner, pack) ->
                Arrays.equals(fileSigner, IndexFixture.key(1)) && Arrays.equals(pack.signer(), IndexFixture.key(1));
        IndexSet set = IndexFixture.openSet(storage);
        assertNull(new Presence(set, judge).find(id));
        set.mergeAll(IndexFixture.signer(1), any -> true, key -> Arrays.equals(key, IndexFixture.key(1)), pack -> false);
        assertArrayEquals(IndexFixture.key(1), set.files().getFirst().signer());
        assertArrayEquals(IndexFixture.key(2), set.locations(id).getFirst().pack().signer());
        assertNull(new Presence(set, judge).find(id));
        assertTrue(new Presence(set, judge).has(others.first().id()));
    }

    @Test
    void aWriterMergesOnlyTheFilesThatItIsToldTo() throws IOException {
        write(8, 0);
        for (int f = 8; f < 16; f++) {
            TreeSet<Entry> some = IndexFixture.entries(List.of(f), 1);
            entries.addAll(some);
            IndexFixture.write(storage, 2, some);
        }
        IndexSet set = IndexFixture.openSet(storage);
        byte[] own = IndexFixture.key(2);
        assertEquals(8, set.compact(IndexFixture.signer(2), by -> Arrays.equals(by, own), key -> true, pack -> false));
        assertEquals(9, set.files().size());
        assertEquals(8, set.files().stream().filter(f -> Arrays.equals(f.signer(), IndexFixture.key(1))).count());
        assertKnowsAll(IndexFixture.openSet(storage));
    }

    @Test
    void aWriterReliesOnlyOnPacksThatItsJudgeAccepts() throws IOException {
        BlobId id = IndexFixture.id(2);
        TreeSet<Entry> copies = new TreeSet<>();
        for (int pack = 1; pack <= 200; pack++) {
            copies.add(new Entry(id, IndexFixture.pack(pack), pack, 9, 9));
        }
        IndexFixture.write(storage, 1, copies);
        IndexSet set = IndexFixture.openSet(storage);
        assertEquals(200, set.locations(id).size());
        Hash good = IndexFixture.pack(150);
        Presence presence = new Presence(set, (fileSigner, pack) -> pack.hash().equals(good));
        assertTrue(presence.has(id));
        assertNotNull(presence.find(id));
        assertEquals(good, presence.find(id).pack().hash());
        assertEquals(150, presence.find(id).offset());
        Presence none = new Presence(set, (fileSigner, pack) -> false);
        assertEquals(false, none.has(id));
        assertNull(none.find(id));
    }
}

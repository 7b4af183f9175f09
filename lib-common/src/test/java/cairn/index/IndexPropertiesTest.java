package cairn.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.index.IndexFixture.Entry;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class IndexPropertiesTest {

    @Provide
    Arbitrary<List<Integer>> numbers() {
        return Arbitraries.integers().between(-2000, 2000).list().ofMaxSize(900);
    }

    @Provide
    Arbitrary<List<List<Integer>>> files() {
        return Arbitraries.integers().between(-150, 150).list().ofMaxSize(200).list().ofMinSize(1).ofMaxSize(12);
    }

    private static TreeSet<Entry> all(MergedCursor cursor) throws IOException {
        TreeSet<Entry> all = new TreeSet<>();
        BlobId before = null;
        while (cursor.next()) {
            assertTrue(before == null || before.compareTo(cursor.id()) <= 0, "out of order");
            before = cursor.id();
            Location at = cursor.location();
            all.add(new Entry(before, at.pack().hash(), at.offset(), at.stored(), at.plain()));
        }
        return all;
    }

    @Property(tries = 150, seed = "1")
    void aFileSaysWhatWasWritten(
            @ForAll("numbers") List<Integer> numbers, @ForAll @IntRange(min = 1, max = 300) int packs) throws IOException {
        TreeSet<Entry> entries = IndexFixture.entries(numbers, packs);
        MemoryStorage storage = new MemoryStorage();
        Hash written = IndexFixture.write(storage, 1, entries);
        IndexReader file = IndexFixture.open(storage, written);
        assertEquals(entries.size(), file.entries());
        for (boolean filtered : new boolean[] {false, true}) {
            if (filtered) {
                file.keepFilter();
            }
            for (int number = -2100; number <= 2100; number += 3) {
                BlobId id = IndexFixture.id(number);
                assertEquals(IndexFixture.of(entries, id), IndexFixture.lookup(file, id));
            }
            for (Entry entry : entries) {
                assertTrue(IndexFixture.lookup(file, entry.id()).contains(entry));
            }
        }
        assertEquals(entries, all(IndexFixture.openSet(storage).cursor()));
        IndexCheck.check(file, IndexFixture.CHECKER);
    }

    @Property(tries = 100, seed = "1")
    void mergingChangesNothingButTheFiles(
            @ForAll("files") List<List<Integer>> files, @ForAll @IntRange(min = 0, max = 5) int dropped) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        TreeSet<Entry> entries = new TreeSet<>();
        for (List<Integer> numbers : files) {
            TreeSet<Entry> some = IndexFixture.entries(numbers, 5);
            entries.addAll(some);
            IndexFixture.write(storage, 1, some);
        }
        IndexSet set = IndexFixture.openSet(storage);
        assertEquals(entries, all(set.cursor()));
        entries.removeIf(entry -> entry.pack().equals(IndexFixture.pack(dropped)));
        set.mergeAll(IndexFixture.signer(1), any -> true, key -> true, IndexFixture.pack(dropped)::equals);
        assertTrue(set.files().size() <= 1);
        for (IndexSet merged : List.of(set, IndexFixture.openSet(storage))) {
            assertEquals(entries, all(merged.cursor()));
            assertEquals(entries.size(), merged.entries());
            for (int number = -160; number <= 160; number++) {
                BlobId id = IndexFixture.id(number);
                assertEquals(IndexFixture.of(entries, id), IndexFixture.lookup(merged, id));
            }
            for (IndexReader file : merged.files()) {
                IndexCheck.check(file, IndexFixture.CHECKER);
            }
        }
        assertEquals(0, set.mergeAll(IndexFixture.signer(1), any -> true, key -> true, pack -> false));
    }

    @Property(tries = 60, seed = "1")
    void aMergedTableOfPacksIsTheirUnion(@ForAll("files") List<List<Integer>> files) {
        List<PackTable> tables = new ArrayList<>();
        List<byte[]> resigned = new ArrayList<>();
        List<IndexedPack> expected = new ArrayList<>();
        for (List<Integer> numbers : files) {
            List<IndexedPack> packs = numbers.stream()
                    .distinct()
                    .map(n -> IndexFixture.indexedPack(1 + Math.floorMod(n, 40), 1 + Math.floorMod(n, 3)))
                    .distinct()
                    .toList();
            tables.add(PackTable.of(packs));
            byte[] as = numbers.size() % 2 == 0 ? null : IndexFixture.key(9);
            resigned.add(as);
            for (IndexedPack pack : packs) {
                if (!pack.hash().equals(IndexFixture.pack(7))) {
                    expected.add(as == null ? pack : new IndexedPack(pack.hash(), pack.kind(), pack.size(), as));
                }
            }
        }
        PackTable.Merged merged = PackTable.merge(tables, resigned, IndexFixture.pack(7)::equals);
        assertEquals(expected.stream().distinct().count(), merged.table().size());
        for (IndexedPack pack : expected) {
            assertEquals(pack, merged.table().get(merged.table().find(pack)));
        }
        for (int t = 0; t < tables.size(); t++) {
            for (int p = 0; p < tables.get(t).size(); p++) {
                IndexedPack was = tables.get(t).get(p);
                int number = merged.numbers()[t][p];
                assertEquals(was.hash().equals(IndexFixture.pack(7)), number < 0);
                if (number >= 0) {
                    IndexedPack is = merged.table().get(number);
                    assertEquals(was.hash(), is.hash());
                    assertTrue(Arrays.equals(resigned.get(t) == null ? was.signer() : resigned.get(t), is.signer()));
                }
            }
        }
    }

    /** A step on the table of recent blobs, on one of few ids that compete for the same places. */
    record Step(int what, int id) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Arbitraries.integers().between(0, 9_999).map(n -> new Step(n % 10, n / 10)).list().ofMaxSize(3_000);
    }

    @Property(tries = 100, seed = "1")
    void recentBlobsBehaveAsAMap(@ForAll("steps") List<Step> steps) throws IOException {
        RecentBlobs recent = new RecentBlobs();
        Map<BlobId, Integer> model = new HashMap<>(); // -1: claimed
        int next = 0;
        for (Step step : steps) {
            BlobId id = new BlobId((long) step.id << 57, step.id / 3, 0, step.id % 5);
            switch (step.what) {
                case 0, 1, 2, 3 -> assertEquals(model.putIfAbsent(id, -1) == null, recent.claim(id));
                case 4, 5, 6 -> {
                    recent.locate(id, next, next + 1, next + 2, next + 3);
                    if (model.getOrDefault(id, -1) == -1) {
                        model.put(id, next);
                    }
                    next++;
                }
                case 7 -> {
                    recent.withdraw(id);
                    model.remove(id, -1);
                }
                case 8 -> {
                    Integer at = model.get(id);
                    assertEquals(
                            at == null || at < 0 ? null : new RecentBlobs.Place(at, at + 1, at + 2, at + 3), recent.find(id));
                }
                default -> {
                    if (step.id % 50 == 0) {
                        drainLikeTheModel(recent, model);
                        recent.forgetLocated();
                        model.values().removeIf(at -> at >= 0);
                    }
                }
            }
        }
        drainLikeTheModel(recent, model);
        for (BlobId id : model.keySet()) {
            assertFalse(recent.claim(id));
        }
    }

    private static void drainLikeTheModel(RecentBlobs recent, Map<BlobId, Integer> model) throws IOException {
        List<BlobId> drained = new ArrayList<>();
        recent.drain((a, b, c, d, pack, offset, stored, plain) -> {
            BlobId id = new BlobId(a, b, c, d);
            drained.add(id);
            assertEquals(model.get(id), pack);
            assertEquals(pack + 1, offset);
            assertEquals(pack + 2, stored);
            assertEquals(pack + 3, plain);
        });
        List<BlobId> expected = model.entrySet().stream()
                .filter(e -> e.getValue() >= 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        assertEquals(expected, drained);
        assertEquals(expected.size(), recent.located());
    }

    @Property(tries = 20, seed = "1")
    void theWidthOfTheFanOutFitsTheEntries(@ForAll @IntRange(min = 0) int entries) {
        int bits = IndexFile.bitsFor(entries);
        assertTrue(bits == IndexFile.MOST_BITS || entries >> bits <= IndexFile.BLOCK_ENTRIES);
        assertTrue(bits == 0 || entries >> bits - 1 > IndexFile.BLOCK_ENTRIES);
    }
}

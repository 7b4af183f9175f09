package cairn.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.BlobId;
import cairn.posix.RawString;
import cairn.spool.RecordSorter;
import cairn.spool.Spool;
import cairn.tree.LinkGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan is kept in gives everything back, in memory and on disk. */
class PlanStoresTest {
    @TempDir
    Path temp;

    private Spool spool;

    @BeforeEach
    void open() {
        spool = new Spool(RawString.encode(temp.toString()));
    }

    private void sortsLikeAList(int count, int memory, int packs) throws IOException {
        Random random = new Random(count);
        List<long[]> expected = new ArrayList<>();
        try (RecordSorter sorter = new RecordSorter(spool, PlannedItem.ORDER, memory)) {
            byte[] line = new byte[PlannedItem.BYTES];
            for (int i = 0; i < count; i++) {
                int pack = random.nextInt(packs);
                int offset = random.nextInt(50);
                PlannedItem.put(line, 0, pack, offset, i, i, 3L * i, i, i + 1, new BlobId(i, 0, 0, i));
                sorter.add(line, 0, line.length);
                expected.add(new long[] {pack, offset, i});
            }
            expected.sort((a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
            for (int round = 0; round < 2; round++) {
                RecordSorter.Cursor cursor = sorter.sorted();
                for (long[] want : expected) {
                    assertTrue(cursor.next());
                    byte[] b = cursor.array();
                    int o = cursor.offset();
                    assertArrayEquals(want, new long[] {PlannedItem.pack(b, o), PlannedItem.offset(b, o), PlannedItem.node(b, o)});
                    assertEquals(3 * want[2], PlannedItem.at(b, o));
                    assertEquals(new BlobId(want[2], 0, 0, want[2]), PlannedItem.blob(b, o));
                    assertEquals(want[2] + 1, PlannedItem.length(b, o));
                }
                assertFalse(cursor.next());
            }
        }
    }

    @Test
    void itemsAreSortedInMemoryAndOnDiskAndKeepTheirOrderWhereEqual() throws IOException {
        sortsLikeAList(0, 1 << 20, 3);
        sortsLikeAList(1, 1 << 20, 3);
        sortsLikeAList(1000, 1 << 20, 7);
        sortsLikeAList(1000, 16 * PlannedItem.BYTES, 7);
        sortsLikeAList(16 * 20, 16 * PlannedItem.BYTES, 1);
        sortsLikeAList(20_000, 300 * PlannedItem.BYTES, 40);
    }

    @Test
    void numbersOfPacksBeyondTheSignOfAnIntAreNotMetButTheLastOnesSortLast() throws IOException {
        try (RecordSorter sorter = new RecordSorter(spool, PlannedItem.ORDER, 1 << 20)) {
            byte[] line = new byte[PlannedItem.BYTES];
            for (int pack : new int[] {ItemPlanner.HOLES, 5, ItemPlanner.LOST, 0}) {
                PlannedItem.put(line, 0, pack, 0, 0, 0, 0, 0, 0, new BlobId(0, 0, 0, 0));
                sorter.add(line, 0, line.length);
            }
            List<Integer> packs = new ArrayList<>();
            for (RecordSorter.Cursor cursor = sorter.sorted(); cursor.next();) {
                packs.add(PlannedItem.pack(cursor.array(), cursor.offset()));
            }
            assertEquals(List.of(0, 5, ItemPlanner.LOST, ItemPlanner.HOLES), packs);
        }
    }

    @Test
    void aSpillGivesBackWhatWentInWhereverItIs() throws IOException {
        Random random = new Random(7);
        for (int memory : new int[] {64 << 10, 10 << 20}) {
            try (Spill spill = new Spill(spool, memory)) {
                List<Long> starts = new ArrayList<>();
                List<byte[]> pieces = new ArrayList<>();
                for (int i = 0; i < 400; i++) {
                    byte[] piece = new byte[random.nextInt(20_000) + 4];
                    random.nextBytes(piece);
                    starts.add(spill.append(piece, 0, piece.length));
                    pieces.add(piece);
                }
                for (int i = 0; i < 400; i += 7) {
                    spill.putInt(starts.get(i), 0x01020304);
                    System.arraycopy(new byte[] {4, 3, 2, 1}, 0, pieces.get(i), 0, 4);
                }
                for (int round = 0; round < 1000; round++) {
                    int i = random.nextInt(400);
                    byte[] back = new byte[pieces.get(i).length];
                    spill.read(starts.get(i), back, 0, back.length);
                    assertArrayEquals(pieces.get(i), back);
                }
            }
        }
    }

    @Test
    void linkGroupsAreFoundOnceThereAreMoreThanMemoryHolds() throws IOException {
        Map<LinkGroup, Long> expected = new HashMap<>();
        Random random = new Random(3);
        try (LinkMap map = new LinkMap(spool, 100)) {
            for (long i = 0; i < 20_000; i++) {
                LinkGroup group = new LinkGroup(random.nextLong(), random.nextLong());
                assertEquals(Node.NONE, map.get(group));
                map.put(group, i);
                expected.put(group, i);
            }
            for (Map.Entry<LinkGroup, Long> entry : expected.entrySet()) {
                assertEquals(entry.getValue(), map.get(entry.getKey()));
            }
            assertEquals(Node.NONE, map.get(new LinkGroup(1, 1)));
        }
    }

    @Test
    void temporaryNamesTellWhetherTheirProcessIsThere() {
        TempNames names = new TempNames();
        assertTrue(TempNames.isTemporary(names.next()));
        assertFalse(TempNames.isNote(names.next()));
        assertTrue(TempNames.isNote(names.nextNote()));
        assertFalse(names.isAbandoned(new TempNames().next()));
        String mine = RawString.decode(names.next());
        assertTrue(names.isAbandoned(RawString.encode(mine.replaceFirst("\\.[0-9]+-", ".1-"))));
        assertTrue(names.isAbandoned(RawString.encode(".cairn-restore-00000000" + mine.substring(mine.indexOf('-', 15)))));
        assertFalse(names.isAbandoned(RawString.encode(".cairn-restore-mine~")));
    }
}

package cairn.restore;

import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.pack.BlobHasher;
import cairn.spool.RecordSorter;
import cairn.spool.Spool;
import cairn.tree.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns pieces of files into lines of the plan. For any number of threads. */
final class ItemPlanner implements AutoCloseable {
    /** In place of a pack: a stretch that has to become a hole; sorts after all packs. */
    static final int HOLES = Integer.MAX_VALUE;
    /** In place of a pack: a blob that no pack is known to hold. */
    static final int LOST = Integer.MAX_VALUE - 1;
    /** In place of a pack: content that stood in the entry and is written already, to be read back. */
    static final int INLINE = Integer.MAX_VALUE - 2;
    private static final int MEMORY = 8 << 20;
    private static final BlobId NO_BLOB = new BlobId(0, 0, 0, 0);

    private final RestoreSource source;
    private final RecordSorter sorter;
    private final Map<Hash, Integer> numbers = new HashMap<>();
    private final List<Hash> packs = new ArrayList<>();
    private final BlobHasher hasher;

    ItemPlanner(RestoreSource source, Spool spool) {
        this.source = source;
        this.sorter = new RecordSorter(spool, PlannedItem.ORDER, MEMORY);
        this.hasher = source.newHasher();
    }

    void data(long node, long at, Item.Data item) throws IOException {
        RestoreSource.Place place = source.locate(item.blob());
        byte[] line = new byte[PlannedItem.BYTES];
        int from = item.whole() ? PlannedItem.WHOLE : item.offset();
        if (place == null) {
            PlannedItem.put(line, 0, LOST, 0, 0, node, at, from, item.dataLength(), item.blob());
        } else {
            PlannedItem.put(line, 0, number(place.pack()), place.offset(), place.stored(), node, at, from, item.dataLength(), item.blob());
        }
        add(line);
    }

    /** Returns how many lines it took. */
    int hole(long node, long at, long length) throws IOException {
        int lines = 0;
        for (long done = 0; done < length; lines++) {
            int step = (int) Math.min(length - done, 1 << 30);
            byte[] line = new byte[PlannedItem.BYTES];
            PlannedItem.put(line, 0, HOLES, 0, 0, node, at + done, 0, step, NO_BLOB);
            add(line);
            done += step;
        }
        return lines;
    }

    /** Content that is written without a pack and has to be read back. */
    void inline(long node, byte[] bytes) throws IOException {
        byte[] line = new byte[PlannedItem.BYTES];
        synchronized (hasher) {
            PlannedItem.put(line, 0, INLINE, 0, 0, node, 0, PlannedItem.WHOLE, bytes.length, hasher.id(bytes, 0, bytes.length));
        }
        add(line);
    }

    private void add(byte[] line) throws IOException {
        synchronized (sorter) {
            sorter.add(line, 0, line.length);
        }
    }

    private int number(Hash pack) {
        synchronized (numbers) {
            Integer known = numbers.get(pack);
            if (known == null) {
                known = packs.size();
                numbers.put(pack, known);
                packs.add(pack);
            }
            return known;
        }
    }

    Hash pack(int number) {
        synchronized (numbers) {
            return packs.get(number);
        }
    }

    /** All lines in order; may be asked for again. After the first call nothing can be added. */
    RecordSorter.Cursor sort() throws IOException {
        synchronized (sorter) {
            return sorter.sorted();
        }
    }

    @Override
    public void close() {
        synchronized (sorter) {
            sorter.close();
        }
    }
}

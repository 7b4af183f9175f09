package cairn.query;

import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The map of a sparse file in a tar archive, format 1.0 of GNU tar (manual, "Storing Sparse Files"): the number of data
 * segments, then offset and length of each, decimal, a newline after each number, filled up with zeros to 512 bytes. A
 * file that ends in a hole has an empty last segment at its end. It is written from the list of items as it is read, so
 * that files with any number of holes need no memory.
 */
final class SparseMap {
    private static final int BLOCK = 512;

    private final TreeReader trees;
    private final Entry.File file;
    private long segments;
    private long dataBytes;
    private long mapBytes;
    private boolean holes;

    private interface Segment {
        void at(long offset, long length) throws IOException;
    }

    SparseMap(TreeReader trees, Entry.File file) throws IOException {
        this.trees = trees;
        this.file = file;
        if (file.content() instanceof Content.Inline) {
            return;
        }
        each((offset, length) -> {
            segments++;
            dataBytes += length;
            mapBytes += digits(offset) + digits(length) + 2;
        });
        mapBytes += digits(segments) + 1;
    }

    /** Whether the file has holes at all. */
    boolean hasHoles() {
        return holes;
    }

    /** Bytes of map and data together. */
    long archivedSize() {
        return mapSize() + dataBytes;
    }

    private long mapSize() {
        return (mapBytes + BLOCK - 1) / BLOCK * BLOCK;
    }

    void write(OutputStream out) throws IOException {
        out.write(PaxRecords.ascii(segments + "\n"));
        each((offset, length) -> out.write(PaxRecords.ascii(offset + "\n" + length + "\n")));
        FileContent.zeros(out, mapSize() - mapBytes);
    }

    private void each(Segment segment) throws IOException {
        long start = 0;
        long end = 0;
        for (TreeReader.ItemCursor items = trees.items(file); items.next();) {
            if (items.item() instanceof Item.Hole hole) {
                holes = true;
                if (end > start) {
                    segment.at(start, end - start);
                }
                start = end = items.offset() + hole.length();
            } else {
                end += items.item().length();
            }
        }
        if (end > start || holes) {
            segment.at(start, end - start);
        }
    }

    private static int digits(long number) {
        return Long.toString(number).length();
    }
}

package cairn.index;

import cairn.format.BlobId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The entries of several index files in one order, by id; entries of one id in any order. For one thread. */
public final class MergedCursor {
    private final IndexCursor[] heap;
    private int size;
    private IndexCursor current;

    MergedCursor(List<IndexReader> files) throws IOException {
        List<IndexCursor> cursors = new ArrayList<>();
        for (IndexReader file : files) {
            IndexCursor cursor = file.cursor();
            if (cursor.next()) {
                cursors.add(cursor);
            }
        }
        heap = cursors.toArray(IndexCursor[]::new);
        size = heap.length;
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    /** Moves to the next entry, at first to the first; false at the end. */
    public boolean next() throws IOException {
        if (current != null) {
            if (!current.next()) {
                heap[0] = heap[--size];
            }
            sink(0);
        }
        current = size == 0 ? null : heap[0];
        return current != null;
    }

    private void sink(int from) {
        int at = from;
        IndexCursor moved = heap[at];
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && order(heap[child + 1], heap[child]) < 0) {
                child++;
            }
            if (order(moved, heap[child]) <= 0) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
    }

    private static int order(IndexCursor x, IndexCursor y) {
        return IndexFile.compare(x.a(), x.b(), x.c(), x.d(), y.a(), y.b(), y.c(), y.d());
    }

    /** The entry; valid until the next {@link #next}. */
    IndexCursor entry() {
        return current;
    }

    public BlobId id() {
        return current.id();
    }

    /** The file that the entry is of. */
    public IndexReader file() {
        return current.file();
    }

    public Location location() {
        return new Location(
                current.file().pack(current.pack()), current.offset(), current.stored(), current.plain());
    }
}

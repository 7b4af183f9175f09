package cairn.restore;

import cairn.posix.Io;
import cairn.posix.Open;
import cairn.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts any number of {@link PlannedItem}s in a bounded amount of memory: full buffers are sorted and go to a file as
 * runs, which are merged when they are read. Items with equal keys stay in the order in which they were added.
 */
final class ItemSorter implements AutoCloseable {
    private static final int MOST_MERGE_BYTES = 16 << 20;

    private final Spool spool;
    private final int mostItems;
    private final List<Run> runs = new ArrayList<>();
    private byte[] buffer = new byte[256 * PlannedItem.BYTES];
    private int items;
    private long total;
    private int fd = -1;
    private long end;

    private record Run(long start, long items) {
    }

    /** @param mostBytes of memory for unsorted items */
    ItemSorter(Spool spool, int mostBytes) {
        this.spool = spool;
        this.mostItems = Math.max(16, mostBytes / PlannedItem.BYTES);
    }

    synchronized void add(byte[] item) throws IOException {
        int at = items * PlannedItem.BYTES;
        if (at == buffer.length) {
            if (items >= mostItems) {
                spill();
                at = 0;
            } else {
                buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, (long) mostItems * PlannedItem.BYTES));
            }
        }
        System.arraycopy(item, 0, buffer, at, PlannedItem.BYTES);
        items++;
        total++;
    }

    synchronized long size() {
        return total;
    }

    private void spill() throws IOException {
        if (fd < 0) {
            fd = spool.open();
        }
        byte[] sorted = sorted();
        Io.pwrite(fd, end, sorted, 0, items * PlannedItem.BYTES);
        runs.add(new Run(end, items));
        end += (long) items * PlannedItem.BYTES;
        items = 0;
    }

    /** The buffer in order: the buffer itself if it is sorted already, as it is when a tree was stored in one go. */
    private byte[] sorted() {
        long[] keys = new long[items];
        int[] order = new int[items];
        boolean inOrder = true;
        for (int i = 0; i < items; i++) {
            keys[i] = PlannedItem.key(buffer, i * PlannedItem.BYTES);
            order[i] = i;
            inOrder &= i == 0 || keys[i - 1] <= keys[i];
        }
        if (inOrder) {
            return buffer;
        }
        mergeSort(keys, order);
        byte[] sorted = new byte[items * PlannedItem.BYTES];
        for (int i = 0; i < items; i++) {
            System.arraycopy(buffer, order[i] * PlannedItem.BYTES, sorted, i * PlannedItem.BYTES, PlannedItem.BYTES);
        }
        return sorted;
    }

    /** Bottom-up and stable. */
    private static void mergeSort(long[] keys, int[] order) {
        int[] from = order;
        int[] to = new int[order.length];
        for (int width = 1; width < order.length; width *= 2) {
            for (int low = 0; low < order.length; low += 2 * width) {
                int middle = Math.min(low + width, order.length);
                int high = Math.min(low + 2 * width, order.length);
                int left = low;
                int right = middle;
                for (int at = low; at < high; at++) {
                    boolean takeLeft = left < middle && (right >= high || keys[from[left]] <= keys[from[right]]);
                    to[at] = from[takeLeft ? left++ : right++];
                }
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        if (from != order) {
            System.arraycopy(from, 0, order, 0, order.length);
        }
    }

    /** All items in order. Nothing may be added after the first call. */
    synchronized Cursor sort() throws IOException {
        if (runs.isEmpty()) {
            buffer = sorted();
            return new Cursor(buffer, items);
        }
        if (items > 0) {
            spill();
        }
        buffer = new byte[0];
        return new Cursor();
    }

    /** Goes through sorted items; each stands in {@link #array()} at {@link #offset()} until the next step. */
    final class Cursor {
        private final Source[] heap;
        private int sources;
        private boolean started;

        private Cursor(byte[] sorted, int count) {
            heap = new Source[] {new Source(sorted, count)};
            sources = count == 0 ? 0 : 1;
        }

        private Cursor() throws IOException {
            heap = new Source[runs.size()];
            int most = Math.max(PlannedItem.BYTES, Math.min(64 << 10, MOST_MERGE_BYTES / runs.size()) / PlannedItem.BYTES * PlannedItem.BYTES);
            for (Run run : runs) {
                heap[sources] = new Source(run, sources, most);
                heap[sources].fill();
                sources++;
            }
            for (int i = sources / 2 - 1; i >= 0; i--) {
                sink(i);
            }
        }

        boolean next() throws IOException {
            if (started && sources > 0) {
                if (!heap[0].step()) {
                    heap[0] = heap[--sources];
                }
                sink(0);
            }
            started = true;
            return sources > 0;
        }

        byte[] array() {
            return heap[0].buffer;
        }

        int offset() {
            return heap[0].at;
        }

        private void sink(int from) {
            int at = from;
            while (true) {
                int child = 2 * at + 1;
                if (child >= sources) {
                    return;
                }
                if (child + 1 < sources && heap[child + 1].before(heap[child])) {
                    child++;
                }
                if (!heap[child].before(heap[at])) {
                    return;
                }
                Source swap = heap[at];
                heap[at] = heap[child];
                heap[child] = swap;
                at = child;
            }
        }
    }

    private final class Source {
        private final byte[] buffer;
        private final int number;
        private long position;
        private long left;
        private int limit;
        private int at;

        Source(byte[] sorted, int count) {
            buffer = sorted;
            number = 0;
            limit = count * PlannedItem.BYTES;
        }

        Source(Run run, int number, int bytes) {
            buffer = new byte[bytes];
            this.number = number;
            position = run.start;
            left = run.items * PlannedItem.BYTES;
        }

        boolean step() throws IOException {
            at += PlannedItem.BYTES;
            return at < limit || fill();
        }

        boolean fill() throws IOException {
            limit = (int) Math.min(buffer.length, left);
            at = 0;
            if (limit > 0 && Io.pread(fd, position, buffer, 0, limit) != limit) {
                throw new IOException("the plan of the restore was cut off on the disk");
            }
            position += limit;
            left -= limit;
            return limit > 0;
        }

        boolean before(Source other) {
            long mine = PlannedItem.key(buffer, at);
            long its = PlannedItem.key(other.buffer, other.at);
            return mine < its || mine == its && number < other.number;
        }
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Open.close(fd);
            fd = -1;
        }
    }
}

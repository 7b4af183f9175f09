package cairn.spool;

import cairn.format.Bytes;
import cairn.posix.Io;
import cairn.posix.Open;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts any number of records, each some bytes, in a bounded amount of memory: full buffers are sorted and go to a file
 * as runs, which are merged when they are read. Records that count as equal stay in the order in which they were added.
 * The result can be gone through any number of times, also at the same time. For one thread.
 */
public final class RecordSorter implements AutoCloseable {
    private static final int FIRST_ARENA = 1 << 16;
    private static final int LEAST_READ = 1 << 16;
    /** Runs that are merged at once; when there are as many they become one. */
    private static final int FAN_IN = 64;

    private final Spool spool;
    private final Order order;
    private final int memory;
    private byte[] arena = new byte[FIRST_ARENA];
    private int used;
    private int[] ends = new int[1024];
    private int count;
    private long total;
    /** The sorted arena, once all records are there and if they never left memory. */
    private int[] sorted;
    private List<Run> runs = new ArrayList<>();
    private final List<Integer> files = new ArrayList<>();

    /** Compares two records that stand anywhere. */
    @FunctionalInterface
    public interface Order {
        int compare(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength);
    }

    /** @param end where the next one begins @param largest bytes of a record */
    private record Run(int fd, long start, long end, int largest) {
        /** Memory that it takes to read it. */
        long head() {
            return Math.max(LEAST_READ, 4L + largest);
        }
    }

    /** @param memory bytes of records to hold before a run is written */
    public RecordSorter(Spool spool, Order order, int memory) {
        this.spool = spool;
        this.order = order;
        this.memory = memory;
    }

    public void add(byte[] record, int offset, int length) throws IOException {
        if (sorted != null || arena == null) {
            throw new IllegalStateException("sorted already");
        }
        if (count > 0 && used + (long) length + 12L * count > memory) {
            spill();
        }
        if (used + length > arena.length) {
            arena = Arrays.copyOf(arena, (int) Math.max(used + (long) length, Math.min(memory, 2L * arena.length)));
        }
        if (count + 1 == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        System.arraycopy(record, offset, arena, used, length);
        used += length;
        ends[++count] = used;
        total++;
    }

    /** Records added so far. */
    public long size() {
        return total;
    }

    /** A new pass over all records in order. After the first call nothing can be added. */
    public Cursor sorted() throws IOException {
        if (runs.isEmpty()) {
            if (sorted == null) {
                sorted = sortArena();
            }
            return new InMemory(sorted);
        }
        if (arena != null) {
            spill();
            arena = null;
            ends = null;
        }
        return new Merge(runs);
    }

    /** Goes through records; each stands in {@link #array()} until the next step. */
    public interface Cursor {
        boolean next() throws IOException;

        byte[] array();

        int offset();

        int length();
    }

    private int[] sortArena() {
        int[] from = new int[count];
        for (int i = 0; i < count; i++) {
            from[i] = i;
        }
        int[] to = new int[count];
        for (long width = 1; width < count; width *= 2) {
            for (long low = 0; low < count; low += 2 * width) {
                int middle = (int) Math.min(low + width, count);
                int high = (int) Math.min(low + 2 * width, count);
                int left = (int) low;
                int right = middle;
                if (middle >= high || compare(from[middle - 1], from[middle]) <= 0) {
                    System.arraycopy(from, left, to, left, high - left);
                    continue;
                }
                for (int k = left; k < high; k++) {
                    boolean takeLeft = right == high || left < middle && compare(from[left], from[right]) <= 0;
                    to[k] = takeLeft ? from[left++] : from[right++];
                }
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private int compare(int a, int b) {
        return order.compare(arena, ends[a], ends[a + 1] - ends[a], arena, ends[b], ends[b + 1] - ends[b]);
    }

    private void spill() throws IOException {
        if (count == 0) {
            return;
        }
        runs.add(write(new InMemory(sortArena())));
        used = 0;
        count = 0;
        long heads = 0;
        for (Run run : runs) {
            heads += run.head();
        }
        if (runs.size() > 1 && (runs.size() == FAN_IN || heads > Math.max(memory, FAN_IN * LEAST_READ))) {
            List<Integer> old = List.copyOf(files);
            Run merged = write(new Merge(runs));
            old.forEach(Open::close);
            files.removeAll(old);
            runs = new ArrayList<>(List.of(merged));
        }
    }

    private Run write(Cursor cursor) throws IOException {
        int fd = spool.open();
        files.add(fd);
        byte[] buffer = new byte[1 << 18];
        int filled = 0;
        int largest = 0;
        long at = 0;
        while (cursor.next()) {
            int length = cursor.length();
            largest = Math.max(largest, length);
            if (filled + 4 + length > buffer.length) {
                Io.pwrite(fd, at, buffer, 0, filled);
                at += filled;
                filled = 0;
                if (4 + length > buffer.length) {
                    buffer = new byte[4 + length];
                }
            }
            Bytes.putInt(buffer, filled, length);
            System.arraycopy(cursor.array(), cursor.offset(), buffer, filled + 4, length);
            filled += 4 + length;
        }
        Io.pwrite(fd, at, buffer, 0, filled);
        return new Run(fd, 0, at + filled, largest);
    }

    private final class InMemory implements Cursor {
        private final int[] sequence;
        private int at = -1;

        InMemory(int[] sequence) {
            this.sequence = sequence;
        }

        @Override
        public boolean next() {
            return ++at < sequence.length;
        }

        @Override
        public byte[] array() {
            return arena;
        }

        @Override
        public int offset() {
            return ends[sequence[at]];
        }

        @Override
        public int length() {
            return ends[sequence[at] + 1] - ends[sequence[at]];
        }
    }

    private static final class Source {
        private final Run run;
        private final int number;
        private byte[] buffer = new byte[LEAST_READ];
        private long position;
        private int filled;
        private int at;
        private int length;

        Source(Run run, int number) {
            this.run = run;
            this.number = number;
            this.position = run.start();
        }

        boolean next() throws IOException {
            at += length;
            if (at == filled && position == run.end()) {
                return false;
            }
            need(4);
            int size = Bytes.getInt(buffer, at);
            need(4 + size);
            at += 4;
            length = size;
            return true;
        }

        /** Gets so many bytes from {@code at} on into the buffer. */
        private void need(int bytes) throws IOException {
            if (filled - at >= bytes) {
                return;
            }
            byte[] to = bytes > buffer.length ? new byte[bytes] : buffer;
            System.arraycopy(buffer, at, to, 0, filled - at);
            filled -= at;
            at = 0;
            buffer = to;
            int want = (int) Math.min(buffer.length - filled, run.end() - position);
            int got = Io.pread(run.fd(), position, buffer, filled, want);
            if (got != want || filled + got < bytes) {
                throw new IOException("what was put aside for sorting was cut off on the disk");
            }
            filled += got;
            position += got;
        }
    }

    private final class Merge implements Cursor {
        private final PriorityQueue<Source> heads;
        private Source first;

        Merge(List<Run> parts) throws IOException {
            heads = new PriorityQueue<>(Math.max(1, parts.size()), (a, b) -> {
                int by = order.compare(a.buffer, a.at, a.length, b.buffer, b.at, b.length);
                return by != 0 ? by : Integer.compare(a.number, b.number);
            });
            for (int i = 0; i < parts.size(); i++) {
                Source source = new Source(parts.get(i), i);
                if (source.next()) {
                    heads.add(source);
                }
            }
        }

        @Override
        public boolean next() throws IOException {
            if (first != null && first.next()) {
                heads.add(first);
            }
            first = heads.poll();
            return first != null;
        }

        @Override
        public byte[] array() {
            return first.buffer;
        }

        @Override
        public int offset() {
            return first.at;
        }

        @Override
        public int length() {
            return first.length;
        }
    }

    @Override
    public void close() {
        files.forEach(Open::close);
        files.clear();
        runs = new ArrayList<>();
        arena = null;
    }
}

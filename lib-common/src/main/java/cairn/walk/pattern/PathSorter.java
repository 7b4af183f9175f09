package cairn.walk.pattern;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Brings any number of paths into the order of a walk ({@link cairn.posix.RawPath#compareTree}), each once, in bounded
 * memory: what does not fit is written to disk as sorted runs, which are merged as they are read.
 */
final class PathSorter implements Closeable {
    private static final int FAN_IN = 64;
    private static final int FIRST_ARENA = 1 << 16;

    private final Path folder;
    private final int memory;
    private final List<SortedRun> runs = new ArrayList<>();
    private byte[] arena;
    private int used;
    private int[] ends = new int[1024];
    private int count;

    /**
     * @param folder for runs; only touched when they are needed
     * @param memory bytes of names to hold before a run is written
     */
    PathSorter(Path folder, int memory) {
        this.folder = folder;
        this.memory = memory;
        arena = new byte[Math.min(memory, FIRST_ARENA)];
    }

    void add(byte[] path) throws IOException {
        if (count > 0 && used + (long) path.length + 8L * count > memory) {
            spill();
        }
        if (used + path.length > arena.length) {
            arena = Arrays.copyOf(arena, (int) Math.max(used + (long) path.length, Math.min(memory, 2L * arena.length)));
        }
        if (count + 1 == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        System.arraycopy(path, 0, arena, used, path.length);
        used += path.length;
        ends[++count] = used;
    }

    /** Bytes of memory in use for names. */
    int held() {
        return arena.length;
    }

    /** Ends adding. The paths come in order, then null. */
    Source finish() throws IOException {
        if (runs.isEmpty()) {
            return distinct(sorted());
        }
        spill();
        arena = null;
        ends = null;
        return distinct(merge(runs));
    }

    /** One path after the other, then null. */
    interface Source {
        byte[] next() throws IOException;
    }

    private void spill() throws IOException {
        if (count == 0) {
            return;
        }
        runs.add(SortedRun.write(folder, distinct(sorted())));
        used = 0;
        count = 0;
        if (runs.size() == FAN_IN) {
            SortedRun merged = SortedRun.write(folder, distinct(merge(runs)));
            closeRuns();
            runs.add(merged);
        }
    }

    private Source sorted() {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        int[] result = mergeSort(order);
        return new Source() {
            private int at;

            @Override
            public byte[] next() {
                if (at == result.length) {
                    return null;
                }
                int i = result[at++];
                return Arrays.copyOfRange(arena, ends[i], ends[i + 1]);
            }
        };
    }

    private int[] mergeSort(int[] order) {
        int[] from = order;
        int[] to = new int[order.length];
        for (long width = 1; width < order.length; width *= 2) {
            for (long low = 0; low < order.length; low += 2 * width) {
                int middle = (int) Math.min(low + width, order.length);
                int high = (int) Math.min(low + 2 * width, order.length);
                int left = (int) low;
                int right = middle;
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
        int lengthA = ends[a + 1] - ends[a];
        int lengthB = ends[b + 1] - ends[b];
        int i = Arrays.mismatch(arena, ends[a], ends[a + 1], arena, ends[b], ends[b + 1]);
        if (i < 0) {
            return 0;
        }
        return rank(ends[a] + i, i == lengthA) - rank(ends[b] + i, i == lengthB);
    }

    private int rank(int at, boolean end) {
        return end ? -1 : arena[at] == '/' ? 0 : arena[at] & 0xff;
    }

    private static Source merge(List<SortedRun> runs) throws IOException {
        PriorityQueue<SortedRun> heads = new PriorityQueue<>();
        for (SortedRun run : runs) {
            if (run.advance()) {
                heads.add(run);
            }
        }
        return () -> {
            SortedRun first = heads.poll();
            if (first == null) {
                return null;
            }
            byte[] path = first.head();
            if (first.advance()) {
                heads.add(first);
            }
            return path;
        };
    }

    private static Source distinct(Source source) {
        return new Source() {
            private byte[] previous;

            @Override
            public byte[] next() throws IOException {
                byte[] path = source.next();
                while (path != null && Arrays.equals(path, previous)) {
                    path = source.next();
                }
                previous = path;
                return path;
            }
        };
    }

    private void closeRuns() throws IOException {
        for (SortedRun run : runs) {
            run.close();
        }
        runs.clear();
    }

    @Override
    public void close() throws IOException {
        closeRuns();
    }
}

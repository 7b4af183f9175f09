package cairn.walk;

import cairn.posix.DirStream;
import cairn.posix.PosixException;
import java.util.Arrays;

/**
 * The names in a directory, in the order of unsigned bytes. They lie in one array, so that a directory of a million
 * entries costs little more than the bytes of its names.
 */
final class NameList {
    private static final int INSERTION = 12;

    private byte[] pool = new byte[512];
    private int used;
    /** Per name its start in the pool; a name ends where the next one that was added starts. */
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int count;

    /** Adds a name with its DT_ type. */
    void add(byte[] name, int type) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        int end = used + 1 + name.length;
        if (end > pool.length) {
            pool = Arrays.copyOf(pool, Math.max(end, pool.length + (pool.length >> 1)));
        }
        pool[used] = (byte) type;
        System.arraycopy(name, 0, pool, used + 1, name.length);
        starts[count] = used + 1;
        ends[count++] = end;
        used = end;
    }

    /** Adds all names of an open directory. */
    void addAll(DirStream entries) throws PosixException {
        while (entries.next()) {
            add(entries.name(), entries.type());
        }
    }

    /** Sorts and takes out names that came twice, as listings of changing directories may have them. */
    void sort() {
        if (count > 1) {
            long[] keys = new long[count];
            for (int i = 0; i < count; i++) {
                keys[i] = (long) starts[i] << 32 | ends[i];
            }
            mergeSort(keys, keys.clone(), 0, count);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (i == 0 || compare(keys[i - 1], keys[i]) != 0) {
                    starts[kept] = (int) (keys[i] >>> 32);
                    ends[kept++] = (int) keys[i];
                }
            }
            count = kept;
        }
    }

    private int compare(long a, long b) {
        return Arrays.compareUnsigned(pool, (int) (a >>> 32), (int) a, pool, (int) (b >>> 32), (int) b);
    }

    /** Sorts {@code to[low..high)}; {@code from} holds the same values there. */
    private void mergeSort(long[] to, long[] from, int low, int high) {
        if (high - low <= INSERTION) {
            for (int i = low + 1; i < high; i++) {
                long key = to[i];
                int k = i;
                for (; k > low && compare(to[k - 1], key) > 0; k--) {
                    to[k] = to[k - 1];
                }
                to[k] = key;
            }
            return;
        }
        int middle = (low + high) >>> 1;
        mergeSort(from, to, low, middle);
        mergeSort(from, to, middle, high);
        for (int i = low, a = low, b = middle; i < high; i++) {
            to[i] = b >= high || a < middle && compare(from[a], from[b]) <= 0 ? from[a++] : from[b++];
        }
    }

    int size() {
        return count;
    }

    byte[] name(int i) {
        return Arrays.copyOfRange(pool, starts[i], ends[i]);
    }

    int type(int i) {
        return pool[starts[i] - 1];
    }

    /** Where a name is in the sorted list, or a negative number. */
    int find(byte[] name) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int c = Arrays.compareUnsigned(pool, starts[middle], ends[middle], name, 0, name.length);
            if (c == 0) {
                return middle;
            }
            if (c < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}

package cairn.restore;

import cairn.posix.Io;
import cairn.posix.Open;
import cairn.spool.Spool;
import cairn.tree.LinkGroup;
import cairn.format.Bytes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Remembers the first entry of each link group. In memory up to a limit; then in a hash table on disk of buckets of
 * 4 KiB, one read and one write a new group. For one thread.
 */
final class LinkMap implements AutoCloseable {
    private static final int BUCKET = 4096;
    private static final int ENTRY = 24;
    private static final int PER_BUCKET = (BUCKET - 4) / ENTRY;

    private final Spool spool;
    private final int mostInMemory;
    private final Map<LinkGroup, Long> recent = new HashMap<>();
    private int fd = -1;
    private long buckets;
    private long stored;
    private final byte[] bucket = new byte[BUCKET];

    LinkMap(Spool spool, int mostInMemory) {
        this.spool = spool;
        this.mostInMemory = mostInMemory;
    }

    /** The node of the first entry of a group, or {@link Node#NONE}. */
    long get(LinkGroup group) throws IOException {
        Long known = recent.get(group);
        if (known != null) {
            return known;
        }
        return fd < 0 ? Node.NONE : find(group);
    }

    void put(LinkGroup group, long node) throws IOException {
        recent.put(group, node);
        if (recent.size() >= mostInMemory) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (fd < 0 || (stored + recent.size()) * 2 > buckets * PER_BUCKET) {
            grow(Math.max(64, Long.highestOneBit((stored + recent.size()) * 8 / PER_BUCKET) * 2));
        }
        for (Map.Entry<LinkGroup, Long> entry : recent.entrySet()) {
            store(fd, buckets, entry.getKey().high(), entry.getKey().low(), entry.getValue());
            stored++;
        }
        recent.clear();
    }

    private void grow(long newBuckets) throws IOException {
        int larger = spool.open();
        Io.truncate(larger, newBuckets * BUCKET);
        byte[] from = new byte[BUCKET];
        for (long i = 0; i < buckets; i++) {
            readBucket(fd, i, from);
            for (int n = Bytes.getInt(from, 0), e = 0; e < n; e++) {
                int at = 4 + e * ENTRY;
                store(larger, newBuckets, Bytes.getLong(from, at), Bytes.getLong(from, at + 8), Bytes.getLong(from, at + 16));
            }
        }
        if (fd >= 0) {
            Open.close(fd);
        }
        fd = larger;
        buckets = newBuckets;
    }

    private void store(int file, long count, long high, long low, long node) throws IOException {
        for (long i = slot(low, count);; i = (i + 1) % count) {
            readBucket(file, i, bucket);
            int n = Bytes.getInt(bucket, 0);
            if (n < PER_BUCKET) {
                Bytes.putInt(bucket, 0, n + 1);
                Bytes.putLong(bucket, 4 + n * ENTRY, high);
                Bytes.putLong(bucket, 12 + n * ENTRY, low);
                Bytes.putLong(bucket, 20 + n * ENTRY, node);
                Io.pwrite(file, i * BUCKET, bucket, 0, BUCKET);
                return;
            }
        }
    }

    private long find(LinkGroup group) throws IOException {
        for (long i = slot(group.low(), buckets);; i = (i + 1) % buckets) {
            readBucket(fd, i, bucket);
            int n = Bytes.getInt(bucket, 0);
            for (int e = 0; e < n; e++) {
                int at = 4 + e * ENTRY;
                if (Bytes.getLong(bucket, at) == group.high() && Bytes.getLong(bucket, at + 8) == group.low()) {
                    return Bytes.getLong(bucket, at + 16);
                }
            }
            if (n < PER_BUCKET) {
                return Node.NONE;
            }
        }
    }

    private static long slot(long hash, long count) {
        return Long.remainderUnsigned(hash * 0x9E3779B97F4A7C15L, count);
    }

    private static void readBucket(int file, long number, byte[] to) throws IOException {
        if (Io.pread(file, number * BUCKET, to, 0, BUCKET) != BUCKET) {
            throw new IOException("the plan of the restore was cut off on the disk");
        }
    }

    @Override
    public void close() {
        if (fd >= 0) {
            Open.close(fd);
            fd = -1;
        }
    }
}

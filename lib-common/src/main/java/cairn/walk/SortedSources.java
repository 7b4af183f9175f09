package cairn.walk;

import cairn.posix.RawPath;
import cairn.spool.RecordSorter;
import cairn.spool.Spool;
import java.io.IOException;
import java.util.Arrays;

/**
 * Any number of places to walk, sorted on disk. A record is one byte of flags with the type in its upper half, then the
 * absolute path.
 */
final class SortedSources implements AutoCloseable {
    /** Bytes of paths that are sorted at once. */
    private static final int MEMORY = 4 << 20;
    private static final int TREE = 1;
    private static final int CLOSED = 2;

    private final RecordSorter sorter;

    SortedSources(Spool spool) {
        sorter = new RecordSorter(spool, SortedSources::compare, MEMORY);
    }

    private static int compare(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        int i = Arrays.mismatch(a, aOffset + 1, aOffset + aLength, b, bOffset + 1, bOffset + bLength);
        return i < 0 ? 0 : rank(a, aOffset + 1 + i, i + 1 == aLength) - rank(b, bOffset + 1 + i, i + 1 == bLength);
    }

    /** As in {@link RawPath#compareTree}. */
    private static int rank(byte[] path, int at, boolean end) {
        return end ? -1 : path[at] == '/' ? 0 : path[at] & 0xFF;
    }

    void add(Wanted.Item item) throws IOException {
        byte[] path = RawPath.build(true, item.names());
        byte[] record = new byte[1 + path.length];
        record[0] = (byte) (item.type() >> 8 | (item.tree() ? TREE : 0) | (item.closed() ? CLOSED : 0));
        System.arraycopy(path, 0, record, 1, path.length);
        sorter.add(record, 0, record.length);
    }

    /** A pass; passes may go on at the same time, each in a thread of its own. */
    synchronized Wanted wanted() throws IOException {
        RecordSorter.Cursor cursor = sorter.sorted();
        return () -> {
            if (!cursor.next()) {
                return null;
            }
            int from = cursor.offset();
            int flags = cursor.array()[from];
            byte[] path = Arrays.copyOfRange(cursor.array(), from + 1, from + cursor.length());
            return new Wanted.Item(RawPath.split(path), (flags & TREE) != 0, (flags & 0xF0) << 8, (flags & CLOSED) != 0);
        };
    }

    @Override
    public void close() {
        sorter.close();
    }
}

package cairn.restore;

import cairn.format.BlobId;
import cairn.format.Bytes;
import cairn.spool.RecordSorter;

/**
 * One line of the plan, 72 bytes: bytes of a blob that go to a place in a file. Sorted by its first 8 bytes, so that
 * packs are read one after the other and each from front to back.
 *
 * <pre>
 * pack      u32 big-endian   number of the pack, in the order in which the tree needs them
 * offset    u32 big-endian   of the frame in the pack
 * stored    u32              bytes of the frame
 * node      u64              which file: see {@link NodeStore}
 * at        u64              where in the file
 * from      u32              first byte of the blob that is needed; all ones: the whole blob
 * length    u32
 * blob      32
 * reserved  4
 * </pre>
 */
final class PlannedItem {
    static final int BYTES = 72;
    static final int WHOLE = -1;
    /** By pack and offset in it. */
    static final RecordSorter.Order ORDER = (a, aOffset, aLength, b, bOffset, bLength) -> Long.compare(key(a, aOffset), key(b, bOffset));

    private PlannedItem() {
    }

    static void put(byte[] to, int o, int pack, int offset, int stored, long node, long at, int from, int length, BlobId blob) {
        Bytes.putLongBigEndian(to, o, (long) pack << 32 | offset & 0xFFFFFFFFL);
        Bytes.putInt(to, o + 8, stored);
        Bytes.putLong(to, o + 12, node);
        Bytes.putLong(to, o + 20, at);
        Bytes.putInt(to, o + 28, from);
        Bytes.putInt(to, o + 32, length);
        blob.write(to, o + 36);
        Bytes.putInt(to, o + 68, 0);
    }

    static long key(byte[] b, int o) {
        return Bytes.getLongBigEndian(b, o);
    }

    static int pack(byte[] b, int o) {
        return (int) (key(b, o) >>> 32);
    }

    static int offset(byte[] b, int o) {
        return (int) key(b, o);
    }

    static int stored(byte[] b, int o) {
        return Bytes.getInt(b, o + 8);
    }

    static long node(byte[] b, int o) {
        return Bytes.getLong(b, o + 12);
    }

    static long at(byte[] b, int o) {
        return Bytes.getLong(b, o + 20);
    }

    static int from(byte[] b, int o) {
        return Bytes.getInt(b, o + 28);
    }

    static int length(byte[] b, int o) {
        return Bytes.getInt(b, o + 32);
    }

    static BlobId blob(byte[] b, int o) {
        return BlobId.read(b, o + 36);
    }
}

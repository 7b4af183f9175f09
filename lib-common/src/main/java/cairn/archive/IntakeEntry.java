package cairn.archive;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.posix.RawPath;
import cairn.spool.RecordSorter;
import cairn.tree.LooseEntry;
import java.io.IOException;
import java.util.Arrays;

/**
 * An entry as {@link Intake} puts it aside: path u32 length and bytes, sequence u64, whether it is a folder that waits for its
 * entries u8, then a {@link LooseEntry}. Sorted by path in the order of a walk, then by sequence.
 *
 * @param open a folder whose entries come on their own; the tree that its entry names means nothing
 */
record IntakeEntry(byte[] path, long sequence, boolean open, LooseEntry loose) {
    static final RecordSorter.Order ORDER = IntakeEntry::compare;

    void add(RecordSorter sorter) throws IOException {
        ByteWriter out = new ByteWriter(512);
        out.u32(path.length).bytes(path).u64(sequence).u8(open ? 1 : 0);
        loose.put(out);
        sorter.add(out.array(), 0, out.size());
    }

    static IntakeEntry get(RecordSorter.Cursor cursor) throws DamagedException {
        ByteReader in = new ByteReader(cursor.array(), cursor.offset(), cursor.length(), "what was put aside");
        return new IntakeEntry(in.bytes(in.u32()), in.u64(), in.u8() != 0, LooseEntry.get(in));
    }

    /** The path of the record that a cursor stands at, without decoding the rest. */
    static byte[] path(RecordSorter.Cursor cursor) {
        int at = cursor.offset() + 4;
        return Arrays.copyOfRange(cursor.array(), at, at + Bytes.getInt(cursor.array(), cursor.offset()));
    }

    static long sequence(RecordSorter.Cursor cursor) {
        return Bytes.getLong(cursor.array(), cursor.offset() + 4 + Bytes.getInt(cursor.array(), cursor.offset()));
    }

    static int compare(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        int aPath = Bytes.getInt(a, aOffset);
        int bPath = Bytes.getInt(b, bOffset);
        int order = RawPath.compareTree(a, aOffset + 4, aPath, b, bOffset + 4, bPath);
        return order != 0 ? order : Long.compare(Bytes.getLong(a, aOffset + 4 + aPath), Bytes.getLong(b, bOffset + 4 + bPath));
    }
}

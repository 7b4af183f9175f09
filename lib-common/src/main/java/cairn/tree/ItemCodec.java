package cairn.tree;

import cairn.format.BlobId;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;

/**
 * One item of content.
 *
 * <pre>
 * head       varint   length &lt;&lt; 2 | kind, the length in bytes, at least 1
 *   kind 0: a whole blob:    reference
 *   kind 1: a hole:          nothing more
 *   kind 2: part of a blob:  reference, offset varint
 * </pre>
 */
final class ItemCodec {
    private static final int WHOLE = 0;
    private static final int HOLE = 1;
    private static final int PART = 2;

    private ItemCodec() {
    }

    static void put(ByteWriter out, References.Writer refs, Item item) {
        switch (item) {
            case Item.Hole hole -> out.varint(hole.length() << 2 | HOLE);
            case Item.Data data -> {
                out.varint((long) data.dataLength() << 2 | (data.whole() ? WHOLE : PART));
                refs.put(out, data.blob());
                if (!data.whole()) {
                    out.varint(data.offset());
                }
            }
        }
    }

    static Item get(ByteReader in, References.Reader refs) throws DamagedException {
        long head = in.varint();
        long length = head >>> 2;
        int kind = (int) (head & 3);
        if (length == 0) {
            throw in.damaged("holds an item of no length");
        }
        if (kind == HOLE) {
            return new Item.Hole(length);
        }
        if (kind > PART || length > Integer.MAX_VALUE) {
            throw in.damaged("holds an item of an unknown kind or size");
        }
        BlobId blob = refs.get(in);
        return kind == WHOLE ? new Item.Data(blob, 0, (int) length, true)
                : new Item.Data(blob, in.varint(Integer.MAX_VALUE), (int) length, false);
    }
}

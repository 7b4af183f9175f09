package cairn.tar;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import java.io.IOException;

/** Where in a sparse file the bytes of its member go: kept as varints of each hole and the data behind it, a few bytes a pair. */
final class SparseMap {
    /** Room for millions of holes; what has more is refused rather than let fill the memory. */
    private static final int MOST = 16 << 20;

    private final TarInput in;
    private final ByteWriter packed = new ByteWriter(64);
    private long start;
    private long end;
    private long hole;
    private long data;

    SparseMap(TarInput in) {
        this.in = in;
    }

    /** Adds a piece of data; they come in order. */
    void add(long offset, long length) throws TarException {
        if (offset < end || length < 0 || length > TarReader.LARGEST - offset) {
            throw in.wrong("has a sparse file whose map is damaged");
        }
        if (offset > end) {
            pack();
            hole = offset - end;
            start = offset;
        }
        end = offset + length;
        data += length;
    }

    private void pack() throws TarException {
        if (end > 0) {
            packed.varint(hole).varint(end - start);
            if (packed.size() > MOST) {
                throw in.wrong("has a file with more holes than fit into memory", "make the archive without --sparse");
            }
        }
    }

    /** Bytes of data. */
    long data() {
        return data;
    }

    /** Where the last piece ends. */
    long end() {
        return end;
    }

    /** Takes pieces one by one. */
    interface Pieces {
        void piece(long hole, long data) throws IOException;
    }

    /** Ends the map. */
    void each(Pieces pieces) throws IOException {
        ByteReader reader = new ByteReader(packed.array(), 0, packed.size(), "the map of a sparse file");
        while (reader.remaining() > 0) {
            pieces.piece(reader.varint(), reader.varint());
        }
        if (end > 0) {
            pieces.piece(hole, end - start);
        }
    }
}

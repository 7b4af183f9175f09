package cairn.tree;

/**
 * The first byte of a piece's payload. A leaf holds entries, items or stats; a node holds the list of pieces one level
 * below.
 *
 * <pre>
 * directory leaf (1):  count varint, then entries in unsigned byte order of their names ({@link EntryCodec})
 * directory node (2):  count varint, then per child: reference, first name string, entries below varint
 * content leaf   (3):  count varint, then items ({@link ItemCodec})
 * content node   (4):  count varint, then per child: reference, bytes below varint
 * stat leaf      (5):  count varint, then one stat per entry of the parallel directory leaf ({@link StatCodec})
 * stat node      (6):  count varint, then per child: reference; parallel to the directory node
 *
 * reference: see {@link References}
 * </pre>
 */
final class PieceType {
    static final int DIRECTORY_LEAF = 1;
    static final int DIRECTORY_NODE = 2;
    static final int CONTENT_LEAF = 3;
    static final int CONTENT_NODE = 4;
    static final int STAT_LEAF = 5;
    static final int STAT_NODE = 6;

    /** Entries or items of one piece: a bound for readers, never reached by writers. */
    static final int MOST = 1 << 20;

    private PieceType() {
    }
}

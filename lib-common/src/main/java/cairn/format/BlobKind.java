package cairn.format;

/**
 * What a blob holds. The kind enters the blob id (each kind has its own hashing key), so that a file whose bytes are
 * those of a tree blob can never be taken for it.
 */
public enum BlobKind {
    /** Content of files, streams and images. */
    DATA(0),
    /** Pieces of directories and of lists of content ({@code cairn.tree}). */
    TREE(1),
    /** What only change detection needs, parallel to the pieces of directories. */
    STAT(2);

    private static final BlobKind[] KINDS = values();
    private final byte code;

    BlobKind(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    /** The kind with a code, or null if there is none. */
    public static BlobKind of(int code) {
        return code >= 0 && code < KINDS.length ? KINDS[code] : null;
    }
}

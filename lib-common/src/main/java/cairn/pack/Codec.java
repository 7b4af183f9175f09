package cairn.pack;

/** How a payload is compressed. Codes above this are of a later version. */
final class Codec {
    static final int STORED = 0;
    /** One Zstandard frame (RFC 8878). */
    static final int ZSTD = 1;

    private Codec() {
    }
}

package cairn.stream;

import java.nio.charset.StandardCharsets;

/**
 * What all streams are made of: a header, then frames. Numbers are little-endian.
 *
 * <pre>
 * stream = header *frame
 *
 * header, 32 bytes:
 *   magic       8   89 43 53 54 52 4D 0D 0A   ("\x89CSTRM\r\n")
 *   version     u8  1
 *   kind        u8  1 sealed, 2 plain, 3 conversation
 *   zero        u16
 *   repository  16  the repository id; zeros in a plain stream
 *   zero        u32
 *
 * frame, 13 bytes and its payload:
 *   type        u8   what the payload is
 *   number      u32  one way: counts the frames of the stream from 0, modulo 2^32
 *                    conversation: the request that the frame belongs to
 *   length      u32  bytes of the payload, at most 1,048,576
 *   payload     length
 *   check       u32  CRC-32C (RFC 3720) of all of the frame before it
 * </pre>
 *
 * A stream that goes one way ends with a frame of the type {@value #END}, the trailer; its payload is the BLAKE3-256
 * hash of all bytes of the stream before that frame, header included. Without it nothing of what was said counts. The
 * check of a frame tells at once, and where, that something is damaged; the hash of the trailer that nothing is.
 *
 * <p>In a conversation each side sends a header and frames of its own, and there is no trailer.
 *
 * <p>Types: 1 to 15 in every kind of stream, 16 to 31 {@linkplain SealedFrames sealed}, 32 to 63 plain, 64 to 255
 * conversations.
 */
public final class StreamFormat {
    public static final int VERSION = 1;
    public static final int HEADER = 32;
    public static final int FRAME_HEADER = 9;
    public static final int CHECK = 4;
    /** The most bytes that the payload of a frame can have. */
    public static final int MOST = 1 << 20;
    /** The payload that writers aim at where they have more to tell: large enough for speed, small enough to come in turn. */
    public static final int USUAL = 128 << 10;

    /** The trailer. */
    public static final int END = 1;

    static final byte[] MAGIC = "\u0089CSTRM\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private StreamFormat() {
    }
}

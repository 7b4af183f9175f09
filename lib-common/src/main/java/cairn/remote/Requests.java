package cairn.remote;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import java.nio.charset.StandardCharsets;

/** What requests hold, and answers are read with. */
final class Requests {
    private Requests() {
    }

    /** A name or a folder. */
    static byte[] name(String name) {
        return new ByteWriter().string(ascii(name)).toBytes();
    }

    /** A name. @param after the request that this one follows, or 0 */
    static byte[] name(String name, int after) {
        return new ByteWriter().string(ascii(name)).u32(after).toBytes();
    }

    /** A whole file. @param limit how large it may be */
    static byte[] all(String name, int limit) {
        return new ByteWriter().string(ascii(name)).varint(limit).toBytes();
    }

    /** A part of a file. @param less whether it may be shorter where the file ends */
    static byte[] range(String name, long offset, long length, boolean less) {
        return new ByteWriter().string(ascii(name)).varint(offset).varint(length).u8(less ? 1 : 0).toBytes();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads an answer. @param location who gave it */
    static ByteReader answer(byte[] payload, String location) {
        return new ByteReader(payload, "an answer of '" + location + "'");
    }
}

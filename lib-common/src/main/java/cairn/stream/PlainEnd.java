package cairn.stream;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;

/**
 * The end of a plain stream.
 *
 * <pre>
 * flags    varint   bit 0 partial: the sender was interrupted
 * entries  varint   how many ENTRY and LINK frames the stream has
 * </pre>
 */
public record PlainEnd(boolean partial, long entries) {
    public byte[] encode() {
        return new ByteWriter(16).varint(partial ? 1 : 0).varint(entries).toBytes();
    }

    public static PlainEnd decode(ByteReader in) throws DamagedException {
        PlainEnd end = new PlainEnd((in.varint() & 1) != 0, in.length());
        in.end();
        return end;
    }
}

package cairn.format;

import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what {@link ByteWriter} wrote, and trusts none of it: every read is checked against the end, every length
 * against what is left, so that a hostile file gives a {@link DamagedException} that names it and nothing else.
 */
public final class ByteReader {
    private final byte[] buffer;
    private final int end;
    private final String what;
    private int at;

    /** @param what what is being read, for messages: a file's name, or "tree blob ID" */
    public ByteReader(byte[] buffer, int offset, int length, String what) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        this.buffer = buffer;
        this.at = offset;
        this.end = offset + length;
        this.what = what;
    }

    public ByteReader(byte[] buffer, String what) {
        this(buffer, 0, buffer.length, what);
    }

    private int take(int length) throws DamagedException {
        if (length < 0 || length > end - at) {
            throw damaged("ends too early");
        }
        int from = at;
        at += length;
        return from;
    }

    public int u8() throws DamagedException {
        return buffer[take(1)] & 0xFF;
    }

    public int u16() throws DamagedException {
        return Bytes.getShort(buffer, take(2));
    }

    /** As an int: the caller decides whether it is unsigned. */
    public int u32() throws DamagedException {
        return Bytes.getInt(buffer, take(4));
    }

    public long u64() throws DamagedException {
        return Bytes.getLong(buffer, take(8));
    }

    public long varint() throws DamagedException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = buffer[take(1)];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                if (shift == 63 && b > 1) {
                    break;
                }
                return value;
            }
        }
        throw damaged("holds a number of more than 64 bits");
    }

    /** A varint that must lie between 0 and a bound, both included. */
    public int varint(int most) throws DamagedException {
        long value = varint();
        if (value < 0 || value > most) {
            throw damaged("holds the number " + Long.toUnsignedString(value) + " where at most " + most + " is possible");
        }
        return (int) value;
    }

    public long signed() throws DamagedException {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /** A varint that must not be negative as a long. */
    public long length() throws DamagedException {
        long value = varint();
        if (value < 0) {
            throw damaged("holds a length of more than 63 bits");
        }
        return value;
    }

    public byte[] bytes(int length) throws DamagedException {
        int from = take(length);
        return Arrays.copyOfRange(buffer, from, from + length);
    }

    /** A varint of the length, then the bytes. */
    public byte[] string() throws DamagedException {
        return bytes(varint(remaining()));
    }

    public Hash hash() throws DamagedException {
        return Hash.read(buffer, take(Hash.BYTES));
    }

    public BlobId id() throws DamagedException {
        return BlobId.read(buffer, take(BlobId.BYTES));
    }

    public void skip(int length) throws DamagedException {
        take(length);
    }

    public int position() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    /** Fails unless everything was read. */
    public void end() throws DamagedException {
        if (at != end) {
            throw damaged("has " + (end - at) + " bytes too many");
        }
    }

    public DamagedException damaged(String how) {
        return new DamagedException(what, how);
    }
}

package cairn.format;

import java.util.Arrays;

/**
 * A growing array of bytes with the primitives that all formats are made of: little-endian fixed-width numbers,
 * unsigned LEB128 varints, zigzag varints for signed numbers, and byte strings behind their length.
 */
public final class ByteWriter {
    private final int expected;
    private byte[] buffer;
    private int size;

    public ByteWriter() {
        this(256);
    }

    public ByteWriter(int capacity) {
        this(capacity, 0);
    }

    /** @param expected the capacity that it grows to in one step when the first is too small; beyond that it doubles */
    public ByteWriter(int capacity, int expected) {
        this.expected = expected;
        buffer = new byte[Math.max(16, capacity)];
    }

    private void need(int more) {
        if (buffer.length - size < more) {
            int needed = Math.addExact(size, more);
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, buffer.length * 2L);
            buffer = Arrays.copyOf(buffer, needed <= expected ? expected : Math.max(needed, doubled));
        }
    }

    public ByteWriter u8(int value) {
        need(1);
        buffer[size++] = (byte) value;
        return this;
    }

    public ByteWriter u16(int value) {
        need(2);
        Bytes.putShort(buffer, size, value);
        size += 2;
        return this;
    }

    public ByteWriter u32(int value) {
        need(4);
        Bytes.putInt(buffer, size, value);
        size += 4;
        return this;
    }

    public ByteWriter u64(long value) {
        need(8);
        Bytes.putLong(buffer, size, value);
        size += 8;
        return this;
    }

    /** Unsigned LEB128, 1 to 10 bytes. */
    public ByteWriter varint(long value) {
        need(10);
        while ((value & ~0x7FL) != 0) {
            buffer[size++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        buffer[size++] = (byte) value;
        return this;
    }

    /** Zigzag, then unsigned LEB128. */
    public ByteWriter signed(long value) {
        return varint(value << 1 ^ value >> 63);
    }

    public ByteWriter bytes(byte[] value) {
        return bytes(value, 0, value.length);
    }

    public ByteWriter bytes(byte[] value, int offset, int length) {
        need(length);
        System.arraycopy(value, offset, buffer, size, length);
        size += length;
        return this;
    }

    /** A varint of the length, then the bytes. */
    public ByteWriter string(byte[] value) {
        return varint(value.length).bytes(value);
    }

    public ByteWriter hash(Hash value) {
        need(Hash.BYTES);
        value.write(buffer, size);
        size += Hash.BYTES;
        return this;
    }

    public ByteWriter id(BlobId value) {
        need(BlobId.BYTES);
        value.write(buffer, size);
        size += BlobId.BYTES;
        return this;
    }

    /** Makes room for bytes that the caller then writes into {@link #array()}, from the old size on. */
    public ByteWriter grow(int length) {
        need(length);
        size += length;
        return this;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** The backing array: valid from 0 to {@link #size()}, until the next write. */
    public byte[] array() {
        return buffer;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(buffer, size);
    }

    public ByteWriter clear() {
        size = 0;
        return this;
    }
}

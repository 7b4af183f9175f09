package cairn.format;

/**
 * The name of a blob: keyed BLAKE3-256 of its plain content, the key a secret of the repository. Held as four
 * big-endian longs, so that ids compare as their bytes do (unsigned).
 */
public record BlobId(long a, long b, long c, long d) implements Comparable<BlobId> {
    public static final int BYTES = 32;

    /** Reads 32 bytes at an offset. */
    public static BlobId read(byte[] from, int offset) {
        return new BlobId(Bytes.getLongBigEndian(from, offset), Bytes.getLongBigEndian(from, offset + 8),
                Bytes.getLongBigEndian(from, offset + 16), Bytes.getLongBigEndian(from, offset + 24));
    }

    /** Writes 32 bytes at an offset. */
    public void write(byte[] to, int offset) {
        Bytes.putLongBigEndian(to, offset, a);
        Bytes.putLongBigEndian(to, offset + 8, b);
        Bytes.putLongBigEndian(to, offset + 16, c);
        Bytes.putLongBigEndian(to, offset + 24, d);
    }

    public byte[] bytes() {
        byte[] out = new byte[BYTES];
        write(out, 0);
        return out;
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return new Hash(a, b, c, d).hex();
    }

    @Override
    public int compareTo(BlobId o) {
        int order = Long.compareUnsigned(a, o.a);
        if (order == 0) {
            order = Long.compareUnsigned(b, o.b);
        }
        if (order == 0) {
            order = Long.compareUnsigned(c, o.c);
        }
        return order != 0 ? order : Long.compareUnsigned(d, o.d);
    }

    /** Written out, because the JDK would derive it anew at each start. */
    @Override
    public boolean equals(Object o) {
        return o instanceof BlobId other && a == other.a && b == other.b && c == other.c && d == other.d;
    }

    /** The bytes are uniformly distributed already. */
    @Override
    public int hashCode() {
        return (int) a;
    }

    @Override
    public String toString() {
        return hex();
    }
}

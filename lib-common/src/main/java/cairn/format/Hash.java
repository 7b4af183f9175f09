package cairn.format;

import java.util.HexFormat;

/**
 * 32 bytes of BLAKE3, held as four big-endian longs so that a hash costs one object and compares as its bytes do.
 * The name of a file of the repository is the lower-case hexadecimal form of its hash.
 */
public record Hash(long a, long b, long c, long d) implements Comparable<Hash> {
    public static final int BYTES = 32;
    public static final Hash ZERO = new Hash(0, 0, 0, 0);

    /** Reads 32 bytes at an offset. */
    public static Hash read(byte[] from, int offset) {
        return new Hash(Bytes.getLongBigEndian(from, offset), Bytes.getLongBigEndian(from, offset + 8),
                Bytes.getLongBigEndian(from, offset + 16), Bytes.getLongBigEndian(from, offset + 24));
    }

    public static Hash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return read(bytes, 0);
    }

    /** Parses 64 hexadecimal digits; null if the text is anything else. */
    public static Hash parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            return null;
        }
        for (int i = 0; i < hex.length(); i++) {
            if (!HexFormat.isHexDigit(hex.charAt(i))) {
                return null;
            }
        }
        return read(HexFormat.of().parseHex(hex), 0);
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
        return HexFormat.of().formatHex(bytes());
    }

    @Override
    public int compareTo(Hash o) {
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
        return o instanceof Hash other && a == other.a && b == other.b && c == other.c && d == other.d;
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

package cairn.format;

import java.util.HexFormat;

/** 16 random bytes drawn at {@code init}; they stand in the header of every file of a repository. */
public record RepositoryId(long high, long low) {
    public static final int BYTES = 16;

    public static RepositoryId read(byte[] from, int offset) {
        return new RepositoryId(Bytes.getLongBigEndian(from, offset), Bytes.getLongBigEndian(from, offset + 8));
    }

    public void write(byte[] to, int offset) {
        Bytes.putLongBigEndian(to, offset, high);
        Bytes.putLongBigEndian(to, offset + 8, low);
    }

    public byte[] bytes() {
        byte[] out = new byte[BYTES];
        write(out, 0);
        return out;
    }

    /** 32 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /** Written out, because the JDK would derive it anew at each start. */
    @Override
    public boolean equals(Object o) {
        return o instanceof RepositoryId other && high == other.high && low == other.low;
    }

    /** The bytes are random. */
    @Override
    public int hashCode() {
        return (int) low;
    }

    @Override
    public String toString() {
        return hex();
    }
}

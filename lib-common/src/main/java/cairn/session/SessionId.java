package cairn.session;

import cairn.format.Bytes;
import java.util.HexFormat;

/** 16 random bytes that name one run of a writer. */
public record SessionId(long high, long low) {
    public static final int BYTES = 16;

    public static SessionId read(byte[] from, int offset) {
        return new SessionId(Bytes.getLongBigEndian(from, offset), Bytes.getLongBigEndian(from, offset + 8));
    }

    /** Parses 32 hexadecimal digits; null if the text is anything else. */
    public static SessionId parse(String hex) {
        return hex.matches("[0-9a-f]{32}") ? read(HexFormat.of().parseHex(hex), 0) : null;
    }

    public byte[] bytes() {
        byte[] out = new byte[BYTES];
        Bytes.putLongBigEndian(out, 0, high);
        Bytes.putLongBigEndian(out, 8, low);
        return out;
    }

    /** 32 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /** Written out, because the JDK would derive it anew at each start. */
    @Override
    public boolean equals(Object o) {
        return o instanceof SessionId other && high == other.high && low == other.low;
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

package cairn.query;

import cairn.posix.RawString;
import cairn.tree.Xattr;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * The records of a pax extended header (POSIX.1-2017, pax, "pax Extended Header"): {@code LENGTH KEY=VALUE\n}, the
 * length counting itself. Values are raw bytes.
 */
final class PaxRecords {
    private static final byte[] XATTR = ascii("SCHILY.xattr.");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean binary;

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    PaxRecords add(String key, String value) {
        return add(ascii(key), ascii(value));
    }

    /**
     * A name. The header says so if it is not UTF-8, or UTF-8 that libarchive would turn into another (it normalises to
     * NFC what is not marked as binary).
     */
    PaxRecords name(String key, byte[] value) {
        binary |= !isAscii(value) && (!RawString.isUtf8(value) || !Normalizer.isNormalized(RawString.decode(value), Normalizer.Form.NFC));
        return add(ascii(key), value);
    }

    /** As star and GNU tar have it; in names {@code %} and {@code =} are escaped as GNU tar does. */
    PaxRecords xattr(Xattr xattr) {
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        key.writeBytes(XATTR);
        for (byte b : xattr.name()) {
            if (b == '%' || b == '=') {
                key.writeBytes(ascii(b == '%' ? "%25" : "%3D"));
            } else {
                key.write(b);
            }
        }
        return add(key.toByteArray(), xattr.value());
    }

    /** Seconds since 1970 with a fraction that has up to nine digits. */
    PaxRecords time(String key, long seconds, int nanos) {
        boolean negative = seconds < 0 && nanos > 0;
        String whole = negative && seconds == -1 ? "-0" : Long.toString(negative ? seconds + 1 : seconds);
        if (nanos == 0) {
            return add(key, whole);
        }
        String fraction = Integer.toString(1_000_000_000 + (negative ? 1_000_000_000 - nanos : nanos)).substring(1);
        return add(key, whole + "." + fraction);
    }

    private static boolean isAscii(byte[] text) {
        for (byte b : text) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private PaxRecords add(byte[] key, byte[] value) {
        int rest = 3 + key.length + value.length;
        int length = rest + 1;
        while (rest + Integer.toString(length).length() != length) {
            length = rest + Integer.toString(length).length();
        }
        out.writeBytes(ascii(length + " "));
        out.writeBytes(key);
        out.write('=');
        out.writeBytes(value);
        out.write('\n');
        return this;
    }

    /** All records; empty if there are none. */
    byte[] bytes() {
        if (!binary) {
            return out.toByteArray();
        }
        PaxRecords whole = new PaxRecords().add("hdrcharset", "BINARY");
        whole.out.writeBytes(out.toByteArray());
        return whole.out.toByteArray();
    }
}

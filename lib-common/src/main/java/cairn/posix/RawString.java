package cairn.posix;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Raw bytes as text and back, without loss: UTF-8, and each byte that is not part of it as the lone surrogate
 * U+DC00 + byte (U+DC80 to U+DCFF), as PEP 383 ("surrogateescape") has it. Surrogates and overlong forms written in
 * UTF-8 are not UTF-8. Nothing that {@link #decode} makes holds any other lone surrogate.
 */
public final class RawString {
    private RawString() {}

    /** The text for raw bytes; {@code encode(decode(raw))} equals {@code raw}, whatever it holds. */
    public static String decode(byte[] raw) {
        int ascii = 0;
        while (ascii < raw.length && raw[ascii] >= 0) {
            ascii++;
        }
        if (ascii == raw.length) {
            return new String(raw, StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder(raw.length);
        for (int i = 0; i < raw.length;) {
            int length = sequenceLength(raw, i);
            if (length == 0) {
                text.append((char) (0xDC00 + (raw[i++] & 0xFF)));
            } else {
                text.appendCodePoint(codePoint(raw, i, length));
                i += length;
            }
        }
        return text.toString();
    }

    /**
     * The raw bytes of a text.
     *
     * @throws IllegalArgumentException if it holds a lone surrogate that stands for no byte
     */
    public static byte[] encode(String text) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream(text.length() + 16);
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < 0x80) {
                raw.write(c);
            } else if (c >= 0xDC80 && c <= 0xDCFF) {
                raw.write(c - 0xDC00);
            } else if (c >= 0xD800 && c <= 0xDFFF) {
                throw new IllegalArgumentException("a lone surrogate stands for no byte");
            } else if (c < 0x800) {
                raw.write(0xC0 | c >> 6);
                raw.write(0x80 | c & 0x3F);
            } else {
                if (c < 0x10000) {
                    raw.write(0xE0 | c >> 12);
                } else {
                    raw.write(0xF0 | c >> 18);
                    raw.write(0x80 | c >> 12 & 0x3F);
                }
                raw.write(0x80 | c >> 6 & 0x3F);
                raw.write(0x80 | c & 0x3F);
            }
        }
        return raw.toByteArray();
    }

    /** True if the bytes are well-formed UTF-8. */
    public static boolean isUtf8(byte[] raw) {
        for (int i = 0; i < raw.length;) {
            int length = sequenceLength(raw, i);
            if (length == 0) {
                return false;
            }
            i += length;
        }
        return true;
    }

    /**
     * Text for messages and terminals: bytes that are not UTF-8 and control characters (C0, DEL, C1) as a backslash
     * and three octal digits a byte, a backslash doubled. One line whatever the name holds, and back again by
     * {@code printf %b}.
     */
    public static String printable(byte[] raw) {
        StringBuilder text = new StringBuilder(raw.length + 8);
        for (int i = 0; i < raw.length;) {
            int length = sequenceLength(raw, i);
            int c = length == 0 ? -1 : codePoint(raw, i, length);
            if (c == '\\') {
                text.append("\\\\");
            } else if (c >= 0x20 && c < 0x7F || c >= 0xA0) {
                text.appendCodePoint(c);
            } else {
                for (int k = 0; k < Math.max(1, length); k++) {
                    int b = raw[i + k] & 0xFF;
                    text.append('\\').append(b >> 6).append(b >> 3 & 7).append(b & 7);
                }
            }
            i += Math.max(1, length);
        }
        return text.toString();
    }

    /** Bytes of the well-formed sequence at {@code i} (Unicode, table 3-7), or 0 if there is none. */
    private static int sequenceLength(byte[] raw, int i) {
        int b = raw[i] & 0xFF;
        if (b < 0x80) {
            return 1;
        }
        int length = b >= 0xC2 && b <= 0xDF ? 2 : b >= 0xE0 && b <= 0xEF ? 3 : b >= 0xF0 && b <= 0xF4 ? 4 : 0;
        if (length == 0 || i + length > raw.length) {
            return 0;
        }
        for (int k = 1; k < length; k++) {
            if ((raw[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int second = raw[i + 1] & 0xFF;
        boolean wellFormed = switch (b) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second <= 0x9F;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second <= 0x8F;
            default -> true;
        };
        return wellFormed ? length : 0;
    }

    private static int codePoint(byte[] raw, int i, int length) {
        int c = length == 1 ? raw[i] : raw[i] & 0xFF >> length + 1;
        for (int k = 1; k < length; k++) {
            c = c << 6 | raw[i + k] & 0x3F;
        }
        return c;
    }
}

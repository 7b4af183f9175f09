package cairn.scan;

import cairn.posix.RawString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** One JSON object on its way out, as bytes. Written by hand because a scan writes a million of them. */
final class LineBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

    private byte[] bytes = new byte[1024];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Begins an object of a type. */
    LineBuffer begin(String type) {
        length = 0;
        return ascii("{\"type\":\"").ascii(type).ascii("\"");
    }

    /** Ends the object and the line. */
    LineBuffer end() {
        return ascii("}\n");
    }

    /** A field of raw bytes; where they are not UTF-8, {@code NAME_base64} follows. */
    LineBuffer field(String name, byte[] raw) {
        boolean whole = RawString.isUtf8(raw);
        key(name).string(raw, whole);
        return whole ? this : key(name + "_base64").ascii("\"").ascii(Base64.getEncoder().encodeToString(raw)).ascii("\"");
    }

    /** A field of text that needs no escapes. */
    LineBuffer plain(String name, String text) {
        return key(name).ascii("\"").ascii(text).ascii("\"");
    }

    LineBuffer field(String name, long number) {
        key(name);
        if (number >= 0 && number < 10) {
            put('0' + (int) number);
            return this;
        }
        return ascii(Long.toString(number));
    }

    LineBuffer unsigned(String name, long number) {
        return number >= 0 ? field(name, number) : key(name).ascii(Long.toUnsignedString(number));
    }

    LineBuffer flag(String name) {
        return key(name).ascii("true");
    }

    /** So many digits of a number, with leading zeros. */
    LineBuffer digits(long number, int count) {
        room(count);
        long rest = number;
        for (int i = count - 1; i >= 0; i--) {
            bytes[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
        return this;
    }

    LineBuffer key(String name) {
        return ascii(",\"").ascii(name).ascii("\":");
    }

    LineBuffer ascii(String text) {
        int count = text.length();
        room(count);
        for (int i = 0; i < count; i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += count;
        return this;
    }

    private void string(byte[] raw, boolean utf8) {
        byte[] text = utf8 ? raw : RawString.decode(raw).getBytes(StandardCharsets.UTF_16BE);
        put('"');
        if (utf8) {
            utf8(text);
        } else {
            utf16(text);
        }
        put('"');
    }

    private void utf8(byte[] text) {
        for (int i = 0; i < text.length; i++) {
            int b = text[i] & 0xFF;
            if (b == 0xC2 && (text[i + 1] & 0xFF) < 0xA0) {
                escape(text[++i] & 0xFF); // a control character of Latin-1 may command a terminal
            } else if (b < 0x20 || b == 0x7F || b == '"' || b == '\\') {
                escape(b);
            } else {
                put(b);
            }
        }
    }

    /** Text with lone surrogates for bytes that are not UTF-8. */
    private void utf16(byte[] text) {
        for (int i = 0; i < text.length; i += 2) {
            int c = (text[i] & 0xFF) << 8 | text[i + 1] & 0xFF;
            if (c >= 0xDC00 && c < 0xE000) {
                append(REPLACEMENT);
            } else if (c >= 0xD800 && c < 0xDC00) {
                int low = (text[i + 2] & 0xFF) << 8 | text[i + 3] & 0xFF;
                append(Character.toString(Character.toCodePoint((char) c, (char) low)).getBytes(StandardCharsets.UTF_8));
                i += 2;
            } else if (c < 0x20 || c >= 0x7F && c < 0xA0 || c == '"' || c == '\\') {
                escape(c);
            } else if (c < 0x80) {
                put(c);
            } else {
                append(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void escape(int c) {
        put('\\');
        switch (c) {
            case '"', '\\' -> put(c);
            case '\n' -> put('n');
            case '\r' -> put('r');
            case '\t' -> put('t');
            default -> {
                ascii("u00");
                put(HEX[c >> 4]);
                put(HEX[c & 15]);
            }
        }
    }

    private void append(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void put(int b) {
        room(1);
        bytes[length++] = (byte) b;
    }

    private void room(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
        }
    }
}

package cairn.cli;

import cairn.posix.RawString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Writes JSON (RFC 8259) as it goes, in UTF-8 and without white space. A string that carries raw bytes (see
 * {@link RawString}) is written as text with U+FFFD for what is not UTF-8, and where that lost something a second field
 * {@code NAME_base64} holds the bytes. Misuse (a value without a name, an object left open) is a bug and throws
 * {@link IllegalStateException}.
 */
public final class JsonWriter {
    private static final int DEPTH = 64;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream to;
    private final Supplier<ZoneId> zone;
    private final boolean[] object = new boolean[DEPTH];
    private final boolean[] filled = new boolean[DEPTH];
    private int depth;
    private boolean named;

    /** @param zone whose offset times carry */
    public JsonWriter(OutputStream to, Supplier<ZoneId> zone) {
        this.to = Objects.requireNonNull(to);
        this.zone = Objects.requireNonNull(zone);
    }

    public JsonWriter beginObject() throws IOException {
        return open(true, '{');
    }

    public JsonWriter endObject() throws IOException {
        return close(true, '}');
    }

    public JsonWriter beginArray() throws IOException {
        return open(false, '[');
    }

    public JsonWriter endArray() throws IOException {
        return close(false, ']');
    }

    /** Ends a complete object with a newline. */
    public JsonWriter endLine() throws IOException {
        if (depth != 0) throw new IllegalStateException("the line ends inside an object");
        filled[0] = false;
        to.write('\n');
        return this;
    }

    /** The name of the next value in an object. */
    public JsonWriter name(String name) throws IOException {
        if (depth == 0 || !object[depth] || named) throw new IllegalStateException("no place for a name");
        comma();
        string(name);
        to.write(':');
        named = true;
        return this;
    }

    /** @param text well-formed, or with raw bytes, which become U+FFFD; null becomes {@code null} */
    public JsonWriter value(String text) throws IOException {
        if (text == null) return raw("null");
        before();
        string(text);
        return this;
    }

    public JsonWriter value(long number) throws IOException {
        return raw(Long.toString(number));
    }

    public JsonWriter value(boolean flag) throws IOException {
        return raw(flag ? "true" : "false");
    }

    /** @param number not finite becomes {@code null}: JSON has no such numbers */
    public JsonWriter value(double number) throws IOException {
        return raw(Double.isFinite(number) ? Double.toString(number) : "null");
    }

    /** A field of text; with raw bytes in it, the field {@code NAME_base64} follows. */
    public JsonWriter field(String name, String text) throws IOException {
        name(name).value(text);
        return text != null && hasRawBytes(text) ? base64(name, RawString.encode(text)) : this;
    }

    /** A field with a name from a file system; null becomes {@code null}. */
    public JsonWriter field(String name, byte[] rawName) throws IOException {
        return field(name, rawName == null ? null : RawString.decode(rawName));
    }

    public JsonWriter field(String name, long number) throws IOException {
        return name(name).value(number);
    }

    public JsonWriter field(String name, boolean flag) throws IOException {
        return name(name).value(flag);
    }

    public JsonWriter field(String name, double number) throws IOException {
        return name(name).value(number);
    }

    /** A moment as RFC 3339 with offset; null becomes {@code null}. */
    public JsonWriter field(String name, Instant time) throws IOException {
        return name(name).value(time == null ? null : Time.rfc3339(time, zone.get()));
    }

    private JsonWriter base64(String name, byte[] bytes) throws IOException {
        return name(name + "_base64").raw('"' + Base64.getEncoder().encodeToString(bytes) + '"');
    }

    private JsonWriter open(boolean isObject, char bracket) throws IOException {
        before();
        if (++depth == DEPTH) throw new IllegalStateException("nested too deeply");
        object[depth] = isObject;
        filled[depth] = false;
        to.write(bracket);
        return this;
    }

    private JsonWriter close(boolean isObject, char bracket) throws IOException {
        if (depth == 0 || object[depth] != isObject || named) throw new IllegalStateException("nothing to close");
        depth--;
        to.write(bracket);
        return this;
    }

    private JsonWriter raw(String ascii) throws IOException {
        before();
        to.write(ascii.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Puts the comma before an element of an array; in an object the name has done it. */
    private void before() throws IOException {
        if (depth > 0 && object[depth]) {
            if (!named) throw new IllegalStateException("a value without a name");
            named = false;
        } else if (depth == 0) {
            if (filled[0]) throw new IllegalStateException("two values on a line");
            filled[0] = true;
        } else {
            comma();
        }
    }

    private void comma() throws IOException {
        if (filled[depth]) to.write(',');
        filled[depth] = true;
    }

    private void string(String text) throws IOException {
        to.write('"');
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.write('\\');
                to.write(c);
            } else if (c < 0x20 || c == 0x7F) {
                control(c);
            } else if (c < 0x80) {
                to.write(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                to.write(text.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
                i++;
            } else {
                to.write(String.valueOf(Character.isSurrogate(c) ? '\uFFFD' : c).getBytes(StandardCharsets.UTF_8));
            }
        }
        to.write('"');
    }

    private void control(char c) throws IOException {
        to.write('\\');
        switch (c) {
            case '\n' -> to.write('n');
            case '\r' -> to.write('r');
            case '\t' -> to.write('t');
            default -> {
                to.write('u');
                to.write('0');
                to.write('0');
                to.write(HEX[c >> 4]);
                to.write(HEX[c & 15]);
            }
        }
    }

    private static boolean hasRawBytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) continue;
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                return true;
            }
        }
        return false;
    }
}

package cairn.scan;

import cairn.posix.RawPath;
import cairn.posix.RawString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Reads one line of a scan. Strict about JSON and about the fields that count, tolerant of others. Memory is bounded by
 * the line, and nesting by {@value #DEEPEST}. Reused from line to line.
 */
final class LineParser {
    private static final int DEEPEST = 32;

    private byte[] in;
    private int at;
    private int end;
    private byte[] text = new byte[256];
    private int length;

    private String type;
    private byte[] path;
    private byte[] pathBytes;
    private String entryType;
    private boolean source;
    private boolean closed;
    private String message;
    private String changedSince;

    /** A line is none of a scan. The message says why, to follow after the number of the line. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1;

        SyntaxException(String why) {
            super(why, null, false, false);
        }
    }

    /** @param to behind the last byte of the line, which does not count its newline */
    ScanLine parse(byte[] line, int from, int to) throws SyntaxException {
        in = line;
        at = from;
        end = to;
        type = entryType = message = changedSince = null;
        path = pathBytes = null;
        source = closed = false;
        blanks();
        object();
        blanks();
        if (at != end) {
            throw new SyntaxException("has something behind its object");
        }
        return result();
    }

    private ScanLine result() throws SyntaxException {
        if (type == null) {
            throw new SyntaxException("has no field 'type'");
        }
        ScanLine.Kind kind = switch (type) {
            case "entry" -> ScanLine.Kind.ENTRY;
            case "gone" -> ScanLine.Kind.GONE;
            case "problem" -> ScanLine.Kind.PROBLEM;
            case "end" -> ScanLine.Kind.END;
            default -> ScanLine.Kind.OTHER;
        };
        if (kind == ScanLine.Kind.END || kind == ScanLine.Kind.OTHER) {
            return new ScanLine(kind, null, 0, false, false, null, changedSince);
        }
        byte[] whole = pathBytes != null ? pathBytes : path;
        if (whole == null) {
            throw new SyntaxException("has no field 'path'");
        }
        check(whole);
        int mode = 0;
        if (kind == ScanLine.Kind.ENTRY) {
            mode = entryType == null ? 0 : ScanLine.type(entryType);
            if (mode == 0) {
                throw new SyntaxException(entryType == null ? "has no field 'entry_type'" : "has an entry_type that is not known");
            }
        }
        return new ScanLine(kind, whole, mode, source, closed, message, null);
    }

    private static void check(byte[] path) throws SyntaxException {
        if (path.length > ScanLine.LONGEST_PATH) {
            throw new SyntaxException("has a path that is longer than 1 MiB");
        }
        if (!RawPath.isAbsolute(path) || !Arrays.equals(RawPath.normalise(path), path)) {
            throw new SyntaxException("has a path that is not absolute and plain");
        }
        for (int i = 0; i < path.length; i++) {
            if (path[i] == 0) {
                throw new SyntaxException("has a path with a zero byte");
            }
            if (path[i] == '/' && i + 2 < path.length && path[i + 1] == '.' && path[i + 2] == '.'
                    && (i + 3 == path.length || path[i + 3] == '/')) {
                throw new SyntaxException("has a path with '..' in it");
            }
        }
    }

    private void object() throws SyntaxException {
        expect('{', "is no JSON object");
        blanks();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            blanks();
            string();
            String name = new String(text, 0, Math.min(length, 64), StandardCharsets.UTF_8);
            blanks();
            expect(':', "lacks a colon behind a name");
            blanks();
            member(name);
            blanks();
            if (peek() == '}') {
                at++;
                return;
            }
            expect(',', "lacks a comma between two fields");
        }
    }

    private void member(String name) throws SyntaxException {
        switch (name) {
            case "type" -> type = once(type, word(name), name);
            case "entry_type" -> entryType = once(entryType, word(name), name);
            case "message" -> message = once(message, word(name), name);
            case "changed_since" -> changedSince = once(changedSince, word(name), name);
            case "path" -> path = once(path, raw(name), name);
            case "path_base64" -> {
                byte[] coded = raw(name);
                try {
                    pathBytes = once(pathBytes, Base64.getDecoder().decode(coded), name);
                } catch (IllegalArgumentException e) {
                    throw new SyntaxException("has a path_base64 that is no base64");
                }
            }
            case "source" -> source = flag(name);
            case "closed" -> closed = flag(name);
            default -> skip(0);
        }
    }

    private static <T> T once(T before, T now, String name) throws SyntaxException {
        if (before != null) {
            throw new SyntaxException("has the field '" + name + "' twice");
        }
        return now;
    }

    private boolean flag(String name) throws SyntaxException {
        byte b = peek();
        if (b != 't' && b != 'f') {
            throw new SyntaxException("has a field '" + name + "' that is neither true nor false");
        }
        literal(b == 't' ? "true" : "false");
        return b == 't';
    }

    private byte[] raw(String name) throws SyntaxException {
        if (peek() != '"') {
            throw new SyntaxException("has a field '" + name + "' that is no string");
        }
        string();
        return Arrays.copyOf(text, length);
    }

    private String word(String name) throws SyntaxException {
        byte[] raw = raw(name);
        return RawString.decode(raw.length > 4096 ? Arrays.copyOf(raw, 4096) : raw);
    }

    /** Passes over a value of any kind. */
    private void skip(int depth) throws SyntaxException {
        if (depth > DEEPEST) {
            throw new SyntaxException("is nested too deeply");
        }
        switch (peek()) {
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '[' -> list(depth);
            case '{' -> map(depth);
            default -> number();
        }
    }

    private void list(int depth) throws SyntaxException {
        at++;
        blanks();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            blanks();
            skip(depth + 1);
            blanks();
            if (peek() == ']') {
                at++;
                return;
            }
            expect(',', "lacks a comma in a list");
        }
    }

    private void map(int depth) throws SyntaxException {
        at++;
        blanks();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            blanks();
            string();
            blanks();
            expect(':', "lacks a colon behind a name");
            blanks();
            skip(depth + 1);
            blanks();
            if (peek() == '}') {
                at++;
                return;
            }
            expect(',', "lacks a comma between two fields");
        }
    }

    private void number() throws SyntaxException {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (at < end && in[at] == '.') {
            at++;
            digits();
        }
        if (at < end && (in[at] == 'e' || in[at] == 'E')) {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
    }

    private void digits() throws SyntaxException {
        if (peek() < '0' || peek() > '9') {
            throw new SyntaxException("has a value that is no JSON");
        }
        while (at < end && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
    }

    private void literal(String word) throws SyntaxException {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i), "has a value that is no JSON");
        }
    }

    /** Reads a string into {@link #text}. */
    private void string() throws SyntaxException {
        expect('"', "lacks a quotation mark");
        length = 0;
        boolean ascii = true;
        while (true) {
            if (at == end) {
                throw new SyntaxException("ends in the middle of a string");
            }
            byte b = in[at++];
            if (b == '"') {
                break;
            } else if (b == '\\') {
                escape();
            } else if (b >= 0 && b < 0x20) {
                throw new SyntaxException("has a control character in a string");
            } else {
                ascii &= b > 0;
                put(b);
            }
        }
        if (!ascii && !RawString.isUtf8(Arrays.copyOf(text, length))) {
            throw new SyntaxException("is not UTF-8");
        }
    }

    private void escape() throws SyntaxException {
        byte b = peek();
        at++;
        switch (b) {
            case '"', '\\', '/' -> put(b);
            case 'b' -> put('\b');
            case 'f' -> put('\f');
            case 'n' -> put('\n');
            case 'r' -> put('\r');
            case 't' -> put('\t');
            case 'u' -> unicode();
            default -> throw new SyntaxException("has an escape that is no JSON");
        }
    }

    private void unicode() throws SyntaxException {
        int c = hex();
        if (c >= 0xD800 && c < 0xDC00 && at + 1 < end && in[at] == '\\' && in[at + 1] == 'u') {
            at += 2;
            int low = hex();
            if (low < 0xDC00 || low > 0xDFFF) {
                throw new SyntaxException("has half a character");
            }
            c = Character.toCodePoint((char) c, (char) low);
        } else if (c >= 0xD800 && c < 0xE000) {
            throw new SyntaxException("has half a character");
        }
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xC0 | c >> 6);
            put(0x80 | c & 0x3F);
        } else if (c < 0x10000) {
            put(0xE0 | c >> 12);
            put(0x80 | c >> 6 & 0x3F);
            put(0x80 | c & 0x3F);
        } else {
            put(0xF0 | c >> 18);
            put(0x80 | c >> 12 & 0x3F);
            put(0x80 | c >> 6 & 0x3F);
            put(0x80 | c & 0x3F);
        }
    }

    private int hex() throws SyntaxException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            at++;
            if (digit < 0) {
                throw new SyntaxException("has an escape that is no JSON");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private void put(int b) {
        if (length == text.length) {
            text = Arrays.copyOf(text, length * 2);
        }
        text[length++] = (byte) b;
    }

    private void blanks() {
        while (at < end && (in[at] == ' ' || in[at] == '\t' || in[at] == '\r')) {
            at++;
        }
    }

    private byte peek() throws SyntaxException {
        if (at >= end) {
            throw new SyntaxException("is cut off");
        }
        return in[at];
    }

    private void expect(char c, String otherwise) throws SyntaxException {
        if (at >= end || in[at] != c) {
            throw new SyntaxException(at >= end ? "is cut off" : otherwise);
        }
        at++;
    }
}

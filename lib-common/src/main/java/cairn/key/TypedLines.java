package cairn.key;

import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Bytes;
import cairn.hash.Blake3;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bytes as lines that people can type in from paper.
 *
 * <pre>
 * payload = length u16, content, first 8 bytes of BLAKE3-256(content), zeros up to a multiple of 15
 * line n  = number n from 1, 15 bytes of the payload as 6 groups of 4 letters, 4 letters of check
 * check   = first 20 bits of BLAKE3-256(n u8, the 15 bytes)
 * letters = 0123456789ABCDEFGHJKMNPQRSTVWXYZ (Crockford's base32, most significant bits first)
 * </pre>
 *
 * Typed back, case, spaces and dashes do not matter, O counts as 0, and I and L as 1. A line that does not begin with a
 * number is words for people. A mistake is found in its own line: one in a million passes there, and the checksum of the
 * whole catches those.
 */
final class TypedLines {
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LINE = 15;
    private static final int LINE_LETTERS = 28;
    private static final int CHECKSUM = 8;
    private static final int MOST_LINES = 99;

    private TypedLines() {
    }

    static String format(byte[] content) {
        byte[] payload = new byte[(2 + content.length + CHECKSUM + LINE - 1) / LINE * LINE];
        if (payload.length > MOST_LINES * LINE) {
            throw new IllegalArgumentException(content.length + " bytes are too many to type");
        }
        Bytes.putShort(payload, 0, content.length);
        System.arraycopy(content, 0, payload, 2, content.length);
        System.arraycopy(hash(content), 0, payload, 2 + content.length, CHECKSUM);
        StringBuilder out = new StringBuilder();
        for (int n = 1; n <= payload.length / LINE; n++) {
            out.append(n < 10 ? " " : "").append(n).append(' ');
            String letters = letters(n, payload, (n - 1) * LINE);
            for (int i = 0; i < letters.length(); i += 4) {
                out.append(i == LINE_LETTERS - 4 ? "   " : " ").append(letters, i, i + 4);
            }
            out.append('\n');
        }
        Wipe.bytes(payload);
        return out.toString();
    }

    private static String letters(int number, byte[] payload, int at) {
        byte[] numbered = new byte[1 + LINE];
        numbered[0] = (byte) number;
        System.arraycopy(payload, at, numbered, 1, LINE);
        byte[] check = hash(numbered);
        StringBuilder out = new StringBuilder(LINE_LETTERS);
        append(out, numbered, 1, 8 * LINE);
        append(out, check, 0, 20);
        return out.toString();
    }

    private static void append(StringBuilder out, byte[] bytes, int from, int bits) {
        for (int bit = 0; bit < bits; bit += 5) {
            int value = 0;
            for (int i = bit; i < bit + 5; i++) {
                value = value << 1 | bytes[from + i / 8] >>> 7 - i % 8 & 1;
            }
            out.append(LETTERS.charAt(value));
        }
    }

    private static byte[] hash(byte[] of) {
        byte[] out = new byte[32];
        Blake3.hasher().hash(of, 0, of.length, out, 0);
        return out;
    }

    /** @param what what the text is, for messages: "the key file", "the paper key" */
    static byte[] parse(byte[] text, String what) throws CairnException {
        Map<Integer, byte[]> lines = new TreeMap<>();
        StringBuilder wrong = new StringBuilder();
        String all = new String(text, StandardCharsets.ISO_8859_1).replace('\r', '\n');
        for (int start = 0, end; start < all.length(); start = end + 1) {
            end = all.indexOf('\n', start);
            end = end < 0 ? all.length() : end;
            String stripped = all.substring(start, end).strip();
            int number = number(stripped);
            if (number < 1) {
                continue;
            }
            byte[] bytes = bytes(number, stripped);
            byte[] before = bytes == null ? null : lines.put(number, bytes);
            if (bytes == null || before != null && !Arrays.equals(before, bytes)) {
                wrong.append(wrong.isEmpty() ? "" : ", ").append(number);
            }
        }
        if (!wrong.isEmpty()) {
            throw mistake(what + " has a mistake in line " + wrong, "compare each letter of it; the last four of a line check the others");
        }
        return join(lines, what);
    }

    private static byte[] join(Map<Integer, byte[]> lines, String what) throws CairnException {
        if (lines.isEmpty()) {
            throw mistake("this is no key file and no paper key of cairn: it has no numbered lines", "type in the numbered lines, the numbers too");
        }
        int most = lines.size();
        byte[] payload = new byte[most * LINE];
        for (int n = 1; n <= most; n++) {
            byte[] line = lines.get(n);
            if (line == null) {
                throw mistake(what + " lacks line " + n, "type it in");
            }
            System.arraycopy(line, 0, payload, (n - 1) * LINE, LINE);
        }
        int length = Bytes.getShort(payload, 0);
        int needed = (2 + length + CHECKSUM + LINE - 1) / LINE;
        if (needed > most) {
            throw mistake(what + " lacks line " + (most + 1) + (needed > most + 1 ? " to " + needed : ""), "type it in");
        }
        byte[] content = Arrays.copyOfRange(payload, 2, 2 + length);
        if (needed < most || !Arrays.equals(hash(content), 0, CHECKSUM, payload, 2 + length, 2 + length + CHECKSUM)) {
            throw mistake(what + " is mixed from the lines of two pages", "use the lines of one page only");
        }
        Wipe.bytes(payload);
        return content;
    }

    /** The number that a line begins with, or 0. */
    private static int number(String line) {
        int end = 0;
        int number = 0;
        while (end < line.length() && end < 3 && !Character.isWhitespace(line.charAt(end))) {
            int digit = "0123456789".indexOf(plain(line.charAt(end)));
            if (digit < 0) {
                return 0;
            }
            number = 10 * number + digit;
            end++;
        }
        return end < line.length() && Character.isWhitespace(line.charAt(end)) && number <= MOST_LINES ? number : 0;
    }

    /** The 15 bytes of a line, or null if it was not typed right. */
    private static byte[] bytes(int number, String line) {
        byte[] bits = new byte[LINE];
        StringBuilder typed = new StringBuilder(LINE_LETTERS);
        for (int i = firstBlank(line); i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ' ' || c == '\t' || c == '-') {
                continue;
            }
            typed.append(plain(c));
        }
        if (typed.length() != LINE_LETTERS) {
            return null;
        }
        for (int i = 0; i < 8 * LINE / 5; i++) {
            int value = LETTERS.indexOf(typed.charAt(i));
            if (value < 0) {
                return null;
            }
            for (int b = 0; b < 5; b++) {
                int bit = 5 * i + b;
                bits[bit / 8] |= (byte) ((value >>> 4 - b & 1) << 7 - bit % 8);
            }
        }
        return letters(number, bits, 0).contentEquals(typed) ? bits : null;
    }

    private static int firstBlank(String line) {
        int i = 0;
        while (!Character.isWhitespace(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static char plain(char c) {
        char upper = c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
        return switch (upper) {
            case 'O' -> '0';
            case 'I', 'L' -> '1';
            default -> upper;
        };
    }

    private static CairnException mistake(String message, String remedy) {
        return new CairnException(ExitCode.WRONG_PASSWORD, message, remedy);
    }
}

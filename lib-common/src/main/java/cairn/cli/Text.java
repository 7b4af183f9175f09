package cairn.cli;

import cairn.posix.RawString;

/** Makes text safe and fitting for a screen. */
public final class Text {
    private Text() {}

    /** A number of things: "1 pack", "2 packs". @param one the word for one, whose plural ends in s */
    public static String count(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    /**
     * A name for a terminal: control characters, invisible format characters (among them those that turn the direction
     * of text) and bytes that are not UTF-8 as escapes ({@code \n}, {@code \t}, {@code \x1b}, <code>\u202e</code>), a backslash
     * doubled, so that what is shown is unambiguous.
     */
    public static String printable(byte[] raw) {
        return escape(RawString.decode(raw), true);
    }

    /** A message for a line of text: escaped in the same way, backslashes left alone. */
    public static String oneLine(String message) {
        return escape(message, false);
    }

    private static String escape(String text, boolean backslash) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            int width = Character.charCount(point);
            String escaped = escaped(point, backslash);
            if (escaped != null && out == null) out = new StringBuilder(text.length() + 16).append(text, 0, i);
            if (out != null) {
                if (escaped != null) out.append(escaped);
                else out.appendCodePoint(point);
            }
            i += width;
        }
        return out == null ? text : out.toString();
    }

    private static String escaped(int point, boolean backslash) {
        if (point >= 0x20 && point < 0x7F) return backslash && point == '\\' ? "\\\\" : null;
        return switch (point) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            default -> {
                if (point < 0xA0) yield hex("\\x", point, 2);
                if (point >= 0xDC80 && point <= 0xDCFF) yield hex("\\x", point - 0xDC00, 2);
                yield hidden(point) ? hex("\\u", point, 4) : null;
            }
        };
    }

    private static boolean hidden(int point) {
        return switch (Character.getType(point)) {
            case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static String hex(String prefix, int value, int digits) {
        String hex = Integer.toHexString(value);
        return prefix + "0".repeat(Math.max(0, digits - hex.length())) + hex;
    }

    /** The columns that printable text takes on a terminal: East Asian wide characters two, marks none. */
    public static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            width += width(point);
            i += Character.charCount(point);
        }
        return width;
    }

    /** Shortens printable text to at most so many columns, cutting out of the middle. */
    public static String fit(String text, int columns) {
        if (width(text) <= columns) return text;
        if (columns < 5) return head(text, Math.max(0, columns));
        int front = (columns - 3) / 2;
        return head(text, front) + "..." + tail(text, columns - 3 - front);
    }

    private static String head(String text, int columns) {
        int width = 0;
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            width += width(point);
            if (width > columns) break;
            i += Character.charCount(point);
        }
        return text.substring(0, i);
    }

    private static String tail(String text, int columns) {
        int width = 0;
        int i = text.length();
        while (i > 0) {
            int point = text.codePointBefore(i);
            width += width(point);
            if (width > columns) break;
            i -= Character.charCount(point);
        }
        return text.substring(i);
    }

    private static int width(int point) {
        if (point < 0x300) return 1;
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) return 0;
        boolean wide = point >= 0x1100 && (point <= 0x115F || point >= 0x2E80 && point <= 0xA4CF && point != 0x303F
                || point >= 0xAC00 && point <= 0xD7A3 || point >= 0xF900 && point <= 0xFAFF
                || point >= 0xFE30 && point <= 0xFE6F || point >= 0xFF00 && point <= 0xFF60
                || point >= 0xFFE0 && point <= 0xFFE6 || point >= 0x1F300 && point <= 0x1F64F
                || point >= 0x1F900 && point <= 0x1F9FF || point >= 0x20000 && point <= 0x3FFFD);
        return wide ? 2 : 1;
    }
}

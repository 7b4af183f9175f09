package cairn.cli;

import cairn.posix.RawString;

/** Commands for {@code /bin/sh -c}, of raw bytes. */
public final class ShellScript {
    private ShellScript() {}

    /** A script that runs another, of any bytes: the JDK hands arguments over in the locale's character set, so they travel as octal escapes. */
    public static String ascii(String script) {
        byte[] bytes = RawString.encode(script);
        StringBuilder escaped = new StringBuilder("eval \"$(printf '%b' '");
        for (byte b : bytes) {
            boolean plain = b >= 0x20 && b < 0x7F && b != '\'' && b != '\\';
            if (plain) escaped.append((char) b);
            else escaped.append('\\').append('0').append(String.format("%03o", b & 0xFF));
        }
        return escaped.append("')\"").toString();
    }

    /** A word as a shell takes it literally. */
    public static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}

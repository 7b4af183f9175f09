package cairn.query;

import java.io.ByteArrayOutputStream;

/**
 * A name in a line of sha256sum(1). A backslash, newline or carriage return in it is escaped, and the line then begins
 * with a backslash (coreutils manual, "md5sum invocation"). The name {@code -}, which would mean standard input,
 * becomes {@code ./-}.
 */
public final class ChecksumLine {
    private static final byte[] DASH = {'.', '/', '-'};

    private ChecksumLine() {
    }

    /** Whether the line must begin with a backslash. */
    public static boolean needsEscape(byte[] name) {
        for (byte b : name) {
            if (b == '\\' || b == '\n' || b == '\r') {
                return true;
            }
        }
        return false;
    }

    /** @param escape false for lines that end with a zero byte, in which nothing is escaped */
    public static byte[] name(byte[] name, boolean escape) {
        if (name.length == 1 && name[0] == '-') {
            return DASH.clone();
        }
        if (!escape || !needsEscape(name)) {
            return name;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(name.length + 8);
        for (byte b : name) {
            if (b == '\\' || b == '\n' || b == '\r') {
                out.write('\\');
                out.write(b == '\\' ? '\\' : b == '\n' ? 'n' : 'r');
            } else {
                out.write(b);
            }
        }
        return out.toByteArray();
    }
}

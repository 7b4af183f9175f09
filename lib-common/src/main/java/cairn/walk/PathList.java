package cairn.walk;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The paths of {@code --files-from} and {@code --files-from0}, one after the other: literal names, one a line or one a
 * zero byte, without any globbing, quoting or comments. Empty ones do not count. However long the list is, one path is
 * in memory.
 */
public final class PathList {
    /** For {@code --files-from}. */
    public static final byte LINE = '\n';
    /** For {@code --files-from0}. */
    public static final byte ZERO = 0;

    static final int LONGEST = 1 << 20;

    private final InputStream in;
    private final byte separator;
    private final String list;
    private byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private long entry;

    /**
     * @param in        is read but not closed
     * @param separator {@link #LINE} or {@link #ZERO}
     * @param name      of the list, for messages
     */
    public PathList(InputStream in, byte separator, String name) {
        this.in = in;
        this.separator = separator;
        this.list = name;
    }

    /**
     * The next path, or null at the end.
     *
     * @throws CairnException (wrong usage) for a path that is longer than 1 MiB or holds a zero byte
     */
    public byte[] next() throws IOException {
        while (true) {
            int length = 0;
            while ((at + length < filled || fill()) && buffer[at + length] != separator) {
                if (buffer[at + length] == 0) {
                    throw mistake("holds a zero byte", "use --files-from0 for paths that end in one");
                }
                length++;
            }
            boolean ended = at + length == filled;
            if (ended && length == 0) {
                return null;
            }
            entry++;
            byte[] path = Arrays.copyOfRange(buffer, at, at + length);
            at += ended ? length : length + 1;
            if (length > 0) {
                return path;
            }
        }
    }

    /** Gets more bytes behind those from {@code at} on, which move to the front; false at the end. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, at, buffer, 0, filled - at);
        filled -= at;
        at = 0;
        if (filled > LONGEST) {
            throw mistake("is longer than 1 MiB", separator == LINE ? "write one path a line" : "end each path with a zero byte");
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * filled);
        }
        int n = in.read(buffer, filled, buffer.length - filled);
        filled += Math.max(n, 0);
        return n > 0;
    }

    private CairnException mistake(String what, String remedy) {
        return new CairnException(ExitCode.USAGE, "entry " + (entry + 1) + " of file list '" + list + "' " + what, remedy);
    }
}

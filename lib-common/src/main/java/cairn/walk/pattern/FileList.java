package cairn.walk.pattern;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The paths of {@code --files-from} and {@code --files-from0}: literal names, one a line or one a zero byte, without
 * any globbing, quoting or comments. Empty ones do not count. Relative ones are relative to the working folder, which
 * the kernel gives without symlinks, so that {@code ..} at the start is resolved by the text; after a name it may mean
 * something else than it says and is refused.
 *
 * <p>They come out absolute, in the order of a walk, each once. A list of any length needs no more than the memory
 * given; what does not fit goes to the folder given.
 */
public final class FileList implements Closeable {
    /** For {@code --files-from}. */
    public static final byte LINE = '\n';
    /** For {@code --files-from0}. */
    public static final byte ZERO = 0;

    static final int LONGEST = 1 << 20;

    private final PathSorter sorter;
    private final PathSorter.Source sorted;

    private FileList(PathSorter sorter) throws IOException {
        this.sorter = sorter;
        sorted = sorter.finish();
    }

    /**
     * Reads a list to its end.
     *
     * @param in            is read but not closed
     * @param separator     {@link #LINE} or {@link #ZERO}
     * @param name          of the list, for messages
     * @param workingFolder absolute and without symlinks
     * @param folder        for sorting on disk
     * @param memory        bytes of names to hold at once
     * @throws CairnException (wrong usage) for a path that is longer than 1 MiB, holds a zero byte, or goes up from
     *                        a name
     */
    public static FileList read(InputStream in, byte separator, String name, byte[] workingFolder, Path folder,
            int memory) throws IOException {
        PathSorter sorter = new PathSorter(folder, memory);
        try {
            Reader reader = new Reader(in, separator, name);
            for (byte[] path = reader.next(); path != null; path = reader.next()) {
                sorter.add(reader.absolute(workingFolder, path));
            }
            return new FileList(sorter);
        } catch (IOException | RuntimeException e) {
            sorter.close();
            throw e;
        }
    }

    /** The next path, or null at the end. */
    public byte[] next() throws IOException {
        return sorted.next();
    }

    @Override
    public void close() throws IOException {
        sorter.close();
    }

    private static final class Reader {
        private final InputStream in;
        private final byte separator;
        private final String list;
        private byte[] buffer = new byte[1 << 16];
        private int at;
        private int filled;
        private long entry;

        Reader(InputStream in, byte separator, String list) {
            this.in = in;
            this.separator = separator;
            this.list = list;
        }

        /** The next entry that is not empty, or null. */
        byte[] next() throws IOException {
            while (true) {
                int length = 0;
                while ((at + length < filled || fill()) && buffer[at + length] != separator) {
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
                throw mistake(entry + 1, "is longer than 1 MiB",
                        separator == LINE ? "write one path a line" : "end each path with a zero byte");
            }
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * filled);
            }
            int n = in.read(buffer, filled, buffer.length - filled);
            filled += Math.max(n, 0);
            return n > 0;
        }

        private CairnException mistake(long number, String what, String remedy) {
            return new CairnException(ExitCode.USAGE, "entry " + number + " of file list '" + list + "' " + what, remedy);
        }

        byte[] absolute(byte[] workingFolder, byte[] path) throws CairnException {
            boolean named = false;
            boolean up = false;
            for (byte[] part : RawPath.split(path)) {
                boolean dots = part.length == 2 && part[0] == '.' && part[1] == '.';
                if (dots && named) {
                    throw mistake(entry, "goes up from a name: '" + RawString.printable(path) + "'",
                            "write the path without '..'");
                }
                up |= dots;
                named |= !dots;
            }
            for (byte b : path) {
                if (b == 0) {
                    throw mistake(entry, "holds a zero byte", "use --files-from0 for paths that end in one");
                }
            }
            byte[] joined = RawPath.join(workingFolder, path);
            return up ? RawPath.normaliseLexically(joined) : RawPath.normalise(joined);
        }
    }
}

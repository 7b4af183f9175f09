package cairn.posix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Paths as raw bytes: components separated by {@code /}. Nothing here asks the file system but {@link #absolute}. */
public final class RawPath {
    public static final byte[] ROOT = {'/'};
    private static final byte[] DOT = {'.'};
    private static final byte[] NONE = {};

    private RawPath() {}

    /** A path as key of a map: equal where the bytes are equal. The array must not change. */
    public static final class Key implements Comparable<Key> {
        private final byte[] path;

        public Key(byte[] path) {
            this.path = path;
        }

        public byte[] bytes() {
            return path;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(path, key.path);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(path);
        }

        @Override
        public int compareTo(Key other) {
            return compareTree(path, other.path);
        }

        @Override
        public String toString() {
            return RawString.printable(path);
        }
    }

    public static boolean isAbsolute(byte[] path) {
        return path.length > 0 && path[0] == '/';
    }

    /** {@code name} below {@code parent}; an absolute name stands for itself. */
    public static byte[] join(byte[] parent, byte[] name) {
        if (parent.length == 0 || isAbsolute(name)) {
            return name;
        }
        if (name.length == 0) {
            return parent;
        }
        boolean slash = parent[parent.length - 1] != '/';
        byte[] joined = Arrays.copyOf(parent, parent.length + (slash ? 1 : 0) + name.length);
        if (slash) {
            joined[parent.length] = '/';
        }
        System.arraycopy(name, 0, joined, joined.length - name.length, name.length);
        return joined;
    }

    /** The components, without empty ones and "."; ".." stays. The root has none. */
    public static byte[][] split(byte[] path) {
        List<byte[]> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= path.length; i++) {
            if (i == path.length || path[i] == '/') {
                if (i - start > 1 || i - start == 1 && path[start] != '.') {
                    parts.add(Arrays.copyOfRange(path, start, i));
                }
                start = i + 1;
            }
        }
        return parts.toArray(byte[][]::new);
    }

    /** Without empty components, "." and a slash at the end; ".." stays, since what it leads to depends on symlinks. */
    public static byte[] normalise(byte[] path) {
        return build(isAbsolute(path), split(path));
    }

    /**
     * As {@link #normalise}, and each ".." takes away the component before it, by the text alone: only where no
     * symlink can be on the way. Above the root is the root.
     */
    public static byte[] normaliseLexically(byte[] path) {
        boolean absolute = isAbsolute(path);
        List<byte[]> kept = new ArrayList<>();
        for (byte[] part : split(path)) {
            if (!isDotDot(part)) {
                kept.add(part);
            } else if (!kept.isEmpty() && !isDotDot(kept.getLast())) {
                kept.removeLast();
            } else if (!absolute) {
                kept.add(part);
            }
        }
        return build(absolute, kept.toArray(byte[][]::new));
    }

    private static boolean isDotDot(byte[] part) {
        return part.length == 2 && part[0] == '.' && part[1] == '.';
    }

    /** The path of components: "/" or "." if there is none. */
    public static byte[] build(boolean absolute, byte[]... parts) {
        if (parts.length == 0) {
            return absolute ? ROOT.clone() : DOT.clone();
        }
        int length = absolute ? parts.length : parts.length - 1;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] path = new byte[length];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i > 0 || absolute) {
                path[at++] = '/';
            }
            System.arraycopy(parts[i], 0, path, at, parts[i].length);
            at += parts[i].length;
        }
        return path;
    }

    /** Absolute against the working directory, and normalised; ".." stays. */
    public static byte[] absolute(byte[] path) throws PosixException {
        return normalise(isAbsolute(path) ? path : join(Sys.workingDirectory(), path));
    }

    /** The last component of a normalised path; of the root, nothing. */
    public static byte[] name(byte[] path) {
        return Arrays.copyOfRange(path, lastSlash(path) + 1, path.length);
    }

    /** What stands before the last component of a normalised path: of {@code /a} the root; of {@code a} nothing; of the root nothing. */
    public static byte[] parent(byte[] path) {
        int slash = lastSlash(path);
        if (slash < 0 || path.length == 1) {
            return NONE;
        }
        return slash == 0 ? ROOT.clone() : Arrays.copyOf(path, slash);
    }

    private static int lastSlash(byte[] path) {
        int i = path.length - 1;
        while (i >= 0 && path[i] != '/') {
            i--;
        }
        return i;
    }

    /** True if {@code path} is {@code ancestor} or lies below it; both normalised. */
    public static boolean isWithin(byte[] path, byte[] ancestor) {
        if (ancestor.length == 1 && ancestor[0] == '/') {
            return isAbsolute(path);
        }
        return path.length >= ancestor.length
                && Arrays.equals(path, 0, ancestor.length, ancestor, 0, ancestor.length)
                && (path.length == ancestor.length || path[ancestor.length] == '/');
    }

    /** Order of names within a directory: by unsigned bytes. */
    public static int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }

    /** Order of a depth-first walk: a directory, what is in it, then its next sibling; that is, {@code /} sorts first. */
    public static int compareTree(byte[] a, byte[] b) {
        int i = Arrays.mismatch(a, b);
        if (i < 0) {
            return 0;
        }
        return rank(a, i) - rank(b, i);
    }

    /** The same of paths that stand in larger arrays. */
    public static int compareTree(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        int i = Arrays.mismatch(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
        if (i < 0) {
            return 0;
        }
        return (i == aLength ? -1 : rank(a, aOffset + i)) - (i == bLength ? -1 : rank(b, bOffset + i));
    }

    private static int rank(byte[] path, int i) {
        return i == path.length ? -1 : path[i] == '/' ? 0 : path[i] & 0xFF;
    }
}

package cairn.walk;

import cairn.posix.Errno;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.posix.Sys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The paths to walk, as one tree from the root: several, relative, overlapping, each taken once. A path counts by where
 * it really is: symlinks on the way are resolved, one at the end is not, unless the path ends in a slash or {@code /.}.
 */
public final class Sources {
    /** A directory on the way to a source, or a source. */
    static final class Node {
        private NavigableMap<RawPath.Key, Node> children;
        boolean source;

        Node child(byte[] name) {
            return children == null ? null : children.get(new RawPath.Key(name));
        }

        private Node make(byte[] name) {
            if (children == null) {
                children = new TreeMap<>();
            }
            return children.computeIfAbsent(new RawPath.Key(name), key -> new Node());
        }

        boolean hasChildren() {
            return children != null;
        }

        /** The names of the children, in the order of unsigned bytes. */
        Collection<RawPath.Key> names() {
            return children == null ? List.of() : children.keySet();
        }
    }

    private final Node root = new Node();
    private final Mappings mappings;
    private byte[] lastParent;
    private List<byte[]> lastParentNames;

    public Sources() {
        this(Mappings.NONE);
    }

    /** @param mappings what is added below a folder of these is found at its place */
    public Sources(Mappings mappings) {
        this.mappings = mappings;
    }

    /**
     * Adds a path, relative to the working directory if it does not begin with a slash; literally, no character of it
     * has a meaning.
     *
     * @return where it is found, absolute: where it really is, if no mapping says otherwise
     * @throws PosixException if it does not exist or cannot be reached
     */
    public byte[] add(byte[] path) throws PosixException {
        if (path.length == 0) {
            throw new PosixException("open", path, Errno.ENOENT);
        }
        byte[] absolute = RawPath.isAbsolute(path) ? path : RawPath.join(Sys.workingDirectory(), path);
        List<byte[]> names;
        if (RealPath.asksToFollow(path)) {
            names = RealPath.resolve(absolute, true).names();
        } else {
            byte[] name = RawPath.name(absolute);
            names = new ArrayList<>(parent(Arrays.copyOf(absolute, absolute.length - name.length)));
            names.add(name);
            check(absolute, path);
        }
        List<byte[]> found = mappings.found(names);
        add(found);
        mappings.foundBelow(names).forEach(this::add);
        return RawPath.build(true, found.toArray(byte[][]::new));
    }

    /** Long lists name many files of the same folder. */
    private List<byte[]> parent(byte[] path) throws PosixException {
        if (!Arrays.equals(path, lastParent)) {
            lastParentNames = RealPath.resolve(path, true).names();
            lastParent = path;
        }
        return lastParentNames;
    }

    private static void check(byte[] absolute, byte[] given) throws PosixException {
        if (absolute.length < 4096) {
            try {
                new Stat().at(Open.AT_FDCWD, absolute);
            } catch (PosixException e) {
                throw e.on(given);
            }
        } else {
            RealPath.resolve(absolute, false);
        }
    }

    void add(List<byte[]> names) {
        Node node = root;
        for (byte[] name : names) {
            node = node.make(name);
        }
        node.source = true;
    }

    /** The same sources, to which others can be added. */
    Sources copy() {
        Sources copy = new Sources(mappings);
        copy(root, copy.root);
        return copy;
    }

    private static void copy(Node from, Node to) {
        to.source = from.source;
        if (from.children != null) {
            from.children.forEach((name, child) -> copy(child, to.make(name.bytes())));
        }
    }

    /** True if a path, by its components, is itself a source. */
    boolean isSource(List<byte[]> names) {
        Node node = root;
        for (byte[] name : names) {
            node = node == null ? null : node.child(name);
        }
        return node != null && node.source;
    }

    /** True if there is nothing to walk. */
    public boolean isEmpty() {
        return !root.source && root.children == null;
    }

    Mappings mappings() {
        return mappings;
    }

    Node root() {
        return root;
    }

    /** True if a path, by its components, is a source or lies below one. */
    boolean covers(List<byte[]> names) {
        Node node = root;
        for (byte[] name : names) {
            if (node.source) {
                return true;
            }
            node = node.child(name);
            if (node == null) {
                return false;
            }
        }
        return node.source;
    }

    /** The real paths of the sources in tree order, without those that lie below another. */
    public List<byte[]> paths() {
        List<byte[]> paths = new ArrayList<>();
        collect(root, RawPath.ROOT, paths);
        return paths;
    }

    private static void collect(Node node, byte[] path, List<byte[]> into) {
        if (node.source) {
            into.add(path);
        } else if (node.children != null) {
            node.children.forEach((name, child) -> collect(child, RawPath.join(path, name.bytes()), into));
        }
    }

    /**
     * The entries of a list of paths, without empty ones.
     *
     * @param separator newline or NUL
     */
    public static List<byte[]> readList(byte[] content, byte separator) {
        List<byte[]> paths = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= content.length; i++) {
            if (i == content.length || content[i] == separator) {
                if (i > start) {
                    paths.add(Arrays.copyOfRange(content, start, i));
                }
                start = i + 1;
            }
        }
        return paths;
    }
}

package cairn.walk;

import cairn.posix.Errno;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The paths to walk, in any number and order: several, relative, overlapping, each taken once. A path counts by where
 * it really is: symlinks on the way are resolved, one at the end is not, unless the path ends in a slash or {@code /.}.
 *
 * <p>A few paths are kept as one tree. Very many are sorted on disk, if there is a place for that; a walk goes along them.
 */
public final class Sources implements AutoCloseable {
    /** So many paths are kept in memory. */
    private static final int MOST_IN_MEMORY = 4096;
    /** So many paths are told one by one by {@link #paths}. */
    public static final int MOST_TOLD = 1000;

    private final SourceTree tree = new SourceTree();
    private final Mappings mappings;
    private final Spool spool;
    private SortedSources sorted;
    private boolean entries;
    private byte[] lastParent;
    private List<byte[]> lastParentNames;

    public Sources() {
        this(Mappings.NONE);
    }

    /** @param mappings what is added below a folder of these is found at its place */
    public Sources(Mappings mappings) {
        this(mappings, null);
    }

    /** @param spool where very many paths go; null to keep all in memory, as walks that follow symlinks need it */
    public Sources(Mappings mappings, Spool spool) {
        this.mappings = mappings;
        this.spool = spool;
    }

    /**
     * Adds a path, relative to the working directory if it does not begin with a slash; literally, no character of it
     * has a meaning.
     *
     * @return where it is found, absolute: where it really is, if no mapping says otherwise
     * @throws PosixException if it does not exist or cannot be reached
     */
    public byte[] add(byte[] path) throws IOException {
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
        for (List<byte[]> place : mappings.foundBelow(names)) {
            add(place);
        }
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

    void add(List<byte[]> names) throws IOException {
        put(names.toArray(byte[][]::new), true, 0, false);
    }

    /**
     * Adds one entry without what lies below it. Nothing is asked of the file system, and no mapping is applied: it is
     * where a walk finds it.
     *
     * @param path absolute, normalised
     * @param type what it has to be, one of the S_IF constants; 0 for anything
     * @param closed a directory that is not to be opened for reading
     */
    public void addEntry(byte[] path, int type, boolean closed) throws IOException {
        entries = true;
        put(RawPath.split(path), false, type, closed);
    }

    private void put(byte[][] names, boolean whole, int type, boolean closed) throws IOException {
        Wanted.Item item = new Wanted.Item(names, whole, type, closed);
        if (sorted != null) {
            sorted.add(item);
            return;
        }
        tree.add(item);
        if (spool != null && tree.size() > MOST_IN_MEMORY) {
            sorted = new SortedSources(spool);
            Wanted all = tree.wanted();
            for (Wanted.Item each = all.next(); each != null; each = all.next()) {
                sorted.add(each);
            }
            tree.clear();
        }
    }

    /** The same sources, to which others can be added. */
    Sources copy() {
        requireTree();
        Sources copy = new Sources(mappings);
        copy.tree.addAll(tree);
        return copy;
    }

    private void requireTree() {
        if (sorted != null) {
            throw new IllegalStateException("paths that are sorted on disk cannot be looked up");
        }
    }

    /** True if a path, by its components, is itself a source. */
    boolean isSource(List<byte[]> names) {
        requireTree();
        return tree.isSource(names);
    }

    /** True if a path, by its components, is a source or lies below one, or if there are too many to tell. */
    boolean covers(List<byte[]> names) {
        return sorted != null || tree.covers(names);
    }

    /** True if there is nothing to walk. */
    public boolean isEmpty() {
        return sorted == null && tree.isEmpty();
    }

    Mappings mappings() {
        return mappings;
    }

    /** Whether single entries are wanted, not all that lies below them. */
    boolean isEntries() {
        return entries;
    }

    /** A pass over all of them. */
    Wanted wanted() throws IOException {
        return sorted != null ? sorted.wanted() : tree.wanted();
    }

    /**
     * Where the sources are, in tree order, without those that lie below another; of more than {@value #MOST_TOLD} only the
     * folder that they all lie in.
     */
    public List<byte[]> paths() throws IOException {
        List<byte[]> paths = new ArrayList<>();
        byte[][] above = null;
        byte[] last = null;
        Wanted all = wanted();
        for (Wanted.Item item = all.next(); item != null; item = all.next()) {
            byte[] path = RawPath.build(true, item.names());
            if (last != null && RawPath.isWithin(path, last)) {
                continue;
            }
            last = path;
            above = above == null ? folder(item.names()) : common(above, item.names());
            if (paths.size() <= MOST_TOLD) {
                paths.add(path);
            }
        }
        return paths.size() > MOST_TOLD ? List.of(RawPath.build(true, above)) : paths;
    }

    /**
     * Paths that stand above all sources: those of {@code roots} that are not below another, and the innermost folder
     * that is one of those sources, or above them, that are not below these.
     */
    public List<byte[]> above(List<byte[]> roots) throws IOException {
        TreeSet<RawPath.Key> tops = outermost(roots);
        byte[][] rest = null;
        Wanted all = wanted();
        for (Wanted.Item item = all.next(); item != null; item = all.next()) {
            byte[] path = RawPath.build(true, item.names());
            RawPath.Key before = tops.floor(new RawPath.Key(path));
            if (before == null || !RawPath.isWithin(path, before.bytes())) {
                byte[][] place = item.type() == Stat.S_IFDIR ? item.names() : folder(item.names());
                rest = rest == null ? place : common(rest, place);
            }
        }
        List<byte[]> above = new ArrayList<>();
        tops.forEach(top -> above.add(top.bytes()));
        if (rest != null) {
            above.add(RawPath.build(true, rest));
        }
        return outermost(above).stream().map(RawPath.Key::bytes).toList();
    }

    private static TreeSet<RawPath.Key> outermost(List<byte[]> paths) {
        TreeSet<RawPath.Key> all = new TreeSet<>();
        paths.forEach(path -> all.add(new RawPath.Key(path)));
        TreeSet<RawPath.Key> tops = new TreeSet<>();
        for (RawPath.Key path : all) {
            if (tops.isEmpty() || !RawPath.isWithin(path.bytes(), tops.last().bytes())) {
                tops.add(path);
            }
        }
        return tops;
    }

    private static byte[][] folder(byte[][] names) {
        return Arrays.copyOf(names, Math.max(0, names.length - 1));
    }

    private static byte[][] common(byte[][] a, byte[][] b) {
        int same = 0;
        while (same < a.length && same < b.length && Arrays.equals(a[same], b[same])) {
            same++;
        }
        return same == a.length ? a : Arrays.copyOf(a, same);
    }

    @Override
    public void close() {
        if (sorted != null) {
            sorted.close();
        }
    }
}

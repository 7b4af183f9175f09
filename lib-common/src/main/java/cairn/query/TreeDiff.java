package cairn.query;

import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.repo.Repository;
import cairn.tree.Attributes;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import cairn.tree.Xattr;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Compares two trees by everything that a backup holds. Subtrees with the same id are the same and cost nothing; a
 * folder on disk is read. Holds one piece or one list of names a level.
 */
public final class TreeDiff implements AutoCloseable {
    private final Repository repository;
    private final Listener listener;
    private final boolean quick;
    private final ContentComparer contents;

    /** What a side has at a path that the other has not, or has otherwise. */
    public enum Change { ADDED, REMOVED, CHANGED }

    /** Hears of differences in order of the paths. */
    public interface Listener {
        /**
         * @param older null if it was added
         * @param newer null if it was removed
         * @param what  of both that differs: type, content, mode, owner, group, mtime, xattrs, flags, project, target, device, links
         */
        void difference(Change change, byte[] path, Entry older, Entry newer, List<String> what) throws IOException;

        /** Something on disk that cannot be read. */
        void problem(byte[] path, String message);
    }

    private static final class Level {
        final byte[] path;
        final FolderEntries older;
        final FolderEntries newer;
        boolean olderThere;
        boolean newerThere;

        Level(byte[] path, FolderEntries older, FolderEntries newer) throws IOException {
            this.path = path;
            this.older = older;
            this.newer = newer;
            olderThere = older != null && older.next();
            newerThere = newer != null && newer.next();
        }

        void close() {
            if (older != null) {
                older.close();
            }
            if (newer != null) {
                newer.close();
            }
        }
    }

    /** @param quick whether a file on disk with the size and time of the stored one is taken to have its content */
    public TreeDiff(Repository repository, boolean quick, Listener listener) {
        this.repository = repository;
        this.listener = listener;
        this.quick = quick;
        this.contents = new ContentComparer(repository);
    }

    /** Compares two stored entries, whatever their names. @param path of both, which the paths told begin with; may be empty */
    public void run(Entry older, Entry newer, byte[] path) throws IOException {
        compare(StoredEntries.of(repository.trees(), older), StoredEntries.of(repository.trees(), newer), path);
    }

    /** Compares a stored entry with what is at a path on disk. @throws PosixException if nothing is there */
    public void run(Entry older, byte[] onDisk, byte[] path) throws IOException {
        compare(StoredEntries.of(repository.trees(), older), DiskEntries.of(onDisk, listener), path);
    }

    private void compare(FolderEntries older, FolderEntries newer, byte[] path) throws IOException {
        Deque<Level> levels = new ArrayDeque<>();
        try {
            Level top = new Level(path, older, newer);
            levels.push(top);
            if (!top.newerThere) {
                newerMissing(top, levels);
            } else {
                push(levels, both(top, path.length == 0 ? new byte[] {'.'} : path, path));
            }
            while (levels.size() > 1) {
                Level level = levels.peek();
                if (!level.olderThere && !level.newerThere) {
                    level.close();
                    levels.pop();
                } else {
                    push(levels, next(level));
                }
            }
        } finally {
            levels.forEach(Level::close);
        }
    }

    private void newerMissing(Level top, Deque<Level> levels) throws IOException {
        listener.difference(Change.REMOVED, top.path.length == 0 ? new byte[] {'.'} : top.path, top.older.entry(), null, List.of());
        if (top.older.entry() instanceof Entry.Directory) {
            push(levels, below(top.path, top.older, null));
        }
    }

    private static void push(Deque<Level> levels, Level level) {
        if (level != null) {
            levels.push(level);
        }
    }

    /** Takes the next name of a folder. @return what is below it, or null */
    private Level next(Level level) throws IOException {
        int order = !level.olderThere ? 1 : !level.newerThere ? -1
                : Arrays.compareUnsigned(level.older.entry().name(), level.newer.entry().name());
        byte[] path = RawPath.join(level.path, (order <= 0 ? level.older : level.newer).entry().name());
        Level below;
        if (order == 0) {
            below = both(level, path, path);
        } else {
            FolderEntries side = order < 0 ? level.older : level.newer;
            Entry entry = side.entry();
            listener.difference(order < 0 ? Change.REMOVED : Change.ADDED, path, order < 0 ? entry : null, order < 0 ? null : entry, List.of());
            below = entry instanceof Entry.Directory ? order < 0 ? below(path, side, null) : below(path, null, side) : null;
        }
        if (order <= 0) {
            level.olderThere = level.older.next();
        }
        if (order >= 0) {
            level.newerThere = level.newer.next();
        }
        return below;
    }

    private static Level below(byte[] path, FolderEntries older, FolderEntries newer) throws IOException {
        FolderEntries left = older == null ? null : older.open(newer == null);
        FolderEntries right = newer == null ? null : newer.open(older == null);
        return new Level(path, left, right);
    }

    private Level both(Level level, byte[] told, byte[] path) throws IOException {
        Entry older = level.older.entry();
        Entry newer = level.newer.entry();
        List<String> what = what(level);
        if (!what.isEmpty()) {
            listener.difference(Change.CHANGED, told, older, newer, List.copyOf(what));
        }
        boolean left = older instanceof Entry.Directory;
        boolean right = newer instanceof Entry.Directory;
        if (left && right && level.newer.onDisk()) {
            boolean empty = !repository.trees().directory(((Entry.Directory) older).tree()).next();
            FolderEntries disk = level.newer.open(empty);
            return disk == null ? null : new Level(path, level.older.open(false), disk);
        }
        if (left && right && ((Entry.Directory) older).tree().equals(((Entry.Directory) newer).tree())) {
            return null;
        }
        return left || right ? below(path, left ? level.older : null, right ? level.newer : null) : null;
    }

    private List<String> what(Level level) throws IOException {
        Entry older = level.older.entry();
        Entry newer = level.newer.entry();
        List<String> what = new ArrayList<>();
        if (older.type() != newer.type()) {
            what.add("type");
        } else if (older instanceof Entry.File a && newer instanceof Entry.File b) {
            add(what, "content", !sameContent(level, a, b));
        } else if (older instanceof Entry.Symlink a && newer instanceof Entry.Symlink b) {
            add(what, "target", !Arrays.equals(a.target(), b.target()));
        } else if (older instanceof Entry.Special a && newer instanceof Entry.Special b) {
            add(what, "device", a.major() != b.major() || a.minor() != b.minor());
        }
        Attributes a = older.attributes();
        Attributes b = newer.attributes();
        add(what, "mode", a.mode() != b.mode());
        add(what, "owner", a.uid() != b.uid());
        add(what, "group", a.gid() != b.gid());
        add(what, "mtime", a.mtimeSeconds() != b.mtimeSeconds() || a.mtimeNanos() != b.mtimeNanos());
        add(what, "xattrs", !same(a.xattrs(), b.xattrs()));
        add(what, "flags", a.inodeFlags() != b.inodeFlags());
        add(what, "project", a.projectId() != b.projectId());
        add(what, "links", !level.newer.onDisk() && (a.linkGroup() == null) != (b.linkGroup() == null));
        return what;
    }

    private static void add(List<String> what, String word, boolean differs) {
        if (differs) {
            what.add(word);
        }
    }

    private boolean sameContent(Level level, Entry.File older, Entry.File newer) throws IOException {
        if (!level.newer.onDisk()) {
            return contents.same(older, newer);
        }
        Attributes a = older.attributes();
        Attributes b = newer.attributes();
        boolean sameTime = a.mtimeSeconds() == b.mtimeSeconds() && a.mtimeNanos() == b.mtimeNanos();
        if (quick || level.newer.file() < 0) {
            return older.size() == newer.size() && (sameTime || level.newer.file() < 0);
        }
        try {
            return contents.same(older, level.newer.file(), newer.size());
        } catch (PosixException e) {
            listener.problem(RawPath.join(level.path, newer.name()), "cannot be read: " + e.reason());
            return true;
        }
    }

    private static boolean same(List<Xattr> one, List<Xattr> two) {
        if (one.size() != two.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!Arrays.equals(one.get(i).name(), two.get(i).name()) || !Arrays.equals(one.get(i).value(), two.get(i).value())) {
                return false;
            }
        }
        return true;
    }

    /** Whether an entry is a folder: for paths as people read them. */
    public static boolean isFolder(Entry entry) {
        return entry != null && entry.type() == EntryType.DIRECTORY;
    }

    @Override
    public void close() {
        contents.close();
    }
}

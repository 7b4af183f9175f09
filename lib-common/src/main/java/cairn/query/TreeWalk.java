package cairn.query;

import cairn.error.CairnException;
import cairn.posix.RawPath;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Goes through everything below an entry, a folder before what is in it and names in unsigned byte order. Holds one
 * piece a level of the tree, whatever the number of entries, and no call a level, so that depth has no limit.
 */
public final class TreeWalk {
    private record Level(byte[] path, TreeReader.DirectoryCursor entries) {
    }

    private final TreeReader trees;
    private final Damage damage;
    private final Deque<Level> levels = new ArrayDeque<>();
    private byte[] path;
    private Entry entry;
    private boolean enter;

    /**
     * @param folder whose entries come first
     * @param path   of the folder, which the paths of its entries begin with; empty for paths relative to it
     * @param damage hears of each folder that cannot be read to its end; the walk goes on behind it
     */
    public TreeWalk(TreeReader trees, Entry.Directory folder, byte[] path, Damage damage) {
        this.trees = trees;
        this.damage = damage;
        levels.push(new Level(path, trees.directory(folder.tree())));
    }

    /** Moves to the next entry; false at the end. */
    public boolean next() throws IOException {
        if (enter) {
            enter = false;
            levels.push(new Level(path, trees.directory(((Entry.Directory) entry).tree())));
        }
        while (!levels.isEmpty()) {
            Level level = levels.peek();
            if (next(level)) {
                entry = level.entries.entry();
                path = RawPath.join(level.path, entry.name());
                enter = entry instanceof Entry.Directory;
                return true;
            }
            levels.pop();
        }
        return false;
    }

    private boolean next(Level level) throws IOException {
        try {
            return level.entries.next();
        } catch (CairnException e) {
            Damage.orThrow(e);
            damage.folder(level.path, e);
            return false;
        }
    }

    public Entry entry() {
        return entry;
    }

    public byte[] path() {
        return path;
    }

    /** How many folders lie between the first one and the entry. */
    public int depth() {
        return levels.size() - 1;
    }

    /** Leaves out what is in the folder that {@link #next()} moved to. */
    public void skip() {
        enter = false;
    }
}

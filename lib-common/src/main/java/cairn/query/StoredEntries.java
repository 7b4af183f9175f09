package cairn.query;

import cairn.tree.Entry;
import cairn.tree.TreeReader;
import java.io.IOException;

/** Entries of a folder in a backup. */
final class StoredEntries implements FolderEntries {
    private final TreeReader trees;
    private final TreeReader.DirectoryCursor cursor;
    private final Entry single;
    private boolean done;

    private StoredEntries(TreeReader trees, TreeReader.DirectoryCursor cursor, Entry single) {
        this.trees = trees;
        this.cursor = cursor;
        this.single = single;
    }

    /** One entry. */
    static StoredEntries of(TreeReader trees, Entry entry) {
        return new StoredEntries(trees, null, entry);
    }

    @Override
    public boolean next() throws IOException {
        if (cursor != null) {
            return cursor.next();
        }
        boolean first = !done;
        done = true;
        return first;
    }

    @Override
    public Entry entry() {
        return cursor != null ? cursor.entry() : single;
    }

    @Override
    public FolderEntries open(boolean emptyOtherwise) {
        return new StoredEntries(trees, trees.directory(((Entry.Directory) entry()).tree()), null);
    }

    @Override
    public int file() {
        return -1;
    }

    @Override
    public boolean onDisk() {
        return false;
    }

    @Override
    public void close() {
    }
}

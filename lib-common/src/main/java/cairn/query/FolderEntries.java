package cairn.query;

import cairn.tree.Entry;
import java.io.Closeable;
import java.io.IOException;

/** The entries of a folder in order of their names, stored or on disk: one side of a {@link TreeDiff}. */
interface FolderEntries extends Closeable {
    /** Moves to the next entry; false at the end. */
    boolean next() throws IOException;

    /** Its attributes; what stands for content is null on disk. */
    Entry entry();

    /**
     * The entries of the folder in hand, to be closed by the caller.
     *
     * @param emptyOtherwise whether the other side has nothing in the folder
     * @return null if the folder is not to be gone into
     */
    FolderEntries open(boolean emptyOtherwise) throws IOException;

    /** The descriptor of the file in hand, valid until the next move; -1 if it is stored or cannot be read. */
    int file();

    boolean onDisk();

    @Override
    void close();
}

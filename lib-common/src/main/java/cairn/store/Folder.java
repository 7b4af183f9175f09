package cairn.store;

import java.io.Closeable;
import java.io.IOException;

/**
 * The system calls that {@link LocalFolder} is made of, on names below one directory handle. Names are those of
 * {@link StoredName}, plus temporary ones; {@code ""} is the directory itself, others have no slash at the end.
 * Failures are {@link FolderException}s.
 */
interface Folder extends Closeable {

    /** A regular file, open. */
    interface OpenFile extends Closeable {
        /** Reads up to {@code length} bytes at {@code offset}; less only at the end of the file. Thread-safe. */
        int read(long offset, byte[] buffer, int start, int length) throws IOException;

        /** Appends all bytes. */
        void write(byte[] bytes, int start, int length) throws IOException;

        long size() throws IOException;

        /** Makes content and size durable. */
        void sync() throws IOException;
    }

    /** Called for each entry of a directory, except {@code .} and {@code ..}. */
    interface EachEntry {
        void entry(String name);
    }

    /** What is known of an entry; {@code links} counts hard links; {@code modifiedNanos} since 1970. */
    record Entry(boolean isFile, boolean isFolder, long size, long modifiedSeconds, int modifiedNanos, int links) {}

    /** Whether other machines may write to it, so that what they did is seen late. */
    boolean isShared();

    /** Opens a file for reading. */
    OpenFile open(String name) throws IOException;

    /** Creates a file that must not be there, for writing. */
    OpenFile create(String name) throws IOException;

    /** Calls {@code each} with the names in one directory; names that are not ASCII may be left out. */
    void list(String folder, EachEntry each) throws IOException;

    /** Looks at an entry, following a symbolic link (somebody may have moved {@code packs} to another disk). */
    Entry stat(String name) throws IOException;

    /** Gives a file a second name, which must not be there. */
    void link(String from, String to) throws IOException;

    /** Renames a file to a name that must not be there. */
    void renameToNew(String from, String to) throws IOException;

    /** Renames a file, replacing any that has the name. */
    void rename(String from, String to) throws IOException;

    void unlink(String name) throws IOException;

    void makeFolder(String name) throws IOException;

    /** Makes the names in a directory durable. */
    void sync(String folder) throws IOException;
}

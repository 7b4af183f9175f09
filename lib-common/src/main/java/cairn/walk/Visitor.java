package cairn.walk;

import cairn.posix.Errno;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import java.io.IOException;

/**
 * What a {@link Walk} tells, on the walking thread: each directory is entered, then its entries come in the order of
 * their raw names (unsigned bytes), a subdirectory with everything in it at its place, then it is left. The first
 * directory is always the root. An exception ends the walk.
 */
public interface Visitor {
    /** Everything up to the matching {@link #leaveDirectory} is in this directory. */
    void enterDirectory(Directory directory) throws IOException;

    /**
     * An entry that is not a directory.
     *
     * @param stat valid until this call returns: copy what is kept
     */
    void entry(Directory directory, byte[] name, Stat stat) throws IOException;

    void leaveDirectory(Directory directory) throws IOException;

    /**
     * Something is not walked. Where the reason says that it is {@link LeftOut#keptEmpty}, its directory is entered
     * and left without its entries.
     *
     * @param detail the type of the file system, the name of the tag, the target of the link; or null
     */
    void leftOut(byte[] path, LeftOut reason, String detail) throws IOException;

    /**
     * Something is of another type than it has to be, and is not walked.
     *
     * @param expected one of the S_IF constants
     * @param found one of the S_IF constants
     */
    default void changed(byte[] path, int expected, int found) throws IOException {
        problem(path, new PosixException("save", path, Errno.ESTALE));
    }

    /** Something that could not be read when the list of what is walked was made. */
    default void told(byte[] path, String message) throws IOException {
        problem(path, new PosixException("scan", path, Errno.EIO));
    }

    /** Something could not be read or has vanished; the walk goes on. */
    void problem(byte[] path, PosixException error) throws IOException;
}

package cairn.posix;

import java.io.IOException;

/**
 * A system call that failed. The message is one line: what was tried, on which name, and why in the words of
 * {@link Errno#message}.
 */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String operation;
    private final byte[] path;

    /**
     * @param operation what was tried, as a verb: "open", "set owner of"
     * @param path the raw name that it was tried on, or null if there is none
     */
    public PosixException(String operation, byte[] path, int errno) {
        this(operation, path, errno, null);
    }

    private PosixException(String operation, byte[] path, int errno, Throwable cause) {
        super(null, cause);
        this.operation = operation;
        this.path = path == null ? null : path.clone();
        this.errno = errno;
    }

    @Override
    public String getMessage() {
        return path == null
                ? "cannot " + operation + ": " + reason()
                : "cannot " + operation + " '" + RawString.printable(path) + "': " + reason();
    }

    /** The same failure told of another name, for callers that know the whole path. */
    public PosixException on(byte[] fullPath) {
        return new PosixException(operation, fullPath, errno, this);
    }

    /** The error number, one of {@link Errno}. */
    public int errno() {
        return errno;
    }

    /** What was tried, as a verb. */
    public String operation() {
        return operation;
    }

    /** The raw name that it was tried on, or null. */
    public byte[] path() {
        return path == null ? null : path.clone();
    }

    /** Why, without the name: "no such file or directory". */
    public String reason() {
        return Errno.message(errno);
    }

    /** Nothing has this name, or something on the way to it is not a directory. */
    public boolean isNotFound() {
        return errno == Errno.ENOENT || errno == Errno.ENOTDIR;
    }

    public boolean isExists() {
        return errno == Errno.EEXIST;
    }

    /** The rights of this process do not suffice. */
    public boolean isDenied() {
        return errno == Errno.EACCES || errno == Errno.EPERM;
    }

    /** The file system, the kernel or this kind of file does not have what was asked for. */
    public boolean isUnsupported() {
        return errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS || errno == Errno.ENOTTY;
    }

    /** No room: the disk or the quota is full. */
    public boolean isFull() {
        return errno == Errno.ENOSPC || errno == Errno.EDQUOT;
    }
}

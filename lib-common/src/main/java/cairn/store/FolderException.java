package cairn.store;

import java.io.IOException;

/** A system call that failed, sorted by what {@link LocalFolder} makes of it. */
final class FolderException extends IOException {

    enum Kind {
        /** ENOENT, ENOTDIR */
        MISSING,
        /** EEXIST */
        EXISTS,
        /** ENOSPC */
        FULL,
        /** EDQUOT */
        QUOTA,
        /** EROFS */
        READ_ONLY,
        /** EACCES, EPERM */
        DENIED,
        /** ENOSYS, EOPNOTSUPP, EINVAL, EMLINK, EPERM of a link: the file system cannot do this */
        UNSUPPORTED,
        /** EIO, EUCLEAN: the disk, or the file system on it, is broken here */
        BROKEN,
        OTHER
    }

    private final Kind kind;

    FolderException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}

package cairn.snapshot;

import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;

/** Folders for one user alone. */
final class Folders {
    private Folders() {}

    static void make(byte[] path) throws PosixException {
        try {
            Dirs.mkdir(Open.AT_FDCWD, path, 0700);
        } catch (PosixException e) {
            if (e.isExists() || path.length <= 1) {
                return;
            }
            if (!e.isNotFound()) {
                throw e;
            }
            make(RawPath.parent(path));
            make(path);
        }
    }
}

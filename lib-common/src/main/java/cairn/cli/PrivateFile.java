package cairn.cli;

import cairn.posix.Dirs;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;

/** Files outside of the repository that are for their owner alone: key files, and what the program remembers. */
final class PrivateFile {
    private static final int FILE_MODE = 0600;
    private static final int FOLDER_MODE = 0700;

    private PrivateFile() {}

    /**
     * Makes a file that survives a power cut once this returns, and the folders above it.
     *
     * @param path raw; a symlink in its place is not followed
     * @throws PosixException EEXIST if there is anything of this name
     */
    static void create(byte[] path, byte[] content) throws PosixException {
        byte[] absolute = RawPath.absolute(path);
        byte[] folder = RawPath.parent(absolute);
        makeFolders(folder);
        int flags = Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL | Open.O_NOFOLLOW | Open.O_CLOEXEC;
        int fd = Open.openat(Open.AT_FDCWD, absolute, flags, FILE_MODE);
        try {
            Io.write(fd, content, 0, content.length);
            Io.fsync(fd);
        } catch (PosixException e) {
            Dirs.unlink(Open.AT_FDCWD, absolute);
            throw e.on(path);
        } finally {
            Open.close(fd);
        }
        int parent = Open.openat(Open.AT_FDCWD, folder, Open.O_RDONLY | Open.O_DIRECTORY | Open.O_CLOEXEC, 0);
        try {
            Io.fsync(parent);
        } finally {
            Open.close(parent);
        }
    }

    private static void makeFolders(byte[] path) throws PosixException {
        try {
            Dirs.mkdir(Open.AT_FDCWD, path, FOLDER_MODE);
        } catch (PosixException e) {
            if (e.isExists() || path.length <= 1) return;
            if (!e.isNotFound()) throw e;
            makeFolders(RawPath.parent(path));
            makeFolders(path);
        }
    }
}

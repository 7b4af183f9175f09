package cairn.store;

import cairn.posix.DirStream;
import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.FileSystem;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.store.FolderException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@link Folder} by system calls on one directory handle. */
final class PosixFolder implements Folder {
    private static final int FILE_MODE = 0600;
    private static final int FOLDER_MODE = 0700;

    private final int root;

    private PosixFolder(int root) {
        this.root = root;
    }

    /** Opens a directory by a raw path of any length. */
    static PosixFolder open(byte[] path) throws IOException {
        return call(() -> new PosixFolder(
                Open.openLong(Open.AT_FDCWD, path, Open.O_RDONLY | Open.O_DIRECTORY, 0)));
    }

    /** Makes a directory and those above it, each durable; does nothing if it is there. */
    static void makeAll(byte[] path) throws IOException {
        byte[] absolute = call(() -> RawPath.absolute(path));
        try {
            open(absolute).close();
            return;
        } catch (FolderException e) {
            if (e.kind() != Kind.MISSING || absolute.length == 1) {
                throw e;
            }
        }
        makeAll(RawPath.parent(absolute));
        try (PosixFolder parent = open(RawPath.parent(absolute))) {
            byte[] name = RawPath.name(absolute);
            call(() -> {
                Dirs.mkdir(parent.root, name, FOLDER_MODE);
                return null;
            });
            parent.sync("");
        } catch (FolderException e) {
            if (e.kind() != Kind.EXISTS) { // another one makes it at the same time
                throw e;
            }
        }
    }

    private interface Call<T> {
        T run() throws PosixException;
    }

    private static <T> T call(Call<T> call) throws FolderException {
        try {
            return call.run();
        } catch (PosixException e) {
            throw new FolderException(
                    switch (e.errno()) {
                        case Errno.ENOENT, Errno.ENOTDIR, Errno.EISDIR -> Kind.MISSING;
                        case Errno.EEXIST -> Kind.EXISTS;
                        case Errno.ENOSPC -> Kind.FULL;
                        case Errno.EDQUOT -> Kind.QUOTA;
                        case Errno.EROFS -> Kind.READ_ONLY;
                        case Errno.EACCES, Errno.EPERM -> Kind.DENIED;
                        case Errno.ENOSYS, Errno.EOPNOTSUPP -> Kind.UNSUPPORTED;
                        case Errno.EIO, Errno.EUCLEAN -> Kind.BROKEN;
                        default -> Kind.OTHER;
                    },
                    e.reason(),
                    e);
        }
    }

    /** As {@link #call}; some more errors say that the file system cannot do it. */
    private static void call(Call<Void> call, int... unsupported) throws FolderException {
        try {
            call(call);
        } catch (FolderException e) {
            for (int errno : unsupported) {
                if (e.getCause() instanceof PosixException cause && cause.errno() == errno) {
                    throw new FolderException(Kind.UNSUPPORTED, e.getMessage(), e);
                }
            }
            throw e;
        }
    }

    private static byte[] raw(String name) {
        return (name.isEmpty() ? "." : name).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean isShared() {
        try {
            return FileSystem.isShared(FileSystem.of(root).type());
        } catch (PosixException unknown) {
            return true; // to wait in vain does no harm
        }
    }

    @Override
    public OpenFile open(String name) throws IOException {
        // not blocking: somebody may have put a fifo there
        int flags = Open.O_RDONLY | Open.O_NONBLOCK | Open.O_NOCTTY;
        return new PosixFile(call(() -> Open.openat(root, raw(name), flags, 0)), false);
    }

    @Override
    public OpenFile create(String name) throws IOException {
        int flags = Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL | Open.O_NOFOLLOW;
        return new PosixFile(call(() -> Open.openat(root, raw(name), flags, FILE_MODE)), true);
    }

    @Override
    public void list(String folder, EachEntry each) throws IOException {
        int fd = call(() -> Open.openat(root, raw(folder), Open.O_RDONLY | Open.O_DIRECTORY, 0));
        try {
            DirStream entries = new DirStream(fd);
            while (call(entries::next)) {
                each.entry(new String(entries.name(), StandardCharsets.ISO_8859_1));
            }
        } finally {
            Open.close(fd);
        }
    }

    @Override
    public Entry stat(String name) throws IOException {
        Stat is = call(() -> new Stat().at(root, raw(name), 0));
        return new Entry(is.isRegular(), is.isDirectory(), is.size(), is.mtime(), is.mtimeNanos(), is.nlink());
    }

    @Override
    public void link(String from, String to) throws IOException {
        // EPERM: no links here (vfat); EMLINK: not one more of this file
        call(() -> {
            Dirs.link(root, raw(from), root, raw(to));
            return null;
        }, Errno.EPERM, Errno.EMLINK);
    }

    @Override
    public void renameToNew(String from, String to) throws IOException {
        // EINVAL: the file system does not know the flag (NFS)
        call(() -> {
            Dirs.rename(root, raw(from), root, raw(to), Dirs.RENAME_NOREPLACE);
            return null;
        }, Errno.EINVAL);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        call(() -> {
            Dirs.rename(root, raw(from), root, raw(to), 0);
            return null;
        });
    }

    @Override
    public void unlink(String name) throws IOException {
        call(() -> {
            Dirs.unlink(root, raw(name));
            return null;
        });
    }

    @Override
    public void makeFolder(String name) throws IOException {
        call(() -> {
            Dirs.mkdir(root, raw(name), FOLDER_MODE);
            return null;
        });
    }

    @Override
    public void sync(String folder) throws IOException {
        int fd = call(() -> Open.openat(root, raw(folder), Open.O_RDONLY | Open.O_DIRECTORY, 0));
        try {
            // EINVAL: some file systems (CIFS, FUSE) have no such thing and need none
            call(() -> {
                Io.fsync(fd);
                return null;
            }, Errno.EINVAL);
        } catch (FolderException e) {
            if (e.kind() != Kind.UNSUPPORTED) {
                throw e;
            }
        } finally {
            Open.close(fd);
        }
    }

    @Override
    public void close() {
        Open.close(root);
    }

    private record PosixFile(int fd, boolean written) implements OpenFile {
        @Override
        public int read(long offset, byte[] buffer, int start, int length) throws IOException {
            return call(() -> Io.pread(fd, offset, buffer, start, length));
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            call(() -> {
                Io.write(fd, bytes, start, length);
                return null;
            });
        }

        @Override
        public long size() throws IOException {
            return call(() -> new Stat().of(fd)).size();
        }

        @Override
        public void sync() throws IOException {
            call(() -> {
                Io.fsync(fd);
                return null;
            });
        }

        @Override
        public void close() throws IOException {
            if (!written) {
                Open.close(fd);
                return;
            }
            call(() -> {
                Open.closeWritten(fd);
                return null;
            });
        }
    }
}

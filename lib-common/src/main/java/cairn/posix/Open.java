package cairn.posix;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Opening and closing: file descriptors are plain {@code int}s, owned by whoever opened them. Every descriptor is made
 * with {@code O_CLOEXEC}. See open(2), openat2(2).
 */
public final class Open {
    /** As directory descriptor: names are relative to the working directory. */
    public static final int AT_FDCWD = -100;

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NOCTTY = 0x100;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_DSYNC = 0x1000;
    public static final int O_NOATIME = 0x40000;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    public static final int O_DIRECTORY = Native.AARCH64 ? 0x4000 : 0x10000;
    public static final int O_NOFOLLOW = Native.AARCH64 ? 0x8000 : 0x20000;
    public static final int O_DIRECT = Native.AARCH64 ? 0x10000 : 0x4000;
    public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

    /** Do not cross a mount point. */
    public static final int RESOLVE_NO_XDEV = 0x01;
    public static final int RESOLVE_NO_MAGICLINKS = 0x02;
    public static final int RESOLVE_NO_SYMLINKS = 0x04;
    /** Stay below the directory descriptor. */
    public static final int RESOLVE_BENEATH = 0x08;
    public static final int RESOLVE_IN_ROOT = 0x10;

    private static final MemorySegment OPENAT = Native.function("openat");
    private static final MemorySegment CLOSE = Native.function("close");
    private static final MemorySegment FCNTL = Native.function("fcntl");
    private static final long SYS_OPENAT2 = 437;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private Open() {}

    /** Opens {@code name} relative to {@code dirfd}; {@code mode} counts only where a file is made. */
    public static int openat(int dirfd, byte[] name, int flags, int mode) throws PosixException {
        Scratch s = Scratch.get();
        long path = s.path(name, "open");
        long result;
        do {
            result = Native.call(OPENAT, s, dirfd, path, flags | O_CLOEXEC, mode);
        } while (Native.interrupted(s, result));
        return Native.check(s, result, "open", name);
    }

    /**
     * Opens a file for reading. {@code O_NOATIME} is tried first and left out where it is refused (it is allowed to the
     * owner and to root only); {@code O_NONBLOCK} so that a file swapped for a fifo cannot block.
     */
    public static int forReading(int dirfd, byte[] name, int extraFlags) throws PosixException {
        int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | extraFlags;
        Scratch s = Scratch.get();
        long path = s.path(name, "open");
        long result;
        do {
            result = Native.call(OPENAT, s, dirfd, path, flags | O_NOATIME, 0);
        } while (Native.interrupted(s, result));
        if ((int) result == -1 && s.errno() == Errno.EPERM) {
            return openat(dirfd, name, flags, 0);
        }
        return Native.check(s, result, "open", name);
    }

    /** Opens {@code name} relative to {@code dirfd} under the RESOLVE_ limits {@code resolve}. */
    public static int openat2(int dirfd, byte[] name, int flags, int mode, int resolve) throws PosixException {
        Scratch s = Scratch.get();
        long path = s.path(name, "open");
        boolean makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
        s.putLong(0, Integer.toUnsignedLong(flags | O_CLOEXEC));
        s.putLong(8, makes ? mode : 0);
        s.putLong(16, resolve);
        long result;
        do {
            // EAGAIN: a rename went on at the same time, so the kernel could not vouch for ".."
            result = Native.syscall(s, SYS_OPENAT2, dirfd, path, s.struct(), 24);
        } while ((int) result == -1 && (s.errno() == Errno.EINTR || s.errno() == Errno.EAGAIN));
        return Native.check(s, result, "open", name);
    }

    /**
     * Opens a path of any length: the components before the last 4095 bytes are opened one stretch after the other.
     * Symlinks on the way are followed, as the kernel would.
     */
    public static int openLong(int dirfd, byte[] path, int flags, int mode) throws PosixException {
        int at = 0;
        int current = dirfd;
        try {
            while (path.length - at >= Scratch.PATH_MAX) {
                int end = at + Scratch.PATH_MAX - 1;
                while (end > at && path[end] != '/') {
                    end--;
                }
                if (end <= at) {
                    throw new PosixException("open", path, Errno.ENAMETOOLONG);
                }
                int next = openat(current, Arrays.copyOfRange(path, at, end), O_PATH | O_DIRECTORY, 0);
                closeUnless(current, dirfd);
                current = next;
                at = end;
                while (at < path.length && path[at] == '/') {
                    at++;
                }
            }
            byte[] rest = at == 0 ? path : Arrays.copyOfRange(path, at, path.length);
            return openat(current, rest.length == 0 && at > 0 ? new byte[] {'.'} : rest, flags, mode);
        } catch (PosixException e) {
            throw e.on(path);
        } finally {
            closeUnless(current, dirfd);
        }
    }

    private static void closeUnless(int fd, int kept) {
        if (fd != kept) {
            close(fd);
        }
    }

    /** Opens again what {@code fd} (of {@code O_PATH} for example) stands for, by {@code /proc/self/fd}. */
    public static int reopen(int fd, int flags) throws PosixException {
        Scratch s = Scratch.get();
        long path = s.fdPath(fd);
        long result;
        do {
            result = Native.call(OPENAT, s, AT_FDCWD, path, flags | O_CLOEXEC, 0);
        } while (Native.interrupted(s, result));
        return Native.check(s, result, "reopen", null);
    }

    /** Closes a descriptor that was only read from. Nothing can be lost, so that errors are ignored. */
    public static void close(int fd) {
        Native.call(CLOSE, Scratch.get(), fd);
    }

    /** Closes a descriptor that was written to: some file systems (NFS, FUSE) tell of failed writes only here. */
    public static void closeWritten(int fd) throws PosixException {
        Scratch s = Scratch.get();
        long result = Native.call(CLOSE, s, fd);
        if ((int) result == -1 && s.errno() != Errno.EINTR) {
            throw new PosixException("close", null, s.errno());
        }
    }

    public static int dup(int fd) throws PosixException {
        return fcntl(fd, F_DUPFD_CLOEXEC, 0);
    }

    /** fcntl(2) with an integer argument. */
    public static int fcntl(int fd, int command, long argument) throws PosixException {
        Scratch s = Scratch.get();
        return Native.check(s, Native.call(FCNTL, s, fd, command, argument), "fcntl", null);
    }
}

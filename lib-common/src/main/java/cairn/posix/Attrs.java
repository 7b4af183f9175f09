package cairn.posix;

import java.lang.foreign.MemorySegment;

/** Owners, permissions and times. */
public final class Attrs {
    /** As nanoseconds of {@link #times}: leave this time as it is. */
    public static final int UTIME_OMIT = (1 << 30) - 2;
    /** As nanoseconds of {@link #times}: the present. */
    public static final int UTIME_NOW = (1 << 30) - 1;

    private static final MemorySegment FCHMOD = Native.function("fchmod");
    private static final MemorySegment FCHMODAT = Native.function("fchmodat");
    private static final MemorySegment FCHOWNAT = Native.function("fchownat");
    private static final MemorySegment UTIMENSAT = Native.function("utimensat");
    private static final MemorySegment FUTIMENS = Native.function("futimens");
    private static final byte[] EMPTY = {};

    private Attrs() {}

    /** Sets the permissions (12 bits) of a file that is open, not by {@code O_PATH}. */
    public static void chmod(int fd, int mode) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(FCHMOD, s, fd, mode), "set mode of", null);
    }

    /** Sets the permissions of what an {@code O_PATH} descriptor stands for; refused (EOPNOTSUPP) for symlinks. */
    public static void chmodPathFd(int pathFd, int mode) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(FCHMODAT, s, Open.AT_FDCWD, s.fdPath(pathFd), mode, 0), "set mode of", null);
    }

    /**
     * Sets the permissions of {@code name}. It must not be a symlink: that is followed. Where another might swap it,
     * use {@link #chmodPathFd}.
     */
    public static void chmodat(int dirfd, byte[] name, int mode) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(FCHMODAT, s, dirfd, s.path(name, "set mode of"), mode, 0), "set mode of", name);
    }

    /** Sets owner and group of an open file, {@code O_PATH} too; -1 leaves one as it is. */
    public static void chown(int fd, int uid, int gid) throws PosixException {
        Scratch s = Scratch.get();
        long path = s.path(EMPTY, "set owner of");
        Native.check(s, Native.call(FCHOWNAT, s, fd, path, uid, gid, Stat.AT_EMPTY_PATH), "set owner of", null);
    }

    /** Sets owner and group of {@code name}, of a symlink itself. */
    public static void chownat(int dirfd, byte[] name, int uid, int gid) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(FCHOWNAT, s, dirfd, s.path(name, "set owner of"), uid, gid,
                Stat.AT_SYMLINK_NOFOLLOW), "set owner of", name);
    }

    /** Sets the time of modification of an open file, not of {@code O_PATH}; that of access stays. */
    public static void mtime(int fd, long seconds, int nanos) throws PosixException {
        Scratch s = Scratch.get();
        long times = times(s, 0, UTIME_OMIT, seconds, nanos);
        Native.check(s, Native.call(FUTIMENS, s, fd, times), "set times of", null);
    }

    /** Sets the time of modification of {@code name}, of a symlink itself; that of access stays. */
    public static void mtimeat(int dirfd, byte[] name, long seconds, int nanos) throws PosixException {
        timesat(dirfd, name, 0, UTIME_OMIT, seconds, nanos);
    }

    /** Sets both times of {@code name}, of a symlink itself. */
    public static void timesat(int dirfd, byte[] name, long atime, int atimeNanos, long mtime, int mtimeNanos)
            throws PosixException {
        Scratch s = Scratch.get();
        long path = s.path(name, "set times of");
        long times = times(s, atime, atimeNanos, mtime, mtimeNanos);
        Native.check(s, Native.call(UTIMENSAT, s, dirfd, path, times, Stat.AT_SYMLINK_NOFOLLOW), "set times of",
                name);
    }

    private static long times(Scratch s, long atime, int atimeNanos, long mtime, int mtimeNanos) {
        s.putLong(0, atime);
        s.putLong(8, atimeNanos);
        s.putLong(16, mtime);
        s.putLong(24, mtimeNanos);
        return s.struct();
    }
}

package cairn.posix;

import java.lang.foreign.MemorySegment;

/**
 * What statx(2) tells of one file: a reusable holder, filled by {@link #at} and {@link #of}. Times are seconds since
 * 1970 (negative before) and nanoseconds 0 to 999,999,999, counted forward. Not safe for use by several threads.
 */
public final class Stat {
    /** Kinds of files as {@link #type} gives them: the upper bits of the mode. */
    public static final int S_IFMT = 0xF000;
    public static final int S_IFIFO = 0x1000;
    public static final int S_IFCHR = 0x2000;
    public static final int S_IFDIR = 0x4000;
    public static final int S_IFBLK = 0x6000;
    public static final int S_IFREG = 0x8000;
    public static final int S_IFLNK = 0xA000;
    public static final int S_IFSOCK = 0xC000;

    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    /** Do not mount anything at the last component. */
    public static final int AT_NO_AUTOMOUNT = 0x800;
    /** With an empty name: the descriptor itself. */
    public static final int AT_EMPTY_PATH = 0x1000;
    /** Network file systems: ask the server. */
    public static final int AT_STATX_FORCE_SYNC = 0x2000;

    /** Bits of {@link #attributes}. */
    public static final long ATTR_COMPRESSED = 0x4;
    public static final long ATTR_IMMUTABLE = 0x10;
    public static final long ATTR_APPEND = 0x20;
    public static final long ATTR_NODUMP = 0x40;
    public static final long ATTR_ENCRYPTED = 0x800;
    /** Going in would mount something. */
    public static final long ATTR_AUTOMOUNT = 0x1000;
    public static final long ATTR_MOUNT_ROOT = 0x2000;
    public static final long ATTR_VERITY = 0x100000;
    public static final long ATTR_DAX = 0x200000;

    private static final MemorySegment STATX = Native.function("statx");
    private static final int MASK_BASIC = 0x7FF;
    private static final int MASK_MOUNT_ID = 0x1000;
    private static final int MASK = MASK_BASIC | MASK_MOUNT_ID;
    private static final byte[] EMPTY = {};

    private int mask;
    private int mode;
    private int nlink;
    private int uid;
    private int gid;
    private long attributes;
    private long ino;
    private long size;
    private long blocks;
    private long ctime;
    private int ctimeNanos;
    private long mtime;
    private int mtimeNanos;
    private int rdevMajor;
    private int rdevMinor;
    private int devMajor;
    private int devMinor;
    private long mountId;

    /** Asks for {@code name} below {@code dirfd}: never follows a symlink there, never mounts anything there. */
    public Stat at(int dirfd, byte[] name) throws PosixException {
        return at(dirfd, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
    }

    /** Asks for {@code name} below {@code dirfd} with the AT_ flags given. */
    public Stat at(int dirfd, byte[] name, int flags) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(STATX, s, dirfd, s.path(name, "stat"), flags, MASK, s.struct()), "stat", name);
        fill(s);
        return this;
    }

    /** As {@link #at(int, byte[])}, but false where there is no such file. */
    public boolean exists(int dirfd, byte[] name) throws PosixException {
        Scratch s = Scratch.get();
        long result = Native.call(STATX, s, dirfd, s.path(name, "stat"), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, MASK,
                s.struct());
        if ((int) result == -1 && s.errno() == Errno.ENOENT) {
            return false;
        }
        Native.check(s, result, "stat", name);
        fill(s);
        return true;
    }

    /** Asks for an open file. */
    public Stat of(int fd) throws PosixException {
        Scratch s = Scratch.get();
        long path = s.path(EMPTY, "stat");
        Native.check(s, Native.call(STATX, s, fd, path, AT_EMPTY_PATH | AT_NO_AUTOMOUNT, MASK, s.struct()), "stat",
                null);
        fill(s);
        return this;
    }

    /** The offsets of {@code struct statx}, the same on every architecture. */
    private void fill(Scratch s) {
        mask = s.getInt(0);
        attributes = s.getLong(8);
        nlink = s.getInt(16);
        uid = s.getInt(20);
        gid = s.getInt(24);
        mode = s.getInt(28) & 0xFFFF;
        ino = s.getLong(32);
        size = s.getLong(40);
        blocks = s.getLong(48);
        ctime = s.getLong(96);
        ctimeNanos = s.getInt(104);
        mtime = s.getLong(112);
        mtimeNanos = s.getInt(120);
        rdevMajor = s.getInt(128);
        rdevMinor = s.getInt(132);
        devMajor = s.getInt(136);
        devMinor = s.getInt(140);
        mountId = s.getLong(144);
    }

    /** A copy that later calls do not change. */
    public Stat copy() {
        return new Stat().set(this);
    }

    /** Takes over everything of {@code other}. */
    public Stat set(Stat other) {
        mask = other.mask;
        attributes = other.attributes;
        nlink = other.nlink;
        uid = other.uid;
        gid = other.gid;
        mode = other.mode;
        ino = other.ino;
        size = other.size;
        blocks = other.blocks;
        ctime = other.ctime;
        ctimeNanos = other.ctimeNanos;
        mtime = other.mtime;
        mtimeNanos = other.mtimeNanos;
        rdevMajor = other.rdevMajor;
        rdevMinor = other.rdevMinor;
        devMajor = other.devMajor;
        devMinor = other.devMinor;
        mountId = other.mountId;
        return this;
    }

    /** Same device and inode: the same file, if both were asked while it existed. */
    public boolean sameFile(Stat other) {
        return ino == other.ino && dev() == other.dev();
    }

    /** One of the S_IF constants. */
    public int type() {
        return mode & S_IFMT;
    }

    public boolean isDirectory() {
        return type() == S_IFDIR;
    }

    public boolean isRegular() {
        return type() == S_IFREG;
    }

    public boolean isSymlink() {
        return type() == S_IFLNK;
    }

    /** A character or block device. */
    public boolean isDevice() {
        return type() == S_IFCHR || type() == S_IFBLK;
    }

    /** Type and permissions, 16 bits. */
    public int mode() {
        return mode;
    }

    /** Permissions with set-id and sticky bits, 12 bits. */
    public int permissions() {
        return mode & 0xFFF;
    }

    public int nlink() {
        return nlink;
    }

    /** The owner, an unsigned 32-bit number. */
    public int uid() {
        return uid;
    }

    /** The group, an unsigned 32-bit number. */
    public int gid() {
        return gid;
    }

    /** The ATTR_ bits. */
    public long attributes() {
        return attributes;
    }

    public boolean isAutomount() {
        return (attributes & ATTR_AUTOMOUNT) != 0;
    }

    public boolean isMountRoot() {
        return (attributes & ATTR_MOUNT_ROOT) != 0;
    }

    public long ino() {
        return ino;
    }

    /** Bytes. */
    public long size() {
        return size;
    }

    /** Room taken, in units of 512 bytes. */
    public long blocks() {
        return blocks;
    }

    public long mtime() {
        return mtime;
    }

    public int mtimeNanos() {
        return mtimeNanos;
    }

    public long ctime() {
        return ctime;
    }

    public int ctimeNanos() {
        return ctimeNanos;
    }

    /** The device that the file lies on: major number in the upper 32 bits, minor in the lower. */
    public long dev() {
        return (long) devMajor << 32 | devMinor & 0xFFFFFFFFL;
    }

    public int devMajor() {
        return devMajor;
    }

    public int devMinor() {
        return devMinor;
    }

    /** Of a device file: which device. */
    public int rdevMajor() {
        return rdevMajor;
    }

    public int rdevMinor() {
        return rdevMinor;
    }

    /** The number of the mount as in {@link Mounts}, or 0 on kernels before 5.8. */
    public long mountId() {
        return (mask & MASK_MOUNT_ID) != 0 ? mountId : 0;
    }
}

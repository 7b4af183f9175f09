package cairn.posix;

import java.lang.foreign.MemorySegment;

/** The flags of inodes that {@code chattr} and {@code lsattr} know, and project ids. See ioctl_iflags(2), ioctl_xfs_fsgetxattr(2). */
public final class Inodes {
    /** Some of the flags of {@link #flags}. */
    public static final int FS_SYNC_FL = 0x8;
    public static final int FS_IMMUTABLE_FL = 0x10;
    public static final int FS_APPEND_FL = 0x20;
    public static final int FS_NODUMP_FL = 0x40;
    public static final int FS_NOATIME_FL = 0x80;
    public static final int FS_NOCOW_FL = 0x800000;
    public static final int FS_PROJINHERIT_FL = 0x20000000;

    private static final MemorySegment IOCTL = Native.function("ioctl");
    private static final long FS_IOC_GETFLAGS = 0x80086601L;
    private static final long FS_IOC_SETFLAGS = 0x40086602L;
    private static final long FS_IOC_FSGETXATTR = 0x801C581FL;
    private static final long FS_IOC_FSSETXATTR = 0x401C5820L;
    private static final int FSXATTR_SIZE = 28;
    private static final int FSXATTR_PROJECT = 12;

    private Inodes() {}

    /** The FS_..._FL flags of an open regular file or directory. */
    public static int flags(int fd) throws PosixException {
        Scratch s = Scratch.get();
        s.putLong(0, 0);
        Native.check(s, Native.call(IOCTL, s, fd, FS_IOC_GETFLAGS, s.struct()), "get inode flags of", null);
        return s.getInt(0);
    }

    public static void setFlags(int fd, int flags) throws PosixException {
        Scratch s = Scratch.get();
        s.putLong(0, Integer.toUnsignedLong(flags));
        Native.check(s, Native.call(IOCTL, s, fd, FS_IOC_SETFLAGS, s.struct()), "set inode flags of", null);
    }

    /** The project id of an open regular file or directory, an unsigned 32-bit number. */
    public static int project(int fd) throws PosixException {
        Scratch s = Scratch.get();
        s.clearStruct(FSXATTR_SIZE);
        Native.check(s, Native.call(IOCTL, s, fd, FS_IOC_FSGETXATTR, s.struct()), "get project of", null);
        return s.getInt(FSXATTR_PROJECT);
    }

    public static void setProject(int fd, int project) throws PosixException {
        Scratch s = Scratch.get();
        s.clearStruct(FSXATTR_SIZE);
        Native.check(s, Native.call(IOCTL, s, fd, FS_IOC_FSGETXATTR, s.struct()), "set project of", null);
        s.putInt(FSXATTR_PROJECT, project);
        Native.check(s, Native.call(IOCTL, s, fd, FS_IOC_FSSETXATTR, s.struct()), "set project of", null);
    }
}

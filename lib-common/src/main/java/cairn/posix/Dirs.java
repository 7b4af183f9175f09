package cairn.posix;

import java.lang.foreign.MemorySegment;

/** Names in directories: everything is relative to a directory descriptor, as in the {@code *at} system calls. */
public final class Dirs {
    /** For {@link #rename}: fail if the new name exists; swap the two. */
    public static final int RENAME_NOREPLACE = 1;
    public static final int RENAME_EXCHANGE = 2;

    private static final MemorySegment MKDIRAT = Native.function("mkdirat");
    private static final MemorySegment SYMLINKAT = Native.function("symlinkat");
    private static final MemorySegment LINKAT = Native.function("linkat");
    private static final MemorySegment READLINKAT = Native.function("readlinkat");
    private static final MemorySegment UNLINKAT = Native.function("unlinkat");
    private static final MemorySegment RENAMEAT2 = Native.function("renameat2");
    private static final long SYS_MKNODAT = Native.AARCH64 ? 33 : 259;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_SYMLINK_FOLLOW = 0x400;

    private Dirs() {}

    public static void mkdir(int dirfd, byte[] name, int mode) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(MKDIRAT, s, dirfd, s.path(name, "make directory"), mode), "make directory", name);
    }

    /**
     * Makes a fifo, socket, device or empty file.
     *
     * @param mode type (one of {@link Stat}'s S_IF constants) and permissions
     * @param major,minor of a device, else 0; 12 and 20 bits
     */
    public static void mknod(int dirfd, byte[] name, int mode, int major, int minor) throws PosixException {
        Scratch s = Scratch.get();
        // the encoding of the kernel's new_encode_dev
        long device = (minor & 0xFF) | Integer.toUnsignedLong(major) << 8 | (long) (minor & ~0xFF) << 12;
        Native.check(s, Native.syscall(s, SYS_MKNODAT, dirfd, s.path(name, "make node"), mode, device & 0xFFFFFFFFL),
                "make node", name);
    }

    /** Makes the symlink {@code name} that points to {@code target}, at most 4095 bytes. */
    public static void symlink(byte[] target, int dirfd, byte[] name) throws PosixException {
        Scratch s = Scratch.get();
        long to = s.path2(target, "make symlink");
        Native.check(s, Native.call(SYMLINKAT, s, to, dirfd, s.path(name, "make symlink")), "make symlink", name);
    }

    /** Gives the file {@code oldName} (a symlink: itself) the further name {@code newName}. */
    public static void link(int oldDir, byte[] oldName, int newDir, byte[] newName) throws PosixException {
        Scratch s = Scratch.get();
        long from = s.path(oldName, "link");
        long to = s.path2(newName, "link");
        Native.check(s, Native.call(LINKAT, s, oldDir, from, newDir, to, 0), "link", newName);
    }

    /** Gives an open file, one of {@code O_TMPFILE} or {@code O_PATH} too, the name {@code newName}. */
    public static void linkFd(int fd, int newDir, byte[] newName) throws PosixException {
        Scratch s = Scratch.get();
        long to = s.path2(newName, "link");
        // AT_EMPTY_PATH would need CAP_DAC_READ_SEARCH before Linux 6.10
        Native.check(s, Native.call(LINKAT, s, Open.AT_FDCWD, s.fdPath(fd), newDir, to, AT_SYMLINK_FOLLOW), "link",
                newName);
    }

    /** The target of a symlink, whole. */
    public static byte[] readlink(int dirfd, byte[] name) throws PosixException {
        Scratch s = Scratch.get();
        long io = s.io();
        long path = s.path(name, "read symlink");
        int length = (int) Native.checkLong(s,
                Native.call(READLINKAT, s, dirfd, path, io, Scratch.IO_SIZE), "read symlink", name);
        byte[] target = new byte[length];
        s.fromIo(target, 0, length);
        return target;
    }

    /** Removes a name of anything but a directory. */
    public static void unlink(int dirfd, byte[] name) throws PosixException {
        unlinkat(dirfd, name, 0);
    }

    /** Removes an empty directory. */
    public static void rmdir(int dirfd, byte[] name) throws PosixException {
        unlinkat(dirfd, name, AT_REMOVEDIR);
    }

    private static void unlinkat(int dirfd, byte[] name, int flags) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(UNLINKAT, s, dirfd, s.path(name, "remove"), flags), "remove", name);
    }

    /** Renames; {@code flags} 0 replaces what has the new name. */
    public static void rename(int oldDir, byte[] oldName, int newDir, byte[] newName, int flags)
            throws PosixException {
        Scratch s = Scratch.get();
        long from = s.path(oldName, "rename");
        long to = s.path2(newName, "rename");
        Native.check(s, Native.call(RENAMEAT2, s, oldDir, from, newDir, to, flags), "rename", oldName);
    }
}

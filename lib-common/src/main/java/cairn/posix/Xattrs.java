package cairn.posix;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Extended attributes of every namespace, names and values raw. Three ways lead to a file: an open descriptor; a
 * name below a directory descriptor ({@code ...At}: symlinks and special files themselves, without opening them, by
 * {@code /proc/self/fd/N/name}); and an {@code O_PATH} descriptor ({@code ...PathFd}). See xattr(7).
 */
public final class Xattrs {
    /** For the setters: fail with EEXIST if it exists; fail with ENODATA if it does not. */
    public static final int XATTR_CREATE = 1;
    public static final int XATTR_REPLACE = 2;

    private static final byte[][] NONE = {};
    private static final MemorySegment FLIST = Native.function("flistxattr");
    private static final MemorySegment LLIST = Native.function("llistxattr");
    private static final MemorySegment LIST = Native.function("listxattr");
    private static final MemorySegment FGET = Native.function("fgetxattr");
    private static final MemorySegment LGET = Native.function("lgetxattr");
    private static final MemorySegment GET = Native.function("getxattr");
    private static final MemorySegment FSET = Native.function("fsetxattr");
    private static final MemorySegment LSET = Native.function("lsetxattr");
    private static final MemorySegment SET = Native.function("setxattr");
    private static final MemorySegment FREMOVE = Native.function("fremovexattr");
    private static final MemorySegment LREMOVE = Native.function("lremovexattr");
    private static final MemorySegment REMOVE = Native.function("removexattr");
    private static final String LISTING = "list attributes of";
    private static final String GETTING = "get attribute of";
    private static final String SETTING = "set attribute of";
    private static final String REMOVING = "remove attribute of";

    private Xattrs() {}

    /** The names, in the order of the file system; none where it has no attributes at all. */
    public static byte[][] list(int fd) throws PosixException {
        Scratch s = Scratch.get();
        return list(s, FLIST, fd, null);
    }

    public static byte[][] listAt(int dirfd, byte[] name) throws PosixException {
        Scratch s = Scratch.get();
        return list(s, LLIST, s.fdPath(dirfd, name, LISTING), name);
    }

    public static byte[][] listPathFd(int pathFd) throws PosixException {
        Scratch s = Scratch.get();
        return list(s, LIST, s.fdPath(pathFd), null);
    }

    /** The value, or null if it has no such attribute. */
    public static byte[] get(int fd, byte[] attribute) throws PosixException {
        Scratch s = Scratch.get();
        return get(s, FGET, fd, attribute, null);
    }

    public static byte[] getAt(int dirfd, byte[] name, byte[] attribute) throws PosixException {
        Scratch s = Scratch.get();
        return get(s, LGET, s.fdPath(dirfd, name, GETTING), attribute, name);
    }

    public static byte[] getPathFd(int pathFd, byte[] attribute) throws PosixException {
        Scratch s = Scratch.get();
        return get(s, GET, s.fdPath(pathFd), attribute, null);
    }

    /** Sets a value of at most 64 KiB; {@code flags} 0 makes or replaces it. */
    public static void set(int fd, byte[] attribute, byte[] value, int flags) throws PosixException {
        Scratch s = Scratch.get();
        set(s, FSET, fd, attribute, value, flags, null);
    }

    public static void setAt(int dirfd, byte[] name, byte[] attribute, byte[] value, int flags)
            throws PosixException {
        Scratch s = Scratch.get();
        set(s, LSET, s.fdPath(dirfd, name, SETTING), attribute, value, flags, name);
    }

    public static void setPathFd(int pathFd, byte[] attribute, byte[] value, int flags) throws PosixException {
        Scratch s = Scratch.get();
        set(s, SET, s.fdPath(pathFd), attribute, value, flags, null);
    }

    /** Removes an attribute; false if it has none of this name. */
    public static boolean remove(int fd, byte[] attribute) throws PosixException {
        Scratch s = Scratch.get();
        return remove(s, FREMOVE, fd, attribute, null);
    }

    public static boolean removeAt(int dirfd, byte[] name, byte[] attribute) throws PosixException {
        Scratch s = Scratch.get();
        return remove(s, LREMOVE, s.fdPath(dirfd, name, REMOVING), attribute, name);
    }

    public static boolean removePathFd(int pathFd, byte[] attribute) throws PosixException {
        Scratch s = Scratch.get();
        return remove(s, REMOVE, s.fdPath(pathFd), attribute, null);
    }

    private static byte[][] list(Scratch s, MemorySegment function, long file, byte[] name) throws PosixException {
        // 64 KiB is the kernel's own limit of a list, the buffer is larger
        long io = s.io();
        long result = Native.call(function, s, file, io, Scratch.IO_SIZE);
        if (result == 0 || result == -1 && s.errno() == Errno.EOPNOTSUPP) {
            return NONE;
        }
        int length = (int) Native.checkLong(s, result, LISTING, name);
        byte[] all = new byte[length];
        s.fromIo(all, 0, length);
        int count = 0;
        for (byte b : all) {
            if (b == 0) {
                count++;
            }
        }
        byte[][] names = new byte[count][];
        int start = 0;
        for (int i = 0; i < count; i++) {
            int end = start;
            while (all[end] != 0) {
                end++;
            }
            names[i] = Arrays.copyOfRange(all, start, end);
            start = end + 1;
        }
        return names;
    }

    private static byte[] get(Scratch s, MemorySegment function, long file, byte[] attribute, byte[] name)
            throws PosixException {
        long key = s.path2(attribute, GETTING);
        long io = s.io();
        long result = Native.call(function, s, file, key, io, Scratch.IO_SIZE);
        if (result == -1 && s.errno() == Errno.ENODATA) {
            return null;
        }
        int length = (int) Native.checkLong(s, result, GETTING, name);
        byte[] value = new byte[length];
        s.fromIo(value, 0, length);
        return value;
    }

    private static void set(Scratch s, MemorySegment function, long file, byte[] attribute, byte[] value, int flags,
            byte[] name) throws PosixException {
        long key = s.path2(attribute, SETTING);
        if (value.length > Scratch.IO_SIZE) {
            throw new PosixException(SETTING, name, Errno.EFBIG);
        }
        long io = s.toIo(value, 0, value.length);
        Native.check(s, Native.call(function, s, file, key, io, value.length, flags), SETTING, name);
    }

    private static boolean remove(Scratch s, MemorySegment function, long file, byte[] attribute, byte[] name)
            throws PosixException {
        long result = Native.call(function, s, file, s.path2(attribute, REMOVING));
        if ((int) result == -1 && s.errno() == Errno.ENODATA) {
            return false;
        }
        Native.check(s, result, REMOVING, name);
        return true;
    }
}

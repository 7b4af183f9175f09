package cairn.posix;

import java.util.Arrays;

/** The process, the terminal and the machine. */
public final class Sys {
    private static final long TIOCGWINSZ = 0x5413;
    private static final long TIOCGPGRP = 0x540F;
    private static final int LOCK_EX_NB = 2 | 4;
    private static final int LOCK_SH_NB = 1 | 4;
    private static final int LOCK_UN = 8;

    private Sys() {}

    /** The effective user id, an unsigned 32-bit number. */
    public static int euid() {
        return (int) Native.call(Native.function("geteuid"), Scratch.get(), 0);
    }

    /** The effective group id, an unsigned 32-bit number. */
    public static int egid() {
        return (int) Native.call(Native.function("getegid"), Scratch.get(), 0);
    }

    public static int pid() {
        return (int) Native.call(Native.function("getpid"), Scratch.get(), 0);
    }

    /** Sets the process's mask of permissions; returns the old one. */
    public static int umask(int mask) {
        return (int) Native.call(Native.function("umask"), Scratch.get(), mask);
    }

    public static boolean isatty(int fd) {
        return (int) Native.call(Native.function("isatty"), Scratch.get(), fd) == 1;
    }

    /** The columns of the terminal that {@code fd} is, or 0 if it is none or does not tell. */
    public static int columns(int fd) {
        Scratch s = Scratch.get();
        s.putLong(0, 0);
        return (int) Native.call(Native.function("ioctl"), s, fd, TIOCGWINSZ, s.struct()) == -1
                ? 0 : s.getInt(0) >>> 16;
    }

    /**
     * True if this process is in the foreground of a terminal, which then sends signals of the keyboard to all processes
     * of the group by itself.
     */
    public static boolean isForeground() {
        int terminal;
        try {
            terminal = Open.openat(Open.AT_FDCWD, RawString.encode("/dev/tty"), Open.O_RDONLY | Open.O_NOCTTY, 0);
        } catch (PosixException e) {
            return false;
        }
        Scratch s = Scratch.get();
        s.putInt(0, 0);
        boolean answered = (int) Native.call(Native.function("ioctl"), s, terminal, TIOCGPGRP, s.struct()) == 0;
        int foreground = s.getInt(0);
        Open.close(terminal);
        return answered && foreground == (int) Native.call(Native.function("getpgrp"), s, 0);
    }

    /** True if a process with this number exists, whoever owns it. */
    public static boolean isAlive(int pid) {
        Scratch s = Scratch.get();
        return pid > 0 && ((int) Native.call(Native.function("kill"), s, pid, 0) == 0 || s.errno() == Errno.EPERM);
    }

    /** Takes a flock(2) lock if that needs no waiting; false if another has it. It ends with the descriptor. */
    public static boolean tryLock(int fd, boolean shared) throws PosixException {
        Scratch s = Scratch.get();
        long result;
        do {
            result = Native.call(Native.function("flock"), s, fd, shared ? LOCK_SH_NB : LOCK_EX_NB);
        } while (Native.interrupted(s, result));
        if ((int) result == -1 && s.errno() == Errno.EAGAIN) {
            return false;
        }
        Native.check(s, result, "lock", null);
        return true;
    }

    public static void unlock(int fd) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(Native.function("flock"), s, fd, LOCK_UN), "unlock", null);
    }

    /** The raw name of this host. */
    public static byte[] hostname() throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(Native.function("gethostname"), s, s.io(), 255), "get host name", null);
        return s.stringFromIo(255);
    }

    /** The working directory, absolute and raw; ENOENT if it was removed. */
    public static byte[] workingDirectory() throws PosixException {
        Scratch s = Scratch.get();
        long result = Native.call(Native.function("getcwd"), s, s.io(), Scratch.IO_SIZE);
        if (result == 0) {
            throw new PosixException("find working directory", null, s.errno());
        }
        byte[] path = s.stringFromIo(Scratch.IO_SIZE);
        if (path.length == 0 || path[0] != '/') {
            throw new PosixException("find working directory", null, Errno.ENOENT);
        }
        return path;
    }

    /** The whole content of a file of unknown size, as those in {@code /proc} are; at most 2 GiB. */
    public static byte[] readFile(int dirfd, byte[] name) throws PosixException {
        int fd = Open.openat(dirfd, name, Open.O_RDONLY, 0);
        try {
            byte[] content = new byte[8192];
            int length = 0;
            while (true) {
                if (length == content.length) {
                    content = Arrays.copyOf(content, Math.multiplyExact(2, length));
                }
                int count = Io.read(fd, content, length, content.length - length);
                if (count == 0) {
                    return Arrays.copyOf(content, length);
                }
                length += count;
            }
        } finally {
            Open.close(fd);
        }
    }
}

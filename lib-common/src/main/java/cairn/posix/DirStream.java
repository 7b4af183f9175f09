package cairn.posix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The entries of an open directory in the order of the file system, without "." and "..". It reads many at a time
 * (getdents64(2)) and keeps them, so that other calls may be made between two entries. The descriptor stays the
 * caller's. It can be used again for the next directory.
 */
public final class DirStream {
    /** What {@link #type} gives where the file system does not tell. */
    public static final int DT_UNKNOWN = 0;
    public static final int DT_FIFO = 1;
    public static final int DT_CHR = 2;
    public static final int DT_DIR = 4;
    public static final int DT_BLK = 6;
    public static final int DT_REG = 8;
    public static final int DT_LNK = 10;
    public static final int DT_SOCK = 12;

    private static final long SYS_GETDENTS64 = Native.AARCH64 ? 61 : 217;
    private static final int NATIVE_SIZE = 64 * 1024;
    private static final int NAME = 19;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private int fd;
    private byte[] buffer = new byte[4096];
    private int limit;
    private int at;
    private int next;
    private int nameEnd;

    public DirStream(int fd) {
        this.fd = fd;
    }

    /** Begins with another directory, at its first entry. */
    public void reset(int newFd) {
        fd = newFd;
        limit = 0;
        next = 0;
    }

    /** Goes to the next entry; false after the last. */
    public boolean next() throws PosixException {
        do {
            if (next >= limit && !fill()) {
                return false;
            }
            at = next;
            next = at + ((short) SHORT.get(buffer, at + 16) & 0xFFFF);
        } while (isDot());
        int end = at + NAME;
        while (buffer[end] != 0) {
            end++;
        }
        nameEnd = end;
        return true;
    }

    private boolean isDot() {
        int name = at + NAME;
        return buffer[name] == '.' && (buffer[name + 1] == 0 || buffer[name + 1] == '.' && buffer[name + 2] == 0);
    }

    private boolean fill() throws PosixException {
        Scratch s = Scratch.get();
        long io = s.io();
        long result;
        do {
            result = Native.syscall(s, SYS_GETDENTS64, fd, io, NATIVE_SIZE, 0);
        } while (Native.interrupted(s, result));
        limit = (int) Native.checkLong(s, result, "list", null);
        next = 0;
        if (buffer.length < limit) {
            buffer = new byte[Math.max(limit, Math.min(2 * buffer.length, NATIVE_SIZE))];
        }
        s.fromIo(buffer, 0, limit);
        return limit > 0;
    }

    /** The raw name. */
    public byte[] name() {
        return Arrays.copyOfRange(buffer, at + NAME, nameEnd);
    }

    /** A DT_ constant. */
    public int type() {
        return buffer[at + 18];
    }

    /** The inode as the directory tells it: at a mount point that of what is covered. */
    public long ino() {
        return (long) LONG.get(buffer, at);
    }
}

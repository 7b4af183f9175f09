package cairn.posix;

import java.lang.foreign.MemorySegment;

/** Room and sharing of content: allocation, holes, clones. See fallocate(2), ioctl_ficlone(2), copy_file_range(2). */
public final class Extents {
    private static final MemorySegment FALLOCATE = Native.function("fallocate");
    private static final MemorySegment IOCTL = Native.function("ioctl");
    private static final MemorySegment COPY_FILE_RANGE = Native.function("copy_file_range");

    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final long FICLONE = 0x40049409L;
    private static final long FICLONERANGE = 0x4020940DL;

    private Extents() {}

    /** Makes a hole; the size of the file stays. */
    public static void punchHole(int fd, long offset, long length) throws PosixException {
        fallocate(fd, PUNCH_HOLE | KEEP_SIZE, offset, length);
    }

    /** Reserves room; the size grows to {@code offset + length} unless {@code keepSize}. */
    public static void allocate(int fd, long offset, long length, boolean keepSize) throws PosixException {
        fallocate(fd, keepSize ? KEEP_SIZE : 0, offset, length);
    }

    private static void fallocate(int fd, int mode, long offset, long length) throws PosixException {
        Scratch s = Scratch.get();
        long result;
        do {
            result = Native.call(FALLOCATE, s, fd, mode, offset, length);
        } while (Native.interrupted(s, result));
        Native.check(s, result, "allocate", null);
    }

    /** Makes {@code target} share all content of {@code source}. */
    public static void clone(int source, int target) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(IOCTL, s, target, FICLONE, source), "clone", null);
    }

    /** Makes a range of {@code target} share content of {@code source}; length 0 means up to the end. */
    public static void cloneRange(int source, long sourceOffset, long length, int target, long targetOffset)
            throws PosixException {
        Scratch s = Scratch.get();
        s.putLong(0, source);
        s.putLong(8, sourceOffset);
        s.putLong(16, length);
        s.putLong(24, targetOffset);
        Native.check(s, Native.call(IOCTL, s, target, FICLONERANGE, s.struct()), "clone", null);
    }

    /** Copies inside the kernel, up to {@code length} bytes in one go; returns how many, 0 at the end of the source. */
    public static long copyRange(int source, long sourceOffset, int target, long targetOffset, long length)
            throws PosixException {
        Scratch s = Scratch.get();
        long result;
        do {
            s.putLong(0, sourceOffset);
            s.putLong(8, targetOffset);
            result = Native.call(COPY_FILE_RANGE, s, source, s.struct(), target, s.struct() + 8, length, 0);
        } while (Native.interrupted(s, result));
        return Native.checkLong(s, result, "copy", null);
    }
}

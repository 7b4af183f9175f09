package cairn.posix;

import java.lang.foreign.MemorySegment;

/** Content of open files. Offsets and lengths are in bytes; interrupted calls are made again. */
public final class Io {
    private static final MemorySegment READ = Native.function("read");
    private static final MemorySegment PREAD = Native.function("pread");
    private static final MemorySegment WRITE = Native.function("write");
    private static final MemorySegment PWRITE = Native.function("pwrite");
    private static final MemorySegment LSEEK = Native.function("lseek");
    private static final MemorySegment FTRUNCATE = Native.function("ftruncate");
    private static final MemorySegment FSYNC = Native.function("fsync");
    private static final MemorySegment FDATASYNC = Native.function("fdatasync");
    private static final MemorySegment SYNCFS = Native.function("syncfs");
    private static final MemorySegment FADVISE = Native.function("posix_fadvise");

    private static final int SEEK_SET = 0;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    /** For {@link #advise}: read in order; wanted soon; not wanted again. */
    public static final int FADV_SEQUENTIAL = 2;
    public static final int FADV_WILLNEED = 3;
    public static final int FADV_DONTNEED = 4;

    private Io() {}

    /** Reads once, at most 256 KiB; returns the number of bytes read, 0 at the end. */
    public static int read(int fd, byte[] buffer, int offset, int length) throws PosixException {
        if (length == 0) {
            return 0;
        }
        Scratch s = Scratch.get();
        long io = s.io();
        long result;
        do {
            result = Native.call(READ, s, fd, io, Math.min(length, Scratch.IO_SIZE));
        } while (Native.interrupted(s, result));
        int count = (int) Native.checkLong(s, result, "read", null);
        s.fromIo(buffer, offset, count);
        return count;
    }

    /** Reads until {@code length} bytes are there or the end is; returns the number of bytes read. */
    public static int readFull(int fd, byte[] buffer, int offset, int length) throws PosixException {
        int done = 0;
        while (done < length) {
            int count = read(fd, buffer, offset + done, length - done);
            if (count == 0) {
                break;
            }
            done += count;
        }
        return done;
    }

    /** Reads at {@code position} until {@code length} bytes are there or the end is; returns the number of bytes. */
    public static int pread(int fd, long position, byte[] buffer, int offset, int length) throws PosixException {
        Scratch s = Scratch.get();
        long io = s.io();
        int done = 0;
        while (done < length) {
            long result = Native.call(PREAD, s, fd, io, Math.min(length - done, Scratch.IO_SIZE),
                    position + done);
            if (Native.interrupted(s, result)) {
                continue;
            }
            int count = (int) Native.checkLong(s, result, "read", null);
            if (count == 0) {
                break;
            }
            s.fromIo(buffer, offset + done, count);
            done += count;
        }
        return done;
    }

    /** Writes all of it. */
    public static void write(int fd, byte[] buffer, int offset, int length) throws PosixException {
        Scratch s = Scratch.get();
        int done = 0;
        while (done < length) {
            int step = Math.min(length - done, Scratch.IO_SIZE);
            long io = s.toIo(buffer, offset + done, step);
            long result = Native.call(WRITE, s, fd, io, step);
            if (!Native.interrupted(s, result)) {
                done += (int) Native.checkLong(s, result, "write", null);
            }
        }
    }

    /** Writes all of it at {@code position}. */
    public static void pwrite(int fd, long position, byte[] buffer, int offset, int length) throws PosixException {
        Scratch s = Scratch.get();
        int done = 0;
        while (done < length) {
            int step = Math.min(length - done, Scratch.IO_SIZE);
            long io = s.toIo(buffer, offset + done, step);
            long result = Native.call(PWRITE, s, fd, io, step, position + done);
            if (!Native.interrupted(s, result)) {
                done += (int) Native.checkLong(s, result, "write", null);
            }
        }
    }

    public static long seek(int fd, long position) throws PosixException {
        return lseek(fd, position, SEEK_SET);
    }

    /** The size of a file or a block device, found by moving to its end. */
    public static long seekEnd(int fd) throws PosixException {
        return lseek(fd, 0, SEEK_END);
    }

    /** Where the next data at or after {@code from} begins, or -1 if there is only a hole up to the end. Moves the position. */
    public static long seekData(int fd, long from) throws PosixException {
        Scratch s = Scratch.get();
        long result = Native.call(LSEEK, s, fd, from, SEEK_DATA);
        if (result == -1 && s.errno() == Errno.ENXIO) {
            return -1;
        }
        return Native.checkLong(s, result, "seek", null);
    }

    /** Where the next hole at or after {@code from} begins; the end of the file counts as one. Moves the position. */
    public static long seekHole(int fd, long from) throws PosixException {
        return lseek(fd, from, SEEK_HOLE);
    }

    private static long lseek(int fd, long offset, int whence) throws PosixException {
        Scratch s = Scratch.get();
        return Native.checkLong(s, Native.call(LSEEK, s, fd, offset, whence), "seek", null);
    }

    /** Sets the size. */
    public static void truncate(int fd, long size) throws PosixException {
        retried(FTRUNCATE, fd, size, "set size of");
    }

    public static void fsync(int fd) throws PosixException {
        retried(FSYNC, fd, 0, "sync");
    }

    public static void fdatasync(int fd) throws PosixException {
        retried(FDATASYNC, fd, 0, "sync");
    }

    /** Writes out everything dirty of the file system that {@code fd} lies on. */
    public static void syncfs(int fd) throws PosixException {
        retried(SYNCFS, fd, 0, "sync file system of");
    }

    /** Tells the page cache what will be read ({@code length} 0: up to the end). Only advice, so that errors are ignored. */
    public static void advise(int fd, long offset, long length, int advice) {
        Native.call(FADVISE, Scratch.get(), fd, offset, length, advice);
    }

    private static void retried(MemorySegment function, int fd, long argument, String operation)
            throws PosixException {
        Scratch s = Scratch.get();
        long result;
        do {
            result = Native.call(function, s, fd, argument);
        } while (Native.interrupted(s, result));
        Native.check(s, result, operation, null);
    }
}

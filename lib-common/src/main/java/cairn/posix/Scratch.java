package cairn.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The native memory of one thread, so that hot calls allocate nothing: two slots for names, one for structures, and a
 * buffer for content that is made at first use. It is freed some time after the thread has ended. What lies in it
 * is valid until the next call into this package by the same thread.
 *
 * <p>It is read and written as byte buffers: the handles behind {@link MemorySegment}'s own methods are made anew at
 * each start, which costs milliseconds, and are slow where only the JVM's first compiler works.
 */
final class Scratch {
    /** Bytes of a name with its NUL, as the kernel limits it. */
    static final int PATH_MAX = 4096;
    /** Bytes of the buffer for content. */
    static final int IO_SIZE = 256 * 1024;

    private static final int PATH_0 = 0;
    private static final int PATH_1 = PATH_MAX;
    private static final int STRUCT = 2 * PATH_MAX;
    private static final int STRUCT_SIZE = 1024;
    private static final int ERRNO = errnoOffset();
    private static final byte[] ZEROS = new byte[STRUCT_SIZE];
    private static final ThreadLocal<Scratch> PER_THREAD = ThreadLocal.withInitial(Scratch::new);
    private static final byte[] PROC_FD = {'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 'f', 'd', '/'};

    /** Where the C library's errno is put after each call. */
    final MemorySegment capture;

    private final ByteBuffer captured;
    private final ByteBuffer memory;
    private final long base;
    private ByteBuffer io;
    private long ioBase;

    private Scratch() {
        MemorySegment segment = Arena.ofAuto().allocate(STRUCT + STRUCT_SIZE, 64);
        memory = buffer(segment);
        base = segment.address();
        capture = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
        captured = buffer(capture);
    }

    /** It keeps the segment from being freed. */
    private static ByteBuffer buffer(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Counted: the JDK's own way to it, a path through the layout, costs milliseconds at each start. */
    private static int errnoOffset() {
        int offset = 0;
        for (MemoryLayout member : Linker.Option.captureStateLayout().memberLayouts()) {
            if (member.name().orElse("").equals("errno")) {
                return offset;
            }
            offset += (int) member.byteSize();
        }
        throw new UnsatisfiedLinkError("this java does not keep errno");
    }

    static Scratch get() {
        return PER_THREAD.get();
    }

    int errno() {
        return captured.getInt(ERRNO);
    }

    /** Puts a name into the first slot; returns its address. */
    long path(byte[] name, String operation) throws PosixException {
        return put(PATH_0, 0, name, operation);
    }

    /** Puts a name into the second slot; returns its address. */
    long path2(byte[] name, String operation) throws PosixException {
        return put(PATH_1, 0, name, operation);
    }

    /** Puts {@code /proc/self/fd/N} into the first slot; returns its address. */
    long fdPath(int fd) {
        memory.put(PATH_0 + putFd(fd), (byte) 0);
        return base + PATH_0;
    }

    /** Puts {@code /proc/self/fd/N/name} into the first slot; returns its address. */
    long fdPath(int fd, byte[] name, String operation) throws PosixException {
        int length = putFd(fd);
        memory.put(PATH_0 + length, (byte) '/');
        put(PATH_0, length + 1, name, operation);
        return base + PATH_0;
    }

    private int putFd(int fd) {
        memory.put(PATH_0, PROC_FD, 0, PROC_FD.length);
        int digits = 1;
        for (int rest = fd; rest >= 10; rest /= 10) {
            digits++;
        }
        int rest = fd;
        for (int i = digits - 1; i >= 0; i--, rest /= 10) {
            memory.put(PATH_0 + PROC_FD.length + i, (byte) ('0' + rest % 10));
        }
        return PROC_FD.length + digits;
    }

    private long put(int slot, int at, byte[] name, String operation) throws PosixException {
        int length = name.length;
        if (at + length >= PATH_MAX) {
            throw new PosixException(operation, name, Errno.ENAMETOOLONG);
        }
        for (int i = 0; i < length; i++) {
            if (name[i] == 0) {
                throw new PosixException(operation, name, Errno.EINVAL);
            }
        }
        memory.put(slot + at, name, 0, length);
        memory.put(slot + at + length, (byte) 0);
        return base + slot;
    }

    /** Address of the slot for structures, 1 KiB, aligned to 64 bytes. */
    long struct() {
        return base + STRUCT;
    }

    void clearStruct(int size) {
        memory.put(STRUCT, ZEROS, 0, size);
    }

    int getInt(int offset) {
        return memory.getInt(STRUCT + offset);
    }

    long getLong(int offset) {
        return memory.getLong(STRUCT + offset);
    }

    void putInt(int offset, int value) {
        memory.putInt(STRUCT + offset, value);
    }

    void putLong(int offset, long value) {
        memory.putLong(STRUCT + offset, value);
    }

    /** Address of the buffer for content, {@link #IO_SIZE} bytes. */
    long io() {
        if (io == null) {
            MemorySegment segment = Arena.ofAuto().allocate(IO_SIZE, 4096);
            io = buffer(segment);
            ioBase = segment.address();
        }
        return ioBase;
    }

    /** Copies what the buffer for content begins with. */
    void fromIo(byte[] to, int offset, int length) {
        io.get(0, to, offset, length);
    }

    /** Puts bytes at the beginning of the buffer for content; returns its address. */
    long toIo(byte[] from, int offset, int length) {
        long address = io();
        io.put(0, from, offset, length);
        return address;
    }

    /** What stands in the buffer for content before the first NUL, at most so many bytes. */
    byte[] stringFromIo(int most) {
        int length = 0;
        while (length < most && io.get(length) != 0) {
            length++;
        }
        byte[] string = new byte[length];
        fromIo(string, 0, length);
        return string;
    }
}

package cairn.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/**
 * The native memory of one thread, so that hot calls allocate nothing: two slots for names, one for structures, and a
 * buffer for content that is made at first use. It is freed some time after the thread has ended. What lies in it
 * is valid until the next call into this package by the same thread.
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
    private static final long ERRNO = Linker.Option.captureStateLayout()
            .byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<Scratch> PER_THREAD = ThreadLocal.withInitial(Scratch::new);
    private static final byte[] PROC_FD = {'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 'f', 'd', '/'};

    /** Where the C library's errno is put after each call. */
    final MemorySegment capture;

    private final MemorySegment memory;
    private final long base;
    private MemorySegment io;

    private Scratch() {
        memory = Arena.ofAuto().allocate(STRUCT + STRUCT_SIZE, 64);
        base = memory.address();
        capture = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
    }

    static Scratch get() {
        return PER_THREAD.get();
    }

    int errno() {
        return capture.get(JAVA_INT, ERRNO);
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
        memory.set(JAVA_BYTE, PATH_0 + putFd(fd), (byte) 0);
        return base + PATH_0;
    }

    /** Puts {@code /proc/self/fd/N/name} into the first slot; returns its address. */
    long fdPath(int fd, byte[] name, String operation) throws PosixException {
        int length = putFd(fd);
        memory.set(JAVA_BYTE, PATH_0 + length, (byte) '/');
        put(PATH_0, length + 1, name, operation);
        return base + PATH_0;
    }

    private int putFd(int fd) {
        MemorySegment.copy(PROC_FD, 0, memory, JAVA_BYTE, PATH_0, PROC_FD.length);
        int digits = 1;
        for (int rest = fd; rest >= 10; rest /= 10) {
            digits++;
        }
        int rest = fd;
        for (int i = digits - 1; i >= 0; i--, rest /= 10) {
            memory.set(JAVA_BYTE, PATH_0 + PROC_FD.length + i, (byte) ('0' + rest % 10));
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
        MemorySegment.copy(name, 0, memory, JAVA_BYTE, slot + at, length);
        memory.set(JAVA_BYTE, slot + at + length, (byte) 0);
        return base + slot;
    }

    /** Address of the slot for structures, 1 KiB, aligned to 64 bytes. */
    long struct() {
        return base + STRUCT;
    }

    void clearStruct(int size) {
        memory.asSlice(STRUCT, size).fill((byte) 0);
    }

    int getInt(int offset) {
        return memory.get(JAVA_INT, STRUCT + offset);
    }

    long getLong(int offset) {
        return memory.get(JAVA_LONG, STRUCT + offset);
    }

    void putInt(int offset, int value) {
        memory.set(JAVA_INT, STRUCT + offset, value);
    }

    void putLong(int offset, long value) {
        memory.set(JAVA_LONG, STRUCT + offset, value);
    }

    /** The buffer for content, {@link #IO_SIZE} bytes. */
    MemorySegment io() {
        MemorySegment buffer = io;
        if (buffer == null) {
            buffer = io = Arena.ofAuto().allocate(IO_SIZE, 4096);
        }
        return buffer;
    }
}

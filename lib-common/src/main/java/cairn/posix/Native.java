package cairn.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The gate to the C library. Every function used here takes at most six integers or pointers and returns one, so one
 * call shape serves all: making a shape costs milliseconds at start, finding an address next to nothing. Both ABIs
 * (System V amd64, AAPCS64) pass such arguments in registers, where a callee ignores the ones that it does not
 * have, and reads an {@code int} from the low half: variadic functions ({@code openat}, {@code fcntl},
 * {@code ioctl}, {@code syscall}) included. Of an {@code int} result only the low half means anything.
 */
final class Native {
    /** True on aarch64, false on amd64; nothing else is supported. */
    static final boolean AARCH64 = isAarch64();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));
    private static final MemorySegment SYSCALL = function("syscall");

    private Native() {}

    private static boolean isAarch64() {
        String architecture = System.getProperty("os.arch");
        return switch (architecture) {
            case "amd64", "x86_64" -> false;
            case "aarch64" -> true;
            default -> throw new UnsatisfiedLinkError("cairn runs on amd64 and aarch64, not on " + architecture);
        };
    }

    /** The address of a function of the C library. */
    static MemorySegment function(String name) {
        return LINKER.defaultLookup().find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
    }

    /** The address of a function that not every C library has, or null. */
    static MemorySegment find(String name) {
        return LINKER.defaultLookup().find(name).orElse(null);
    }

    /** A system call by number, for those without a function in glibc 2.28. */
    static long syscall(Scratch scratch, long number, long a, long b, long c, long d) {
        return call(SYSCALL, scratch, number, a, b, c, d, 0);
    }

    static long call(MemorySegment function, Scratch scratch, long a) {
        return call(function, scratch, a, 0, 0, 0, 0, 0);
    }

    static long call(MemorySegment function, Scratch scratch, long a, long b) {
        return call(function, scratch, a, b, 0, 0, 0, 0);
    }

    static long call(MemorySegment function, Scratch scratch, long a, long b, long c) {
        return call(function, scratch, a, b, c, 0, 0, 0);
    }

    static long call(MemorySegment function, Scratch scratch, long a, long b, long c, long d) {
        return call(function, scratch, a, b, c, d, 0, 0);
    }

    static long call(MemorySegment function, Scratch scratch, long a, long b, long c, long d, long e) {
        return call(function, scratch, a, b, c, d, e, 0);
    }

    static long call(MemorySegment function, Scratch scratch, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function, scratch.capture, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** The result of a function that returns {@code int}, or the error it set. */
    static int check(Scratch scratch, long result, String operation, byte[] path) throws PosixException {
        if ((int) result == -1) {
            throw new PosixException(operation, path, scratch.errno());
        }
        return (int) result;
    }

    /** The result of a function that returns {@code long} or {@code ssize_t}, or the error it set. */
    static long checkLong(Scratch scratch, long result, String operation, byte[] path) throws PosixException {
        if (result == -1L) {
            throw new PosixException(operation, path, scratch.errno());
        }
        return result;
    }

    /** True if the call was interrupted by a signal and has to be made again. */
    static boolean interrupted(Scratch scratch, long result) {
        return (int) result == -1 && scratch.errno() == Errno.EINTR;
    }
}

package cairn.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The system calls below {@link Child}: posix_spawn(3), waitid(2), kill(2), pipe2(2). */
final class Spawn {
    /** In place of a descriptor. */
    static final int DEV_NULL = -1;
    static final int LIKE_STDOUT = -2;

    /** More than any C library takes for its opaque structures (glibc: 80 and 336). */
    private static final int OPAQUE = 1024;
    private static final int POSIX_SPAWN_SETPGROUP = 0x02;
    private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final int POSIX_SPAWN_SETSID = 0x80;
    private static final int O_CLOEXEC_PIPE = Open.O_CLOEXEC;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int P_PID = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x1000000;
    private static final int ENOEXEC = 8;
    private static final byte[] SH = RawString.encode("/bin/sh");
    private static final byte[] NULL_DEVICE = RawString.encode("/dev/null");

    private Spawn() {}

    /** How far a child stands from this process. */
    enum Apart { NO, GROUP, SESSION }

    /** Starts a program by its path, a script without an interpreter's line by {@code sh}. @param fds for 0, 1 and 2 */
    static int start(byte[] path, List<byte[]> words, List<byte[]> variables, int[] fds, Apart apart) throws PosixException {
        try {
            return spawn(path, words, variables, fds, apart);
        } catch (PosixException e) {
            if (e.errno() != ENOEXEC) {
                throw e;
            }
            List<byte[]> script = new ArrayList<>(List.of(SH, path));
            script.addAll(words.subList(1, words.size()));
            return spawn(SH, script, variables, fds, apart);
        }
    }

    private static int spawn(byte[] path, List<byte[]> words, List<byte[]> variables, int[] fds, Apart apart) throws PosixException {
        Scratch s = Scratch.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(OPAQUE, 16);
            MemorySegment attributes = arena.allocate(OPAQUE, 16);
            check(call("posix_spawn_file_actions_init", s, actions.address(), 0, 0), path);
            check(call("posix_spawnattr_init", s, attributes.address(), 0, 0), path);
            try {
                streams(arena, s, actions, fds, path);
                // threads of the JVM block a signal that a child must not inherit blocked
                check(call("posix_spawnattr_setsigmask", s, attributes.address(), arena.allocate(128, 8).address(), 0), path);
                if (apart == Apart.GROUP) {
                    check(call("posix_spawnattr_setpgroup", s, attributes.address(), 0, 0), path);
                }
                int flags = POSIX_SPAWN_SETSIGMASK | switch (apart) {
                    case NO -> 0;
                    case GROUP -> POSIX_SPAWN_SETPGROUP;
                    case SESSION -> POSIX_SPAWN_SETSID;
                };
                check(call("posix_spawnattr_setflags", s, attributes.address(), flags, 0), path);
                MemorySegment pid = arena.allocate(JAVA_INT);
                long result = Native.call(Native.function("posix_spawn"), s, pid.address(), string(arena, path).address(), actions.address(),
                        attributes.address(), strings(arena, words), strings(arena, variables));
                check(result, path);
                return pid.get(JAVA_INT, 0);
            } finally {
                call("posix_spawn_file_actions_destroy", s, actions.address(), 0, 0);
                call("posix_spawnattr_destroy", s, attributes.address(), 0, 0);
            }
        }
    }

    private static void streams(Arena arena, Scratch s, MemorySegment actions, int[] fds, byte[] path) throws PosixException {
        for (int stream = 0; stream <= 2; stream++) {
            int fd = fds[stream] == LIKE_STDOUT ? 1 : fds[stream];
            long result;
            if (fd == DEV_NULL) {
                result = Native.call(Native.function("posix_spawn_file_actions_addopen"), s, actions.address(), stream,
                        string(arena, NULL_DEVICE).address(), Open.O_RDWR, 0);
            } else {
                result = fd == stream ? 0 : call("posix_spawn_file_actions_adddup2", s, actions.address(), fd, stream);
            }
            check(result, path);
        }
        // Not all that the JVM opens is closed by exec. Libraries older than glibc 2.34 cannot help that.
        MemorySegment closeFrom = Native.find("posix_spawn_file_actions_addclosefrom_np");
        if (closeFrom != null) {
            check(Native.call(closeFrom, s, actions.address(), 3), path);
        }
    }

    private static long call(String function, Scratch s, long a, long b, long c) {
        return Native.call(Native.function(function), s, a, b, c);
    }

    /** These functions return the error instead of setting it. */
    private static void check(long result, byte[] path) throws PosixException {
        if ((int) result != 0) {
            throw new PosixException("run", path, (int) result);
        }
    }

    private static MemorySegment string(Arena arena, byte[] text) throws PosixException {
        for (byte b : text) {
            if (b == 0) {
                throw new PosixException("run", text, Errno.EINVAL);
            }
        }
        MemorySegment copy = arena.allocate(text.length + 1L, 1);
        MemorySegment.copy(text, 0, copy, JAVA_BYTE, 0, text.length);
        return copy;
    }

    private static long strings(Arena arena, List<byte[]> texts) throws PosixException {
        MemorySegment list = arena.allocate(JAVA_LONG, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            list.setAtIndex(JAVA_LONG, i, string(arena, texts.get(i)).address());
        }
        return list.address();
    }

    /** Waits until a child has ended, and leaves its number taken. */
    static void awaitEnd(int pid) throws PosixException {
        Scratch s = Scratch.get();
        long result;
        do {
            result = Native.call(Native.function("waitid"), s, P_PID, pid, s.struct(), WEXITED | WNOWAIT);
            // ECHILD: another thread reaped it, which only happens after its end
        } while (Native.interrupted(s, result));
    }

    /** Frees the number of a child that has ended. @return its status as wait(2) has it */
    static int reap(int pid) throws PosixException {
        Scratch s = Scratch.get();
        long result;
        do {
            result = Native.call(Native.function("waitpid"), s, pid, s.struct(), 0);
        } while (Native.interrupted(s, result));
        Native.check(s, result, "wait for a process", null);
        return s.getInt(0);
    }

    static void kill(int pid, int signal) {
        Native.call(Native.function("kill"), Scratch.get(), pid, signal);
    }

    /** Read end and write end, neither of them one of 0, 1 and 2. */
    static int[] pipe() throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(Native.function("pipe2"), s, s.struct(), O_CLOEXEC_PIPE), "make a pipe", null);
        int[] pair = {s.getInt(0), s.getInt(4)};
        for (int i = 0; i < 2; i++) {
            if (pair[i] < 3) {
                int low = pair[i];
                pair[i] = Open.fcntl(low, F_DUPFD_CLOEXEC, 3);
                Open.close(low);
            }
        }
        return pair;
    }

    /** The environment that this process was started with. */
    static List<byte[]> ownEnvironment() throws PosixException {
        byte[] block = Sys.readFile(Open.AT_FDCWD, RawString.encode("/proc/self/environ"));
        List<byte[]> variables = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < block.length; i++) {
            if (block[i] == 0) {
                variables.add(Arrays.copyOfRange(block, start, i));
                start = i + 1;
            }
        }
        return variables;
    }
}

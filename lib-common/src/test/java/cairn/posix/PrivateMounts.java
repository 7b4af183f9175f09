package cairn.posix;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs a test on a thread of its own with a mount namespace of its own: what it mounts nobody else sees, and it is gone
 * when the thread (and those that it started) has ended, however it ended.
 */
public final class PrivateMounts {
    public static final long MS_BIND = 0x1000;
    private static final long MS_REC_PRIVATE = 0x4000 | 0x40000;
    private static final long CLONE_NEWNS = 0x20000;

    private PrivateMounts() {}

    /** What to run. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /** Whether this process may mount. */
    public static boolean available() {
        try {
            run(() -> {});
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    public static void run(Body body) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                Scratch s = Scratch.get();
                Native.check(s, Native.call(Native.function("unshare"), s, CLONE_NEWNS), "unshare", null);
                mount("none", RawPath.ROOT, null, MS_REC_PRIVATE, null);
                body.run();
            } catch (Throwable t) {
                failure.set(t);
            }
        });
        thread.setDaemon(true);
        thread.start();
        thread.join();
        switch (failure.get()) {
            case null -> { }
            case Exception e -> throw e;
            case Error e -> throw e;
            case Throwable t -> throw new AssertionError(t);
        }
    }

    /** mount(2) in the calling thread's namespace. */
    public static void mount(String source, byte[] target, String type, long flags, String data)
            throws PosixException {
        Scratch s = Scratch.get();
        try (Arena arena = Arena.ofConfined()) {
            long from = arena.allocateFrom(source).address();
            long kind = type == null ? 0 : arena.allocateFrom(type).address();
            long options = data == null ? 0 : arena.allocateFrom(data).address();
            Native.check(s, Native.call(Native.function("mount"), s, from, s.path(target, "mount"), kind, flags, options),
                    "mount", target);
        }
    }

    public static void bind(byte[] source, byte[] target) throws PosixException {
        mount(RawString.decode(source), target, null, MS_BIND, null);
    }

    /** pipe2(2): the end to read from and the end to write to; reading does not block. */
    public static int[] pipe() throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(Native.function("pipe2"), s, s.struct(), Open.O_NONBLOCK), "make pipe", null);
        return new int[] {s.getInt(0), s.getInt(4)};
    }

    /** Makes a directory the root of the calling thread. */
    public static void chroot(byte[] path) throws PosixException {
        Scratch s = Scratch.get();
        Native.check(s, Native.call(Native.function("chroot"), s, s.path(path, "change root to")), "change root to", path);
    }

    /** Waits until there is something to read. */
    public static void awaitReadable(int fd) throws PosixException {
        Scratch s = Scratch.get();
        s.putInt(0, fd);
        s.putInt(4, 1);
        Native.check(s, Native.call(Native.function("poll"), s, s.struct(), 1, -1), "poll", null);
    }
}

package cairn.cli;

import cairn.error.ExitCode;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import sun.misc.Signal;

/**
 * Connects the signals of the process to an {@link Interrupt}. Shutdown hooks would not do: they cannot tell a second
 * signal, which must end at once, from the first. Signals that the caller ignores (nohup, background jobs of sh) stay
 * ignored: the JVM sees to that.
 */
final class Signals {
    /** A writer that hangs, on a dead network disk for instance, must not survive its interruption for ever. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Signals() {}

    static void connect(Interrupt interrupt) {
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            try {
                Signal.handle(new Signal(name), signal -> {
                    if (interrupt.raise(signal.getNumber())) Thread.ofPlatform().daemon().name("interrupt").start(Signals::haltAfterLimit);
                });
            } catch (IllegalArgumentException e) {
                continue; // the JVM was told to keep its hands off signals (-Xrs)
            }
        }
    }

    private static void haltAfterLimit() {
        long end = System.nanoTime() + LIMIT.toNanos();
        for (long left = LIMIT.toNanos(); left > 0; left = end - System.nanoTime()) LockSupport.parkNanos(left);
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.status());
    }
}

package cairn.repo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How time passes for who uses a repository. It is not the clock that dates things: that may be set, this may not. */
public interface Timing {
    /** The time of this process. */
    Timing SYSTEM = new Timing() {
        private static final long SLICE = 50_000_000L;

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration span, BooleanSupplier until) {
            long end = nanos() + span.toNanos();
            for (long left = span.toNanos(); left > 0 && !until.getAsBoolean(); left = end - nanos()) {
                LockSupport.parkNanos(Math.min(left, SLICE));
            }
        }

        @Override
        public boolean waitFor(Thread thread, Duration patience) throws InterruptedException {
            return thread.join(patience);
        }
    };

    /** Nanoseconds since some moment. */
    long nanos();

    /** Lets time pass; ends early when {@code until} says so. */
    void pause(Duration span, BooleanSupplier until);

    /** Waits for the end of a thread, at most so long. @return whether it has ended */
    boolean waitFor(Thread thread, Duration patience) throws InterruptedException;
}

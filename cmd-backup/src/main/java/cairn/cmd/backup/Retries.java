package cairn.cmd.backup;

import cairn.remote.LostException;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Begins again what a lost connection broke off, after pauses that grow, until several attempts in a row got nowhere. */
final class Retries {
    static final int TRIES = 5;
    private static final int GROWTH = 4;
    private static final long SLICE = 100_000_000;

    private final Pause pause;
    private final Consumer<String> warn;

    /** Waits so many seconds, or until it is told to stop. */
    interface Pause {
        void seconds(int count, BooleanSupplier stop);

        Pause SYSTEM = (count, stop) -> {
            long end = System.nanoTime() + count * 1_000_000_000L;
            for (long left; (left = end - System.nanoTime()) > 0 && !stop.getAsBoolean();) {
                LockSupport.parkNanos(Math.min(left, SLICE));
            }
        };
    }

    /** What is tried. */
    interface Attempt {
        void run() throws IOException;

        /** Whether it is worth another one: a connection that never came about is not. */
        boolean hasBegun();

        /** Whether the last one got so far that the next has less to do. */
        boolean gotFurther();
    }

    /** @param warn told of each failure that is not the last */
    Retries(Pause pause, Consumer<String> warn) {
        this.pause = pause;
        this.warn = warn;
    }

    /** @param stop whether nobody wants it any more */
    void run(Attempt attempt, BooleanSupplier stop) throws IOException {
        int left = TRIES;
        int seconds = 1;
        while (true) {
            try {
                attempt.run();
                return;
            } catch (LostException lost) {
                if (attempt.gotFurther()) {
                    left = TRIES;
                    seconds = 1;
                }
                if (--left == 0 || !attempt.hasBegun() || stop.getAsBoolean()) {
                    throw lost;
                }
                warn.accept(lost.getMessage() + "; going on in " + seconds + " s");
                pause.seconds(seconds, stop);
                if (stop.getAsBoolean()) {
                    throw lost;
                }
                seconds *= GROWTH;
            }
        }
    }
}

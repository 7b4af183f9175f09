package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * SIGINT, SIGTERM and SIGHUP as a command sees them. A command that has something to bring to a good end registers a
 * {@link #guard}: then the first signal only tells it, and a second one, or the end of a time limit, ends the process
 * at once. Without a guard the first signal does. The status is always that of {@link ExitCode#INTERRUPTED}.
 */
public final class Interrupt {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGTERM = 15;

    private final IntConsumer halt;
    private final List<Runnable> guards = new ArrayList<>();
    private IntConsumer owner;
    private volatile boolean raised;

    /** Only for raising by hand, in tests: nothing ends the process. */
    public Interrupt() {
        this(status -> {});
    }

    /** @param halt ends the process at once with the given status */
    Interrupt(IntConsumer halt) {
        this.halt = halt;
    }

    /** Whether the command has been asked to end. Cheap enough to be asked for each file. */
    public boolean raised() {
        return raised;
    }

    /** @throws CairnException if the command has been asked to end */
    public void check() throws CairnException {
        if (raised) throw new CairnException(ExitCode.INTERRUPTED, "interrupted", null);
    }

    /** Removes a guard. */
    public interface Guard extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * As long as the guard is open, the command promises to end by itself soon after a signal.
     *
     * @param onSignal called once by another thread, at once if the signal came already; must not block
     */
    public Guard guard(Runnable onSignal) {
        boolean late;
        synchronized (guards) {
            guards.add(onSignal);
            late = raised;
        }
        if (late) onSignal.run();
        return () -> {
            synchronized (guards) {
                guards.remove(onSignal);
            }
        };
    }

    /**
     * As long as the guard is open all signals are given to a command that runs another one and has something to undo
     * when that ends: neither a second one nor a time limit ends the process.
     *
     * @param onSignal gets the number of each signal, in another thread; must not block
     */
    public Guard takeOver(IntConsumer onSignal) {
        synchronized (guards) {
            owner = onSignal;
        }
        return () -> {
            synchronized (guards) {
                owner = null;
            }
        };
    }

    /** {@link #raise(int)} with SIGINT. */
    public boolean raise() {
        return raise(SIGINT);
    }

    /**
     * What a signal does.
     *
     * @return whether the command winds down by itself and has a time limit for it; otherwise the process was ended, if
     *         there is one, or a command has taken all signals over
     */
    public boolean raise(int signal) {
        List<Runnable> called;
        boolean again;
        IntConsumer taker;
        synchronized (guards) {
            again = raised;
            raised = true;
            taker = owner;
            called = List.copyOf(guards);
        }
        if (taker != null) {
            taker.accept(signal);
            return false;
        }
        if (again || called.isEmpty()) {
            halt.accept(ExitCode.INTERRUPTED.status());
            return false;
        }
        for (Runnable guard : called) guard.run();
        return true;
    }
}

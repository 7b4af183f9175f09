package cairn.restore;

import cairn.posix.PosixException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens and tells the listener. For any number of threads. */
final class Tally {
    final LongAdder directories = new LongAdder();
    final LongAdder written = new LongAdder();
    final LongAdder fetched = new LongAdder();
    final LongAdder verified = new LongAdder();
    private final AtomicLong failed = new AtomicLong();
    private final RestoreListener listener;
    private final Map<RestoreListener.Action, LongAdder> actions = new EnumMap<>(RestoreListener.Action.class);
    private final Map<Unset, Long> notSet = new EnumMap<>(Unset.class);

    /** A path that is made only if somebody wants it. */
    @FunctionalInterface
    interface Path {
        byte[] get();
    }

    Tally(RestoreListener listener) {
        this.listener = listener;
        for (RestoreListener.Action action : RestoreListener.Action.values()) {
            actions.put(action, new LongAdder());
        }
    }

    void done(RestoreListener.Action action, Path path) {
        actions.get(action).increment();
        listener.done(action, listener.wantsPaths() ? path.get() : null);
    }

    void wrote(long bytes) {
        written.add(bytes);
        listener.wrote(bytes);
    }

    void failed(Path path, String why) {
        failed.incrementAndGet();
        listener.failed(path.get(), why);
    }

    void failed(Path path, IOException e) {
        failed(path, reason(e));
    }

    void notSet(Unset kind, Path path, String why) {
        boolean first;
        synchronized (notSet) {
            first = notSet.merge(kind, 1L, Long::sum) == 1;
        }
        if (first) {
            listener.notSet(kind, path.get(), why);
        }
    }

    void notice(byte[] path, String what) {
        listener.notice(path, what);
    }

    static String reason(IOException e) {
        if (e instanceof PosixException p) {
            return "cannot " + p.operation() + (p.operation().startsWith("make ") ? ": " : " it: ") + p.reason();
        }
        return e.getMessage();
    }

    RestoreSummary summary() {
        synchronized (notSet) {
            return new RestoreSummary(directories.sum(), count(RestoreListener.Action.CREATED), count(RestoreListener.Action.UPDATED),
                    count(RestoreListener.Action.ATTRIBUTES), count(RestoreListener.Action.UNCHANGED), count(RestoreListener.Action.SKIPPED),
                    count(RestoreListener.Action.DELETED), written.sum(), fetched.sum(), verified.sum(), failed.get(), Map.copyOf(notSet));
        }
    }

    private long count(RestoreListener.Action action) {
        return actions.get(action).sum();
    }
}

package cairn.remote;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** What is to be done when a file was published, or was not, in its order. For any number of threads. */
final class Followers {
    /** Failures that are remembered for what is asked after them. */
    private static final int MOST_FAILED = 256;

    /** Something to be done. */
    interface Follower {
        /** @param well whether the file that it follows is there */
        void run(boolean well);
    }

    private final Map<Integer, Queue<Follower>> waiting = new HashMap<>();
    private final Set<Integer> failed = new LinkedHashSet<>();

    /** A file is being published, and others may follow. @return false if one of this number is already */
    synchronized boolean begin(int request) {
        return waiting.putIfAbsent(request, new ArrayDeque<>()) == null;
    }

    /**
     * Has something done when a file is there, or failed, in the thread that finds out.
     *
     * @return false if that is known already: see {@link #hasFailed}
     */
    synchronized boolean follow(int request, Follower follower) {
        Queue<Follower> queue = waiting.get(request);
        return queue != null && queue.add(follower);
    }

    /** Whether a file was not published, of the last {@value #MOST_FAILED} of which that is so. */
    synchronized boolean hasFailed(int request) {
        return failed.contains(request);
    }

    /** A file failed before it was to be published. */
    synchronized void fail(int request) {
        failed.add(request);
        if (failed.size() > MOST_FAILED) {
            Iterator<Integer> oldest = failed.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Does what waited, in this thread. @param well whether the file is there */
    void end(int request, boolean well) {
        while (true) {
            Follower next;
            synchronized (this) {
                Queue<Follower> queue = waiting.get(request);
                next = queue.poll();
                if (next == null) {
                    waiting.remove(request);
                    if (!well) {
                        fail(request);
                    }
                    return;
                }
            }
            next.run(well);
        }
    }
}

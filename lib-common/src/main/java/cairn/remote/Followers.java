package cairn.remote;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** What is to be done when something else is done, in its order. For any number of threads. */
final class Followers {
    private static final int MOST = 16;

    private final Map<Integer, Queue<Runnable>> waiting = new HashMap<>();

    /** Something began that others may follow. */
    synchronized void begin(int request) {
        waiting.put(request, new ArrayDeque<>());
    }

    /** @return false if there is nothing to wait for (any more), or too many do */
    synchronized boolean follow(int request, Runnable follower) {
        Queue<Runnable> queue = waiting.get(request);
        return queue != null && queue.size() < MOST && queue.add(follower);
    }

    /** Does what waited, in this thread. */
    void end(int request) {
        while (true) {
            Runnable next;
            synchronized (this) {
                Queue<Runnable> queue = waiting.get(request);
                next = queue.poll();
                if (next == null) {
                    waiting.remove(request);
                    return;
                }
            }
            next.run();
        }
    }
}

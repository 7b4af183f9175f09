package cairn.restore;

import cairn.tree.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Compares existing files on several threads while the walk goes on. Threads are started with the first file. */
final class CompareQueue implements AutoCloseable {
    private static final Job END = new Job(null, null, false);

    private final RestoreContext context;
    private final Plan plan;
    private final OutputFiles output;
    private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(256);
    private final List<Thread> threads = new ArrayList<>();
    private volatile Throwable failure;

    private record Job(Node node, Entry.File entry, boolean byTime) {
    }

    CompareQueue(RestoreContext context, Plan plan, OutputFiles output) {
        this.context = context;
        this.plan = plan;
        this.output = output;
    }

    void add(Node node, Entry.File entry, boolean byTime) {
        if (threads.isEmpty()) {
            for (int i = 0; i < context.options.workers(); i++) {
                threads.add(Thread.ofPlatform().daemon().name("compare-" + i).start(this::work));
            }
        }
        put(new Job(node, entry, byTime));
    }

    private void put(Job job) {
        try {
            jobs.put(job);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the walk was interrupted", e);
        }
    }

    private void work() {
        Comparer comparer = null;
        while (true) {
            try {
                Job job = jobs.take();
                if (job == END) {
                    return;
                }
                if (failure == null && !context.stopped.getAsBoolean()) {
                    comparer = comparer == null ? new Comparer(context, plan, output) : comparer;
                    comparer.compare(job.node, job.entry, job.byTime);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }
    }

    /** Waits until everything is compared. */
    @Override
    public void close() {
        threads.forEach(thread -> put(END));
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        threads.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new IllegalStateException("comparing failed", failure);
        }
    }
}

package cairn.archive;

import cairn.archive.FileReader.CancelledException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Threads that read files. The walk hands over small files in batches, so that a thread is not woken for each. The
 * first failure of the repository stops all reading; what is still queued is then passed over, so that the walk, which
 * waits for slots to be filled, ends too.
 */
final class Workers implements AutoCloseable {
    private static final int BATCH_FILES = 24;
    private static final long BATCH_BYTES = 1 << 20;
    private static final int QUEUE = 64;

    /** What a worker does with one file. One instance a thread. */
    interface Task {
        /** Reads a file; it may be filled into its slot only by {@link #finishBatch}. */
        void run(SourceFile file) throws IOException;

        void finishBatch() throws IOException;

        /** Forgets the files of the batch that were not filled in, and gives them back. */
        List<SourceFile> dropBatch();

        void check(RecheckSample sample) throws IOException;
    }

    private sealed interface Work {
        record Files(List<SourceFile> files) implements Work {
        }

        record Sample(RecheckSample sample) implements Work {
        }

        record End() implements Work {
        }
    }

    private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUE);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final BooleanSupplier cancelled;
    private List<SourceFile> batch = new ArrayList<>(BATCH_FILES);
    private long batchBytes;

    Workers(int count, Supplier<Task> tasks, BooleanSupplier cancelled) {
        this.cancelled = cancelled;
        for (int i = 0; i < count; i++) {
            Task task = tasks.get();
            threads.add(Thread.ofPlatform().name("reader-" + i).start(() -> work(task)));
        }
    }

    /** Called by the walk only. */
    void add(SourceFile file) {
        batch.add(file);
        batchBytes += file.size();
        if (batch.size() == BATCH_FILES || batchBytes >= BATCH_BYTES) {
            flush();
        }
    }

    void add(RecheckSample sample) {
        put(new Work.Sample(sample));
    }

    void flush() {
        if (!batch.isEmpty()) {
            put(new Work.Files(batch));
            batch = new ArrayList<>(BATCH_FILES);
            batchBytes = 0;
        }
    }

    /** What stopped the workers, or null. */
    Throwable failure() {
        return failure.get();
    }

    private void put(Work work) {
        try {
            queue.put(work);
        } catch (InterruptedException e) {
            failure.compareAndSet(null, e);
            Thread.currentThread().interrupt();
        }
    }

    private void work(Task task) {
        while (true) {
            Work work;
            try {
                work = queue.take();
            } catch (InterruptedException e) {
                failure.compareAndSet(null, e);
                return;
            }
            switch (work) {
                case Work.Files files -> runAll(task, files.files());
                case Work.Sample sample -> check(task, sample.sample());
                case Work.End end -> {
                    return;
                }
            }
        }
    }

    private void runAll(Task task, List<SourceFile> files) {
        files.forEach(file -> run(task, file));
        try {
            if (failure.get() == null) {
                task.finishBatch();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
        task.dropBatch().forEach(this::passOver);
    }

    private void run(Task task, SourceFile file) {
        try {
            if (failure.get() == null && !cancelled.getAsBoolean()) {
                task.run(file);
            } else {
                file.slot().directory.fill(file.slot(), null, null);
            }
        } catch (CancelledException stopped) {
            passOver(file);
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            passOver(file);
        } finally {
            file.directory().release();
        }
    }

    private void passOver(SourceFile file) {
        try {
            file.slot().directory.fill(file.slot(), null, null);
        } catch (IOException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void check(Task task, RecheckSample sample) {
        try {
            if (failure.get() == null && !cancelled.getAsBoolean()) {
                task.check(sample);
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } finally {
            sample.directory().release();
        }
    }

    /** Waits until all files are read and the threads have ended. */
    @Override
    public void close() {
        flush();
        threads.forEach(thread -> put(new Work.End()));
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                failure.compareAndSet(null, e);
                Thread.currentThread().interrupt();
            }
        }
    }
}

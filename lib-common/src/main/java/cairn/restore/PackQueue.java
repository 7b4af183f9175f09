package cairn.restore;

import cairn.spool.RecordSorter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/** Cuts the sorted plan into stretches of packs and lets several threads work on them, in order. */
final class PackQueue {
    /** Bytes of a pack that are held at once. */
    private static final int MOST_BYTES = 8 << 20;
    /** Neighbours that are this near are read together. */
    private static final int GAP = 128 << 10;
    /** The same where what lies between costs more than another request, and may not be for this client to read. */
    private static final int FAR_GAP = 0;
    private static final int MOST_ITEMS = 4096;
    /** Stretches of a repository far away that are asked for before they are needed: enough small ones to keep the line busy. */
    private static final int FAR = 4096;
    /** Bytes of these, with what is planned for them: more than a line carries in a round trip, less than what the storage keeps for later. */
    private static final int FAR_BYTES = 24 << 20;
    private static final Segment END = new Segment(null, 0, 0, null, 0, 0);

    private final RestoreContext context;
    private final Plan plan;
    private final Supplier<Worker> workers;
    private final BlockingQueue<Segment> segments;
    private volatile Throwable failure;
    /** Bytes of stretches that are not worked on yet. Guarded by this. */
    private long ahead;

    /** Does what is to be done with a stretch; for one thread. */
    interface Worker extends AutoCloseable {
        void work(Segment segment);

        @Override
        void close();
    }

    PackQueue(RestoreContext context, Plan plan, Supplier<Worker> workers) {
        this.context = context;
        this.plan = plan;
        this.workers = workers;
        this.segments = new ArrayBlockingQueue<>(context.source.isFar() ? FAR : 2 * context.options.workers());
    }

    /** Goes through everything that is planned. */
    void run() throws IOException, InterruptedException {
        RecordSorter.Cursor cursor = plan.items.sort();
        if (!cursor.next()) {
            return;
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < context.options.workers(); i++) {
            threads.add(Thread.ofPlatform().daemon().name("restore-" + i).start(this::work));
        }
        try {
            cut(cursor);
        } finally {
            for (int i = 0; i < threads.size(); i++) {
                segments.put(END);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        if (failure != null) {
            throw new IllegalStateException("writing failed", failure);
        }
    }

    private void cut(RecordSorter.Cursor cursor) throws IOException, InterruptedException {
        boolean more = true;
        int gap = context.source.isFar() ? FAR_GAP : GAP;
        byte[] items = new byte[64 * PlannedItem.BYTES];
        while (more && failure == null && !context.stopped.getAsBoolean()) {
            int pack = PlannedItem.pack(cursor.array(), cursor.offset());
            int from = PlannedItem.offset(cursor.array(), cursor.offset());
            int to = from;
            int count = 0;
            long last = -1;
            do {
                byte[] b = cursor.array();
                int o = cursor.offset();
                int offset = PlannedItem.offset(b, o);
                int end = offset + PlannedItem.stored(b, o);
                boolean sameBlob = PlannedItem.key(b, o) == last;
                if (count > 0 && (PlannedItem.pack(b, o) != pack || !sameBlob && (offset > to + gap || end - from > MOST_BYTES)
                        || count >= MOST_ITEMS)) {
                    break;
                }
                if ((count + 1) * PlannedItem.BYTES > items.length) {
                    items = Arrays.copyOf(items, items.length * 2);
                }
                System.arraycopy(b, o, items, count * PlannedItem.BYTES, PlannedItem.BYTES);
                count++;
                to = Math.max(to, end);
                last = PlannedItem.key(b, o);
                more = cursor.next();
            } while (more);
            boolean real = pack < ItemPlanner.INLINE;
            Segment segment = new Segment(real ? plan.items.pack(pack) : null, from, to, Arrays.copyOf(items, count * PlannedItem.BYTES), count, pack);
            awaitRoom(weight(segment));
            if (real) {
                context.source.expect(segment.pack(), from, to - from);
            }
            segments.put(segment);
        }
    }

    private static int weight(Segment segment) {
        return (segment.pack() == null ? 0 : segment.to() - segment.from()) + segment.items().length;
    }

    private synchronized void awaitRoom(int bytes) throws InterruptedException {
        while (context.source.isFar() && ahead > 0 && ahead + bytes > FAR_BYTES) {
            wait();
        }
        ahead += bytes;
    }

    private synchronized void done(Segment segment) {
        ahead -= weight(segment);
        notifyAll();
    }

    private void work() {
        try (Worker worker = workers.get()) {
            for (Segment segment; (segment = segments.take()) != END;) {
                if (failure == null && !context.stopped.getAsBoolean()) {
                    try {
                        worker.work(segment);
                    } catch (RuntimeException | Error e) {
                        failure = e;
                    }
                }
                done(segment);
            }
        } catch (InterruptedException e) {
            failure = e;
        }
    }
}

package cairn.archive;

import cairn.chunk.ChunkParams;
import cairn.chunk.Chunker;
import cairn.format.BlobId;
import cairn.repo.BlobWriter;
import cairn.repo.WriteSession;
import cairn.tree.Content;
import cairn.tree.ContentWriter;
import cairn.tree.Item;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Stores content that arrives as one long flow, of one file after the other, with all processors: one thread cuts it
 * where {@link FileReader} would, and hands over whole buffers of chunks; workers name, compress and seal them; the first
 * thread takes the results in order and lists them. A few buffers circulate, so memory does not grow with the flow.
 */
final class ChunkPipe implements AutoCloseable {
    /** Steps that a buffer may stand for, whatever its bytes: empty files cost memory too. */
    private static final int MOST_STEPS = 4096;
    private static final int LEAST_BUFFER = 2 << 20;
    /** Bytes of names and attributes of files that wait in a buffer. */
    private static final int MOST_WEIGHT = 1 << 20;

    private final WriteSession session;
    private final Chunker chunker;
    private final int largest;
    private final int workers;
    private final List<Thread> threads = new ArrayList<>();
    private final BlockingQueue<Batch> queue;
    private final Deque<Batch> underway = new ArrayDeque<>();
    private final Deque<Batch> free = new ArrayDeque<>();
    private BlobWriter ownWriter;
    private Batch batch;
    /** Bytes of the batch from here to {@link #end} are not cut yet. */
    private int start;
    private int end;
    private OpenFile open;

    /** Takes a file once all its content is stored. */
    @FunctionalInterface
    interface Done {
        void accept(long size, Content content) throws IOException;
    }

    ChunkPipe(WriteSession session, Chunker chunker, ChunkParams sizes, int workers) {
        this.session = session;
        this.chunker = chunker;
        this.largest = sizes.max();
        this.workers = workers;
        this.queue = new ArrayBlockingQueue<>(workers + 2);
        this.batch = new Batch(Math.max(LEAST_BUFFER, 4 * largest));
    }

    private static final class OpenFile {
        final Done done;
        final ContentWriter content;
        /** Bytes that were cut off or skipped so far. */
        long size;

        OpenFile(Done done, ContentWriter content) {
            this.done = done;
            this.content = content;
        }
    }

    private sealed interface Step {
        record Chunk(OpenFile file, int number) implements Step {
        }

        record Hole(OpenFile file, long length) implements Step {
        }

        record End(OpenFile file, byte[] inline) implements Step {
        }
    }

    /** A buffer with its chunks. It belongs to one thread at a time. */
    private static final class Batch {
        final byte[] bytes;
        final List<Step> steps = new ArrayList<>();
        int weight;
        int[] offsets = new int[64];
        int[] lengths = new int[64];
        int chunks;
        CompletableFuture<BlobId[]> ids = new CompletableFuture<>();

        Batch(int size) {
            bytes = new byte[size];
        }

        void add(OpenFile file, int offset, int length) {
            if (chunks == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * chunks);
                lengths = Arrays.copyOf(lengths, 2 * chunks);
            }
            offsets[chunks] = offset;
            lengths[chunks] = length;
            steps.add(new Step.Chunk(file, chunks++));
        }
    }

    /**
     * Begins a file; only one is open at a time.
     *
     * @param weight bytes that are held until its content is stored
     */
    void begin(Done done, int weight) {
        if (open != null) {
            throw new IllegalStateException("the file before is not ended");
        }
        open = new OpenFile(done, new ContentWriter(session.trees()));
        batch.weight += weight;
    }

    void data(byte[] from, int offset, int length) throws IOException {
        for (int copied = 0; copied < length;) {
            makeRoom();
            int step = Math.min(length - copied, batch.bytes.length - end);
            System.arraycopy(from, offset + copied, batch.bytes, end, step);
            end += step;
            copied += step;
        }
    }

    /** Takes what one read gives. @return how much; below 0 at the end */
    int read(InputStream in, long most) throws IOException {
        makeRoom();
        int got = in.read(batch.bytes, end, (int) Math.min(most, batch.bytes.length - end));
        end += Math.max(got, 0);
        return got;
    }

    void hole(long length) throws IOException {
        endExtent();
        if (length > 0) {
            open.size = Math.addExact(open.size, length);
            batch.steps.add(new Step.Hole(open, length));
        }
        if (batch.steps.size() >= MOST_STEPS) {
            dispatch();
        }
    }

    /** Ends the file; whoever began it hears of it when its content is stored. */
    void end() throws IOException {
        byte[] inline = null;
        if (open.size == 0 && end - start <= FileReader.INLINE) {
            inline = Arrays.copyOfRange(batch.bytes, start, end);
            open.size = inline.length;
            end = start;
        } else {
            endExtent();
        }
        batch.steps.add(new Step.End(open, inline));
        open = null;
        if (batch.steps.size() >= MOST_STEPS || batch.weight >= MOST_WEIGHT) {
            dispatch();
        }
    }

    private void endExtent() throws IOException {
        while (start < end) {
            cut(true);
        }
    }

    private void cut(boolean last) {
        int length = chunker.cut(batch.bytes, start, end - start, last);
        batch.add(open, start, length);
        open.size += length;
        start += length;
    }

    private void makeRoom() throws IOException {
        if (end < batch.bytes.length) {
            return;
        }
        while (end - start >= largest) {
            cut(false);
        }
        dispatch();
    }

    /** Hands the batch over and goes on in another, with the bytes that are not cut yet. */
    private void dispatch() throws IOException {
        if (threads.isEmpty()) {
            for (int i = 0; i < workers; i++) {
                BlobWriter writer = session.newDataWriter();
                threads.add(Thread.ofPlatform().daemon().name("storer-" + i).start(() -> work(writer)));
            }
        }
        Batch full = batch;
        Batch next = underway.size() < workers + 1 ? free.poll() : takeOldest();
        batch = next != null ? next : new Batch(full.bytes.length);
        System.arraycopy(full.bytes, start, batch.bytes, 0, end - start);
        end -= start;
        start = 0;
        underway.add(full);
        put(full);
    }

    private void put(Batch full) throws IOException {
        try {
            queue.put(full);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static final Batch LAST = new Batch(0);

    private void work(BlobWriter writer) {
        try {
            for (Batch next = queue.take(); next != LAST; next = queue.take()) {
                store(writer, next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void store(BlobWriter writer, Batch batch) {
        try {
            batch.ids.complete(writer.writeData(batch.bytes, batch.offsets, batch.lengths, batch.chunks));
        } catch (Throwable e) { // whatever it is, the other thread waits for an answer
            batch.ids.completeExceptionally(e);
        }
    }

    /** Waits for the oldest batch, lists its chunks, and gives it back empty. */
    private Batch takeOldest() throws IOException {
        Batch oldest = underway.poll();
        list(oldest);
        return oldest;
    }

    private static void list(Batch batch) throws IOException {
        BlobId[] ids;
        try {
            ids = batch.ids.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                default -> throw new IOException(e.getCause());
            }
        }
        for (Step step : batch.steps) {
            switch (step) {
                case Step.Chunk chunk -> chunk.file.content.add(new Item.Data(ids[chunk.number], 0, batch.lengths[chunk.number], true));
                case Step.Hole hole -> hole.file.content.add(new Item.Hole(hole.length));
                case Step.End file -> file.file.done.accept(file.file.size, file.inline != null ? new Content.Inline(file.inline) : file.file.content.finish());
            }
        }
        batch.steps.clear();
        batch.weight = 0;
        batch.chunks = 0;
        batch.ids = new CompletableFuture<>();
    }

    /** Waits until all that was ended is stored and told. No file may be open. */
    void flush() throws IOException {
        if (open != null) {
            throw new IllegalStateException("a file is not ended");
        }
        while (!underway.isEmpty()) {
            free.add(takeOldest());
        }
        if (ownWriter == null) {
            ownWriter = session.newDataWriter();
        }
        store(ownWriter, batch);
        list(batch);
        start = 0;
        end = 0;
    }

    /** Stores what has been cut so far, whoever waited for it; nothing can be begun any more. */
    void giveUp() throws IOException {
        if (open != null) {
            while (end - start >= largest) {
                cut(false);
            }
            open = null;
            end = start;
        }
        flush();
    }

    @Override
    public void close() {
        queue.clear();
        threads.forEach(thread -> queue.add(LAST));
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package cairn.remote;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.format.RepositoryId;
import cairn.store.AlreadyStoredException;
import cairn.store.NotStoredException;
import cairn.store.OversizeException;
import cairn.store.Storage;
import cairn.store.StoredFile;
import cairn.store.StoredWriter;
import cairn.store.TruncatedException;
import cairn.stream.Frame;
import cairn.stream.FrameReader;
import cairn.stream.FrameWriter;
import cairn.stream.StreamFormat;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The answering side of a conversation about a storage; {@link Message} has the grammar. What may be done is for the
 * storage to say: whoever restricts a client gives one that refuses. Memory is bounded whatever the client sends.
 */
public final class StorageServer {
    private static final int THREADS = 8;
    /** Requests that are being answered or wait for it; the next one is read when there is room. */
    private static final int MOST_REQUESTS = 256;
    /** Of requests that ask about blobs fewer may wait, since they hold their ids. */
    private static final int IDS_OF_A_REQUEST = 256;
    /** Files in the making at the same time. */
    private static final int MOST_FILES = 64;
    private static final int MOST_GREETED = 4096;
    private static final int SMALL = 64 << 10;

    private final Storage storage;
    private final RepositoryId repository;
    private final Questions questions;
    private final int rights;
    private final String program;
    private final Semaphore room = new Semaphore(MOST_REQUESTS);
    private final Map<Integer, Incoming> incoming = new HashMap<>();
    private final Followers followers = new Followers();
    private FrameWriter out;

    /** A file that the client sends. After a failure, which is told at once, the rest of it is passed over. */
    private static final class Incoming {
        private StoredWriter writer;
    }

    /** @param questions answers FIND; null if it is not answered @param rights those that the client is told of */
    public StorageServer(Storage storage, RepositoryId repository, Questions questions, int rights, String program) {
        this.storage = storage;
        this.repository = repository;
        this.questions = questions;
        this.rights = rights;
        this.program = program;
    }

    /**
     * Talks until the client ends the conversation.
     *
     * @throws IOException if the client does not keep to the rules; files that it had not finished are dropped
     */
    public void serve(InputStream in, OutputStream to) throws IOException {
        StreamHeader header = new StreamHeader(StreamKind.CONVERSATION, repository);
        header.write(to);
        out = new FrameWriter(to);
        greet();
        try (ExecutorService threads = pool()) {
            try {
                String what = "what the client says";
                StreamHeader client = StreamHeader.read(in, what);
                if (client == null) {
                    return;
                }
                if (!client.equals(header)) {
                    throw new CairnException(ExitCode.FAILED, what + " is about another repository", null);
                }
                FrameReader frames = new FrameReader(in, what);
                for (Frame frame; (frame = frames.next()) != null;) {
                    take(frame, threads);
                }
            } finally {
                for (Incoming file : incoming.values()) {
                    drop(file);
                }
            }
        }
    }

    private static ExecutorService pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                task -> Thread.ofPlatform().daemon().name("answer").unstarted(task));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private void greet() throws IOException {
        byte[] hello = new ByteWriter().varint(Message.VERSION).varint(rights).string(program.getBytes(StandardCharsets.UTF_8)).toBytes();
        out.write(Message.HELLO, 0, hello);
        for (String folder : List.of("keys/", "keylist/", "keyring/", "marks/", "index/", "backups/")) {
            boolean secret = folder.startsWith("key");
            List<StoredFile> files = folder.equals("marks/") || folder.equals("index/") ? Listings.settled(storage, folder) : Listings.once(storage, folder);
            if (files.size() <= MOST_GREETED) {
                out.write(Message.FOLDER, 0, string(folder));
                list(0, files, secret ? SMALL : 0, Instant.EPOCH);
            }
        }
        out.write(Message.DONE, 0, new byte[0]);
        out.flush();
    }

    private static byte[] string(String text) {
        return new ByteWriter().string(text.getBytes(StandardCharsets.US_ASCII)).toBytes();
    }

    private interface Answer {
        /** Gives what DONE holds; may write other frames before. */
        ByteWriter answer() throws IOException;
    }

    /** In the thread that reads: what a client sends of a file is stored in its order, and while it is, no more is read. */
    private void take(Frame frame, ExecutorService threads) throws IOException {
        ByteReader in = frame.reader("a request");
        int request = frame.number();
        switch (frame.type()) {
            case Message.LIST -> list(request, in, threads);
            case Message.STAT -> stat(request, Entries.name(in), in.u32(), threads);
            case Message.READ -> {
                String name = Entries.name(in);
                long offset = in.length();
                long length = in.length();
                boolean less = in.u8() == 1;
                answer(threads, request, () -> read(request, name, offset, length, less));
            }
            case Message.ALL -> {
                String name = Entries.name(in);
                int limit = in.varint(Integer.MAX_VALUE - 8);
                answer(threads, request, () -> all(request, name, limit));
            }
            case Message.BEGIN -> begin(request, Entries.folder(in));
            case Message.DATA -> data(request, frame.payload());
            case Message.PUBLISH -> publish(request, Entries.name(in), in.u32(), threads);
            case Message.DROP -> drop(file(request, true));
            case Message.DELETE -> {
                String name = Entries.name(in);
                answer(threads, request, () -> {
                    storage.delete(name);
                    return new ByteWriter(0);
                });
            }
            case Message.NOW -> answer(threads, request, () -> {
                ByteWriter time = new ByteWriter();
                Entries.time(time, storage.now());
                return time.u8(storage.listsLate() ? 1 : 0);
            });
            case Message.TIDY -> answer(threads, request, () -> new ByteWriter().varint(storage.tidy()));
            case Message.FIND -> find(request, Places.asked(in), threads);
            default -> throw in.damaged("is of the unknown type " + frame.type());
        }
    }

    private void list(int request, ByteReader in, ExecutorService threads) throws IOException {
        String folder = Entries.folder(in);
        int inline = in.varint(StreamFormat.USUAL);
        Instant since = Entries.time(in);
        boolean settled = in.u8() == 1;
        int after = in.u32();
        answerAfter(after, threads, request, () -> {
            list(request, settled ? Listings.settled(storage, folder) : Listings.once(storage, folder), inline, since);
            return new ByteWriter(0);
        });
    }

    private void stat(int request, String name, int after, ExecutorService threads) {
        answerAfter(after, threads, request, () -> {
            StoredFile file = storage.stat(name).orElse(null);
            if (file != null) {
                ByteWriter entry = new ByteWriter();
                Entries.write(entry, file, null);
                out.write(Message.ENTRIES, request, entry.toBytes());
            }
            return new ByteWriter(0);
        });
    }

    private void find(int request, Places.Asked asked, ExecutorService threads) {
        answer(threads, request, 1 + asked.ids().size() / IDS_OF_A_REQUEST, () -> {
            if (questions == null) {
                throw new CairnException(ExitCode.REFUSED, "questions about what is stored are not answered here", null);
            }
            Places.answer(asked, questions, payload -> out.write(Message.PLACES, request, payload));
            return new ByteWriter(0);
        });
    }

    private void answer(ExecutorService threads, int request, Answer answer) {
        answer(threads, request, 1, answer);
    }

    /** @param weight how much of the memory for requests this one takes */
    private void answer(ExecutorService threads, int request, int weight, Answer answer) {
        room.acquireUninterruptibly(weight);
        threads.execute(() -> {
            try {
                reply(request, answer);
            } finally {
                room.release(weight);
            }
        });
    }

    /** Answers when a file was published, whatever became of it; at once if no such file is on its way. */
    private void answerAfter(int after, ExecutorService threads, int request, Answer answer) {
        room.acquireUninterruptibly();
        Runnable task = () -> {
            try {
                reply(request, answer);
            } finally {
                room.release();
            }
        };
        if (!followers.follow(after, well -> task.run())) {
            threads.execute(task);
        }
    }

    /** @return whether all went well, or what was to be stored was there already */
    private boolean reply(int request, Answer answer) {
        boolean well = false;
        try {
            try {
                byte[] done = answer.answer().toBytes();
                well = true;
                out.write(Message.DONE, request, done);
            } catch (IOException | RuntimeException e) {
                well |= e instanceof AlreadyStoredException;
                out.write(Message.ERROR, request, RemoteError.encode(e));
            }
            out.flush();
        } catch (IOException gone) {
            // the client does not listen any more; the reading thread sees its end
        }
        return well;
    }

    private void list(int request, List<StoredFile> files, int inline, Instant since) throws IOException {
        ByteWriter entries = new ByteWriter(StreamFormat.USUAL);
        long left = Message.MOST_INLINE;
        for (StoredFile file : files) {
            byte[] content = null;
            if (file.size() <= Math.min(inline, left) && !file.modified().isBefore(since)) {
                content = contentOf(file.name(), inline);
                left -= content == null ? 0 : content.length;
            }
            Entries.write(entries, file, content);
            if (entries.size() >= StreamFormat.USUAL) {
                out.write(Message.ENTRIES, request, entries.array(), 0, entries.size());
                entries.clear();
            }
        }
        if (entries.size() > 0) {
            out.write(Message.ENTRIES, request, entries.array(), 0, entries.size());
        }
    }

    private byte[] contentOf(String name, int limit) {
        try {
            return storage.readAll(name, limit);
        } catch (IOException e) {
            return null; // gone meanwhile, or broken: whoever reads it will be told
        }
    }

    private ByteWriter read(int request, String name, long offset, long length, boolean less) throws IOException {
        long size = -1;
        long wanted = length;
        if (less) {
            size = storage.stat(name).map(StoredFile::size).orElse(0L);
            wanted = Math.clamp(size - offset, 0, length);
        }
        byte[] part = new byte[(int) Math.min(wanted, StreamFormat.USUAL)];
        for (long at = 0; at < wanted || wanted == 0;) {
            int count = (int) Math.min(part.length, wanted - at);
            try {
                storage.read(name, offset + at, part, 0, count);
            } catch (TruncatedException cut) {
                throw new TruncatedException(storage.location(), name, offset + length, cut.size());
            }
            if (wanted == 0) {
                break;
            }
            out.write(Message.BYTES, request, part, 0, count);
            at += count;
        }
        return new ByteWriter(10).varint(Math.max(0, size));
    }

    /** In parts as well: how large a file is that a client may ask for, it may have decided itself. */
    private ByteWriter all(int request, String name, int limit) throws IOException {
        long size = storage.stat(name).orElseThrow(() -> new NotStoredException(storage.location(), name)).size();
        if (size > limit) {
            throw new OversizeException(storage.location(), name, size, limit);
        }
        read(request, name, 0, size, false);
        return new ByteWriter(0);
    }

    private Incoming file(int request, boolean last) throws DamagedException {
        Incoming file = last ? incoming.remove(request) : incoming.get(request);
        if (file == null) {
            throw new DamagedException("a request", "goes on with a file that was not begun");
        }
        return file;
    }

    private void begin(int request, String folder) throws IOException {
        if (incoming.size() >= MOST_FILES || incoming.containsKey(request)) {
            throw new DamagedException("a request", "begins too many files");
        }
        Incoming file = new Incoming();
        incoming.put(request, file);
        attempt(request, file, () -> file.writer = storage.begin(folder));
    }

    private void data(int request, byte[] payload) throws IOException {
        Incoming file = file(request, false);
        if (file.writer != null) {
            attempt(request, file, () -> file.writer.write(payload, 0, payload.length));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(int request, Incoming file, Step step) throws IOException {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            drop(file);
            followers.fail(request);
            out.write(Message.ERROR, request, RemoteError.encode(e));
            out.flush();
        }
    }

    private static void drop(Incoming file) throws IOException {
        StoredWriter writer = file.writer;
        file.writer = null;
        if (writer != null) {
            writer.close();
        }
    }

    private void publish(int request, String name, int after, ExecutorService threads) throws IOException {
        StoredWriter writer = file(request, true).writer;
        if (writer == null) {
            return;
        }
        if (after == request || !followers.begin(request)) {
            writer.close();
            throw new DamagedException("a request", "has the number of one that it follows, or that is not answered yet");
        }
        room.acquireUninterruptibly();
        Followers.Follower publishing = first -> {
            try {
                followers.end(request, reply(request, () -> {
                    try (writer) {
                        if (!first) {
                            throw new CairnException(ExitCode.FAILED, "'" + name + "' was not stored, because what it was to follow was not", null);
                        }
                        writer.publish(name);
                    }
                    return new ByteWriter(0);
                }));
            } finally {
                room.release();
            }
        };
        if (!followers.follow(after, publishing)) {
            boolean first = !followers.hasFailed(after);
            threads.execute(() -> publishing.run(first));
        }
    }
}

package cairn.remote;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteReader;
import cairn.format.RepositoryId;
import cairn.format.TooNewException;
import cairn.store.StorageException;
import cairn.stream.Frame;
import cairn.stream.FrameReader;
import cairn.stream.FrameWriter;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The asking side of a conversation; {@link Message} has the grammar. Any number of threads ask at the same time; one
 * thread reads all answers and hands them to whoever asked.
 */
final class Connection implements Closeable {
    private final Link link;
    private final FrameReader in;
    private final FrameWriter out;
    private final RepositoryId repository;
    private final Map<Integer, Call> calls = new ConcurrentHashMap<>();
    private final Map<String, List<Entries.Entry>> greeting = new HashMap<>();
    private final AtomicInteger waits = new AtomicInteger();
    private final Line line = new Line();
    private final Thread reader;
    private int rights;
    private int number;
    private volatile boolean closing;
    private volatile boolean changing;
    private volatile IOException failure;

    /** Waits for the greeting. */
    Connection(Link link) throws IOException {
        this.link = link;
        String what = "what '" + link.location() + "' says";
        StreamHeader header;
        try {
            header = StreamHeader.read(link.in(), what);
            if (header == null) {
                throw link.lost(null);
            }
            if (header.kind() != StreamKind.CONVERSATION) {
                throw new CairnException(ExitCode.FAILED, what + " is a stream, not a conversation", "the other side must run 'cairn receive --stdio'");
            }
            repository = header.repository();
            in = new FrameReader(link.in(), what);
            out = new FrameWriter(link.out());
            greet(what);
            header.write(link.out());
        } catch (IOException e) {
            throw ended(e);
        }
        reader = Thread.ofPlatform().daemon().name("answers").start(this::read);
    }

    /** What the other side's failure is: that of the link, if there is one to be told, since it knows why. */
    private IOException ended(IOException seen) {
        try {
            return seen instanceof TooNewException || seen instanceof StorageException ? seen : link.lost(seen);
        } finally {
            try {
                link.close();
            } catch (IOException e) {
                seen.addSuppressed(e);
            }
        }
    }

    private void greet(String what) throws IOException {
        Frame hello = next();
        ByteReader in = hello.reader(what);
        if (hello.type() == Message.ERROR) {
            throw RemoteError.decode(hello.payload(), link.location());
        }
        if (hello.type() != Message.HELLO) {
            throw in.damaged("does not begin with a greeting");
        }
        int version = in.varint(Integer.MAX_VALUE);
        if (version > Message.VERSION) {
            throw new TooNewException(what, version, Message.VERSION);
        }
        rights = in.varint(Integer.MAX_VALUE);
        List<Entries.Entry> folder = null;
        for (Frame frame; (frame = next()).type() != Message.DONE;) {
            ByteReader payload = frame.reader(what);
            if (frame.type() == Message.FOLDER) {
                folder = new ArrayList<>();
                greeting.put(Entries.folder(payload), folder);
            } else if (frame.type() == Message.ENTRIES && folder != null) {
                while (payload.remaining() > 0) {
                    folder.add(Entries.read(payload));
                }
            } else {
                throw payload.damaged("has a greeting that makes no sense");
            }
        }
    }

    private Frame next() throws IOException {
        Frame frame = in.next();
        if (frame == null) {
            throw link.lost(null);
        }
        return frame;
    }

    private void read() {
        IOException why;
        try {
            while (true) {
                Frame frame = next();
                long now = System.nanoTime();
                line.arrived(frame.payload().length, now);
                Call call = calls.get(frame.number());
                if (call == null) {
                    continue; // the answer to what nobody waits for any more
                }
                switch (frame.type()) {
                    case Message.DONE -> {
                        calls.remove(frame.number());
                        line.answered(now - call.askedAt());
                        call.done(frame.payload());
                    }
                    case Message.ERROR -> {
                        calls.remove(frame.number());
                        call.fail(RemoteError.decode(frame.payload(), link.location()));
                    }
                    default -> call.part(frame.type(), frame.payload());
                }
            }
        } catch (IOException e) {
            why = closing ? e : link.lost(e);
        } catch (RuntimeException | Error e) {
            why = new CairnException(ExitCode.FAILED, "the conversation with '" + link.location() + "' failed: " + e, null, e);
        }
        failure = why;
        for (Call call : List.copyOf(calls.values())) {
            call.fail(again(why));
        }
    }

    /** Each thread that waits throws its own. */
    private static IOException again(IOException why) {
        if (why instanceof LostException lost) {
            return new LostException(lost.exitCode(), lost.getMessage(), lost.remedy(), lost);
        }
        return why instanceof CairnException known
                ? new CairnException(known.exitCode(), known.getMessage(), known.remedy(), known)
                : new IOException(why.getMessage(), why);
    }

    /** What was listed in the greeting, by folder. */
    Map<String, List<Entries.Entry>> greeting() {
        return greeting;
    }

    int rights() {
        return rights;
    }

    RepositoryId repository() {
        return repository;
    }

    String location() {
        return link.location();
    }

    /** A number for a request whose frames follow. */
    synchronized int begin(Call call) throws IOException {
        do {
            number++;
        } while (number == 0 || calls.containsKey(number));
        call.asked(waits);
        calls.put(number, call);
        if (failure != null) {
            calls.remove(number);
            throw again(failure);
        }
        return number;
    }

    /** Waits for no answer any more. */
    void forget(int request) {
        calls.remove(request);
    }

    /** Asks, and does not wait. @param flush false if more is asked at once */
    void ask(Call call, int type, byte[] payload, boolean flush) throws IOException {
        int request = begin(call);
        send(type, request, payload, 0, payload.length);
        if (flush) {
            flush();
        }
    }

    void send(int type, int request, byte[] payload, int offset, int length) throws IOException {
        changing |= type == Message.BEGIN || type == Message.DELETE || type == Message.TIDY;
        try {
            out.write(type, request, payload, offset, length);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Nobody reads what is written: the reading thread is about to learn why. */
    private IOException broken(IOException e) {
        try {
            reader.join(5000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return failure != null ? again(failure) : link.lost(e);
    }

    /**
     * Round trips so far that had to follow one another: an answer that was waited for, and what was asked only after that.
     * What is asked together counts once, and what came before it was wanted not at all, however fast the line is.
     */
    int roundTrips() {
        return waits.get();
    }

    /** What was seen of the line. */
    Line line() {
        return line;
    }

    /** Bytes sent so far. */
    long sent() {
        return out.written();
    }

    /** Bytes received so far. */
    long received() {
        return in.position();
    }

    @Override
    public void close() throws IOException {
        closing = true;
        try {
            out.flush();
        } catch (IOException gone) {
            // it has ended already
        }
        if (changing || failure != null) {
            link.close();
        } else {
            link.leave();
        }
    }
}

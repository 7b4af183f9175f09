package cairn.remote;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.store.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.concurrent.atomic.AtomicReference;

/** A conversation with a server in a thread of this process. */
public final class PipeLink implements Link {
    private final Pipe there = Pipe.open();
    private final Pipe back = Pipe.open();
    private final InputStream in = Channels.newInputStream(back.source());
    private final OutputStream out = Channels.newOutputStream(there.sink());
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread server;

    /** Does the server's part; its streams are closed when it returns. */
    public interface Server {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    public PipeLink(Server serving) throws IOException {
        server = Thread.ofPlatform().daemon().name("server").start(() -> {
            try (InputStream from = Channels.newInputStream(there.source()); OutputStream to = Channels.newOutputStream(back.sink())) {
                serving.serve(from, to);
            } catch (Throwable e) {
                failure.set(e);
            }
        });
    }

    /** A server that closes its storage when it ends. */
    public static PipeLink to(Storage storage, RepositoryId repository) throws IOException {
        return new PipeLink((in, out) -> {
            try (storage) {
                new StorageServer(storage, repository, null, Message.MAY_WRITE | Message.MAY_DELETE, "test").serve(in, out);
            }
        });
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public String location() {
        return "pipe";
    }

    @Override
    public IOException lost(IOException cause) {
        Throwable why = failure.get();
        return new CairnException(ExitCode.FAILED, "the pipe ended: " + (why != null ? why : cause), null, why != null ? why : cause);
    }

    /** The same conversation, in which what this side says goes another way; it shall end up at {@link #out()}. */
    public Link saying(OutputStream instead) {
        return new Link() {
            @Override
            public InputStream in() {
                return in;
            }

            @Override
            public OutputStream out() {
                return instead;
            }

            @Override
            public String location() {
                return PipeLink.this.location();
            }

            @Override
            public IOException lost(IOException cause) {
                return PipeLink.this.lost(cause);
            }

            @Override
            public void close() throws IOException {
                PipeLink.this.close();
            }
        };
    }

    /** What ended the server before its time, or null. */
    public Throwable failure() {
        return failure.get();
    }

    @Override
    public void close() throws IOException {
        out.close();
        try {
            server.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        in.close();
    }
}

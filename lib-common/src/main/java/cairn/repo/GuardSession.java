package cairn.repo;

import cairn.crypto.Ed25519;
import cairn.crypto.Rng;
import cairn.format.Signer;
import cairn.session.SessionFile;
import cairn.session.SessionId;
import java.io.IOException;
import java.time.Duration;

/**
 * The session of somebody who publishes what others wrote (a receiver), by the rules of concurrency: begun before the marks
 * are read, so that nothing that is found is deleted before it has ended or is fenced. It refreshes itself while it
 * lasts. Needs no key: what counts of a session is that it is there, whoever signed it.
 */
public final class GuardSession implements AutoCloseable {
    private static final Duration REFRESH = Duration.ofMinutes(10);

    private final Repository repository;
    private final Signer signer;
    private final SessionId id;
    private int number;
    private boolean ended;

    private GuardSession(Repository repository) throws IOException {
        this.repository = repository;
        this.signer = repository.keys().signer() != null ? repository.keys().signer() : passing();
        this.id = SessionId.read(Rng.bytes(SessionId.BYTES), 0);
        publish(number);
    }

    /** Begins a session; marks and index of the repository are read anew after it. */
    public static GuardSession begin(Repository repository) throws IOException {
        GuardSession session = new GuardSession(repository);
        Thread.ofPlatform().daemon().name("session").start(session::keepAlive);
        repository.refresh();
        return session;
    }

    /** A key that nobody knows or will know again: whoever has none signs by it. */
    private static Signer passing() {
        return Signer.ofSeed(Ed25519.newSeed());
    }

    public SessionId id() {
        return id;
    }

    private void publish(int next) throws IOException {
        SessionFile file = new SessionFile(id, next);
        repository.storage().write(file.name(), file.encode(repository.id(), signer));
    }

    private synchronized void keepAlive() {
        try {
            while (!ended) {
                wait(REFRESH.toMillis());
                if (!ended) {
                    publish(++number);
                }
            }
        } catch (IOException silent) {
            // it will be fenced if this lasts, which is looked at before anything counts
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!ended) {
            ended = true;
            notifyAll();
            publish(SessionFile.END);
        }
    }
}

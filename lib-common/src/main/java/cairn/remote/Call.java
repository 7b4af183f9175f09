package cairn.remote;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A request whose answer is awaited. Its parts are taken by the thread that reads the connection. */
abstract class Call {
    private boolean ended;
    private byte[] done;
    private AtomicInteger waits;
    private int before;
    private long asked;
    private IOException failure;

    /** It is asked now. @param sinceBegin how often one had to wait so far */
    final void asked(AtomicInteger sinceBegin) {
        waits = sinceBegin;
        before = sinceBegin.get();
        asked = System.nanoTime();
    }

    /**
     * Takes a part of the answer; must not block.
     *
     * @throws IOException if it makes no sense; the connection ends
     */
    abstract void part(int type, byte[] payload) throws IOException;

    final synchronized void done(byte[] payload) {
        if (!ended) {
            ended = true;
            done = payload;
            notifyAll();
        }
        finished();
    }

    final synchronized void fail(IOException why) {
        if (!ended) {
            ended = true;
            failure = why;
            notifyAll();
        }
        finished();
    }

    /** When it was asked, of {@link System#nanoTime}. */
    final long askedAt() {
        return asked;
    }

    /** Called once the answer is there or will never be. */
    void finished() {
    }

    final synchronized boolean ended() {
        return ended;
    }

    final synchronized boolean failed() {
        return failure != null;
    }

    /** Waits for the end of the answer. @return what its last frame holds */
    final byte[] await() throws IOException {
        synchronized (this) {
            boolean interrupted = false;
            while (!ended) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (waits != null) {
                waits.accumulateAndGet(before + 1, Math::max);
            }
            if (failure != null) {
                throw failure;
            }
            return done;
        }
    }
}

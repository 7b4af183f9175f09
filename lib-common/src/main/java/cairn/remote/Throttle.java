package cairn.remote;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets no more than so many bytes a second pass, with bursts of a quarter of a second. The rate may change at any time,
 * and counts from then on. For any number of threads.
 */
public final class Throttle {
    private static final long NANOS = 1_000_000_000;
    private static final int STEP = 16 << 10;

    private final Clock clock;
    private double rate;
    private double saved;
    private long last;

    /** The time, and how to let it pass. */
    interface Clock {
        long nanos();

        void sleep(long nanos);

        Clock SYSTEM = new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(long nanos) {
                LockSupport.parkNanos(nanos);
            }
        };
    }

    /** @param bytesPerSecond 0 for no limit */
    public Throttle(long bytesPerSecond) {
        this(bytesPerSecond, Clock.SYSTEM);
    }

    Throttle(long bytesPerSecond, Clock clock) {
        this.clock = clock;
        this.rate = bytesPerSecond;
        this.last = clock.nanos();
    }

    /** Changes the rate. @param bytesPerSecond 0 for no limit */
    public synchronized void rate(long bytesPerSecond) {
        settle();
        rate = bytesPerSecond;
        saved = Math.min(saved, rate / 4);
    }

    /** Bytes a second; 0 for no limit. */
    public synchronized long rate() {
        return (long) rate;
    }

    private void settle() {
        long now = clock.nanos();
        saved = rate <= 0 ? 0 : Math.min(saved + rate * (now - last) / NANOS, rate / 4);
        last = now;
    }

    /** Waits until so many bytes may pass. */
    public void pass(int bytes) {
        synchronized (this) {
            settle();
            saved -= bytes;
        }
        for (long wait; (wait = debt()) > 0;) {
            clock.sleep(Math.min(wait, NANOS / 4)); // the rate may change meanwhile
        }
    }

    private synchronized long debt() {
        settle();
        return rate <= 0 || saved >= 0 ? 0 : (long) Math.ceil(-saved / rate * NANOS);
    }

    /** A stream that is read no faster, so that whoever writes into its other end is held up. */
    public InputStream over(InputStream in) {
        return new InputStream() { // whose skip reads, unlike that of a filter: nothing passes unseen
            @Override
            public int read() throws IOException {
                int b = in.read();
                if (b >= 0) {
                    pass(1);
                }
                return b;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = in.read(bytes, offset, Math.min(STEP, length));
                if (count > 0) {
                    pass(count);
                }
                return count;
            }

            @Override
            public int available() throws IOException {
                return in.available();
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    /** A stream whose bytes are held up. */
    public OutputStream over(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                pass(1);
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int at = 0; at < length; at += STEP) {
                    int count = Math.min(STEP, length - at);
                    pass(count);
                    out.write(bytes, offset + at, count);
                    if (at + count < length) {
                        out.flush();
                    }
                }
            }
        };
    }
}

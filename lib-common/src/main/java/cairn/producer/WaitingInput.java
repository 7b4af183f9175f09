package cairn.producer;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Reads a stream by a thread of its own, so that whoever waits for it can stop waiting: a read of standard input cannot be
 * interrupted. The stream ends early when that happens.
 */
final class WaitingInput extends InputStream {
    private static final int PORTION = 256 << 10;

    private record Portion(byte[] bytes, int length, IOException failure) {
    }

    private final BlockingQueue<Portion> full = new ArrayBlockingQueue<>(2);
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(4);
    private final BooleanSupplier stopped;
    private Portion portion;
    private int at;
    private boolean ended;

    WaitingInput(InputStream in, BooleanSupplier stopped) {
        this.stopped = stopped;
        Thread.ofPlatform().daemon().name("stdin").start(() -> pump(in));
    }

    private void pump(InputStream in) {
        try {
            while (true) {
                byte[] buffer = empty.poll();
                buffer = buffer != null ? buffer : new byte[PORTION];
                Portion next;
                try {
                    next = new Portion(buffer, in.read(buffer), null);
                } catch (IOException e) {
                    next = new Portion(buffer, -1, e);
                }
                full.put(next);
                if (next.length < 0) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int most) throws IOException {
        while (!ended && (portion == null || at == portion.length)) {
            if (portion != null) {
                empty.offer(portion.bytes);
            }
            portion = next();
            at = 0;
            if (portion != null && portion.failure != null) {
                throw portion.failure;
            }
            ended = portion == null || portion.length < 0;
        }
        if (ended) {
            return -1;
        }
        int step = Math.min(most, portion.length - at);
        System.arraycopy(portion.bytes, at, to, offset, step);
        at += step;
        return step;
    }

    private Portion next() throws IOException {
        try {
            while (!stopped.getAsBoolean()) {
                Portion next = full.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    return next;
                }
            }
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

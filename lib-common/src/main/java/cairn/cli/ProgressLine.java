package cairn.cli;

import cairn.posix.RawString;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * One line at the foot of a terminal, written anew in place at most ten times a second by a thread of its own, so that
 * the work itself only counts. Messages and results clear it before they are printed; the next tick draws it again.
 */
public final class ProgressLine implements AutoCloseable {
    /** Shows nothing. */
    static final ProgressLine NONE = new ProgressLine(null, null, null);

    private static final long TICK = Duration.ofMillis(100).toNanos();
    private static final byte[] ERASE = {'\r', 0x1b, '[', 'K'};

    private final Output output;
    private final Terminal terminal;
    private final Supplier<ProgressState> state;
    private final long start = System.nanoTime();
    private volatile boolean closed;
    private boolean drawn;
    private Thread thread;

    private ProgressLine(Output output, Terminal terminal, Supplier<ProgressState> state) {
        this.output = output;
        this.terminal = terminal;
        this.state = state;
    }

    static ProgressLine start(Output output, CommandContext context, Supplier<ProgressState> state) {
        ProgressLine line = new ProgressLine(output, context.terminal(), state);
        line.thread = Thread.ofPlatform().daemon().name("progress").start(line::loop);
        return line;
    }

    private void loop() {
        while (!closed) {
            LockSupport.parkNanos(this, TICK);
            synchronized (output) {
                if (!closed) draw();
            }
        }
    }

    private void draw() {
        ProgressState now = state.get();
        if (now == null) return;
        String text = format(now, Duration.ofNanos(System.nanoTime() - start), terminal.columns() - 1);
        byte[] line = RawString.encode(text);
        byte[] bytes = new byte[ERASE.length + line.length];
        System.arraycopy(ERASE, 0, bytes, 0, ERASE.length);
        System.arraycopy(line, 0, bytes, ERASE.length, line.length);
        output.writeStderr(bytes);
        drawn = true;
    }

    /** Takes the line off the screen; the caller holds the output's lock. */
    void clear() {
        if (!drawn) return;
        output.writeStderr(ERASE);
        drawn = false;
    }

    /** Takes the line off the screen for good. */
    @Override
    public void close() {
        if (output == null) return;
        synchronized (output) {
            closed = true;
            clear();
        }
        LockSupport.unpark(thread);
    }

    /** {@code reading  1.2 GiB of 3.0 GiB  12000 of 84000 files  210.0 MiB/s  0:12 left  home/me/x}. */
    static String format(ProgressState now, Duration elapsed, int columns) {
        StringBuilder out = new StringBuilder();
        if (now.phase() != null) out.append(now.phase()).append("  ");
        out.append(Sizes.format(now.bytes()));
        if (now.totalBytes() >= 0) out.append(" of ").append(Sizes.format(now.totalBytes()));
        out.append("  ").append(now.files());
        if (now.totalFiles() >= 0) out.append(" of ").append(now.totalFiles());
        out.append(" files");
        double seconds = Math.max(elapsed.toNanos() / 1e9, 0.001);
        double rate = now.bytes() / seconds;
        out.append("  ").append(Sizes.format((long) rate)).append("/s");
        if (now.totalBytes() > now.bytes() && rate > 0 && seconds >= 1) {
            out.append("  ").append(clock((long) Math.ceil((now.totalBytes() - now.bytes()) / rate))).append(" left");
        }
        int room = columns - out.length() - 2;
        if (now.current() != null && room >= 8) out.append("  ").append(Text.fit(Text.printable(now.current()), room));
        return Text.fit(out.toString(), Math.max(columns, 1));
    }

    private static String clock(long seconds) {
        long hours = seconds / 3600;
        String minutes = Long.toString(seconds / 60 % 60);
        String rest = (seconds % 60 < 10 ? "0" : "") + seconds % 60;
        if (hours == 0) return minutes + ":" + rest;
        return hours + ":" + (minutes.length() < 2 ? "0" : "") + minutes + ":" + rest;
    }
}

package cairn.cli;

import cairn.error.CairnException;
import cairn.posix.Open;
import cairn.posix.RawString;
import cairn.posix.Sys;
import cairn.remote.Throttle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How fast to send. */
public final class LimitOption {
    private static final long LOOK_NANOS = 1_000_000_000;
    private static final int LONGEST = 64;

    @Option(names = "--limit", paramLabel = "RATE",
            description = "send at most so many bytes a second: 10MiB/s; or @FILE, whose first line says so and may change while it runs (0: no limit)")
    private String limit;

    /**
     * The throttle that is meant. One that goes by a file is looked after by a thread of its own.
     *
     * @param warn told when the file cannot be read or says nothing that can be understood: then the rate stays as it was
     */
    public Throttle throttle(Consumer<String> warn) throws CairnException {
        if (limit == null) return new Throttle(0);
        if (!limit.startsWith("@")) return new Throttle(parse(limit));
        byte[] file = RawString.encode(limit.substring(1));
        Throttle throttle = new Throttle(ofFile(file));
        Thread.ofPlatform().daemon().name("limit").start(() -> follow(file, throttle, warn));
        return throttle;
    }

    private void follow(byte[] file, Throttle throttle, Consumer<String> warn) {
        String told = null;
        while (true) {
            LockSupport.parkNanos(LOOK_NANOS);
            try {
                throttle.rate(ofFile(file));
                told = null;
            } catch (CairnException e) {
                if (!e.getMessage().equals(told)) warn.accept(e.getMessage() + "; the limit stays as it was");
                told = e.getMessage();
            }
        }
    }

    private long ofFile(byte[] file) throws CairnException {
        byte[] content;
        try {
            content = Sys.readFile(Open.AT_FDCWD, file);
        } catch (IOException e) {
            throw new UsageException("--limit cannot read '" + limit.substring(1) + "': " + Errors.reason(e));
        }
        String text = new String(content, 0, Math.min(LONGEST, content.length), StandardCharsets.ISO_8859_1).strip();
        return parse(text.lines().findFirst().orElse(""));
    }

    static long parse(String text) throws UsageException {
        String rate = text.endsWith("/s") ? text.substring(0, text.length() - 2) : text;
        try {
            return Sizes.parse(rate);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--limit wants bytes a second, such as 10MiB/s, not '" + text + "'");
        }
    }
}

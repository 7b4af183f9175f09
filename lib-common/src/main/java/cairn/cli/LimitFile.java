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

/** A file whose first line is the limit, and may change at any time. */
final class LimitFile {
    private static final long LOOK_NANOS = 1_000_000_000;
    private static final int LONGEST = 64;

    private final byte[] file;
    private final Throttle throttle;
    private final Consumer<String> warn;
    private String told;

    /** @param warn told when the file cannot be used: then the rate stays as it was */
    LimitFile(byte[] file, Throttle throttle, Consumer<String> warn) {
        this.file = file;
        this.throttle = throttle;
        this.warn = warn;
    }

    /** Takes the rate that the file says now, and goes on looking in a thread of its own. */
    void follow() throws CairnException {
        throttle.rate(read());
        Thread.ofPlatform().daemon().name("limit").start(() -> {
            while (true) {
                LockSupport.parkNanos(LOOK_NANOS);
                look();
            }
        });
    }

    /** Takes the rate that the file says now, if it says one. */
    void look() {
        try {
            throttle.rate(read());
            told = null;
        } catch (CairnException e) {
            if (!e.getMessage().equals(told)) warn.accept(e.getMessage() + "; the limit stays as it was");
            told = e.getMessage();
        }
    }

    private long read() throws CairnException {
        byte[] content;
        try {
            content = Sys.readFile(Open.AT_FDCWD, file);
        } catch (IOException e) {
            throw new UsageException("--limit cannot read '" + RawString.printable(file) + "': " + Errors.reason(e));
        }
        String text = new String(content, 0, Math.min(LONGEST, content.length), StandardCharsets.ISO_8859_1).strip();
        return LimitOption.parse(text.lines().findFirst().orElse(""));
    }
}

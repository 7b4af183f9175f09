package cairn.cli;

import cairn.error.CairnException;
import cairn.posix.RawString;
import cairn.remote.Throttle;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How fast to move what goes to and comes from elsewhere. */
final class LimitOption {
    @Option(names = "--limit", paramLabel = "RATE",
            description = "move at most so many bytes a second to and from elsewhere (ssh://, streams): 10MiB/s; or @FILE, whose first line"
                    + " says so and may change while it runs (0: no limit)")
    private String limit;

    private Throttle throttle;

    /** Whether there is a limit that nothing has asked for. */
    boolean isIdle() {
        return limit != null && throttle == null;
    }

    /**
     * The throttle that is meant, the same one each time. One that goes by a file is looked after by a thread of its own.
     *
     * @param warn told when the file cannot be read or says nothing that can be understood: then the rate stays as it was
     */
    Throttle throttle(Consumer<String> warn) throws CairnException {
        if (throttle == null) {
            throttle = new Throttle(limit == null || limit.startsWith("@") ? 0 : parse(limit));
            if (limit != null && limit.startsWith("@")) new LimitFile(RawString.encode(limit.substring(1)), throttle, warn).follow();
        }
        return throttle;
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

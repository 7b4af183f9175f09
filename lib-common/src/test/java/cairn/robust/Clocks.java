package cairn.robust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The clock that a file system stamps its files with. */
public final class Clocks {
    private static final Duration MARGIN = Duration.ofMillis(60);

    private Clocks() {
    }

    /** Returns when that clock has passed the margin of the rule for unchanged files since now. */
    public static void pass(Path folder) throws IOException {
        Instant now = stamp(folder);
        while (stamp(folder).isBefore(now.plus(MARGIN))) {
            Thread.onSpinWait();
        }
    }

    private static Instant stamp(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder.getParent(), "probe", null);
        Instant stamp = Files.getLastModifiedTime(probe).toInstant();
        Files.delete(probe);
        return stamp;
    }
}

package cairn.robust;

import cairn.repo.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;

/** Time in tests: that of the disk, and that which a program gives it. */
public final class Clocks {
    /**
     * Waits for the disk as long as it takes. A program makes a file system clean before it looks at it, but does not wait
     * for ever; on a busy machine a test that wants to see what it does with a clean one has to.
     */
    public static final Timing PATIENT = new Waiting(true);
    /** Has waited in vain before it began: as on a disk that never gets clean. */
    public static final Timing IMPATIENT = new Waiting(false);

    private static final Set<String> FINE = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs");
    private static final Duration MARGIN = Duration.ofMillis(60);
    private static final Duration COARSE = Duration.ofMillis(2100);

    private record Waiting(boolean ends) implements Timing {
        @Override
        public long nanos() {
            return SYSTEM.nanos();
        }

        @Override
        public void pause(Duration span, BooleanSupplier until) {
            SYSTEM.pause(span, until);
        }

        @Override
        public boolean waitFor(Thread thread, Duration patience) throws InterruptedException {
            if (ends) {
                thread.join();
            }
            return ends;
        }
    }

    private Clocks() {
    }

    /** Returns when the clock that a file system stamps its files with has passed the margin of the rule for unchanged files since now. */
    public static void pass(Path folder) throws IOException {
        Duration margin = FINE.contains(Files.getFileStore(folder).type()) ? MARGIN : COARSE;
        Instant now = stamp(folder);
        while (stamp(folder).isBefore(now.plus(margin))) {
            Thread.onSpinWait();
        }
    }

    /** Skips what follows where no file can be known to be unchanged: on tmpfs all are always read. */
    public static void assumeUnchangedIsSeen(Path folder) throws IOException {
        Assumptions.assumeFalse(Set.of("tmpfs", "ramfs").contains(Files.getFileStore(folder).type()), "on tmpfs all files are always read");
    }

    private static Instant stamp(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder.getParent(), "probe", null);
        Instant stamp = Files.getLastModifiedTime(probe).toInstant();
        Files.delete(probe);
        return stamp;
    }
}

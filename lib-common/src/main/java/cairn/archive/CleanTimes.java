package cairn.archive;

import cairn.archive.ChangeRule.FileSystemTraits;
import cairn.posix.FileSystem;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.record.RecordBody.CleanTime;
import cairn.repo.Timing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes each source file system clean before anything of it is read, and remembers when: see {@link ChangeRule}. A
 * file system that does not get clean in {@value #PATIENCE_SECONDS} s (something writes all the time, or the device is
 * slow) is left to its own write-back: its margin is then the kernel's age limit of dirty pages, its wake-up interval
 * and 30 s.
 */
final class CleanTimes {
    private static final int PATIENCE_SECONDS = 10;
    private static final long LEAST_MARGIN = 20_000_000L;

    private final Map<Long, CleanTime> clean = new HashMap<>();
    private final Map<Long, FileSystemTraits> traits = new HashMap<>();
    private final ArchiveListener listener;
    private final Timing timing;

    CleanTimes(ArchiveListener listener, Timing timing) {
        this.listener = listener;
        this.timing = timing;
    }

    /**
     * Traits of the file system of a directory; the first call for a device makes it clean.
     *
     * @param device to remember the file system by
     * @param taken  a moment before the snapshot was taken that it is, or null: what changed later is perhaps not in it
     */
    FileSystemTraits enter(int fd, Stat stat, long device, Instant taken) throws IOException {
        FileSystemTraits known = traits.get(stat.dev());
        if (known != null && (known.alwaysRead() || clean.containsKey(device))) {
            return known;
        }
        FileSystemTraits found = known != null ? known : FileSystemTraits.of(FileSystem.of(fd).type());
        traits.put(stat.dev(), found);
        if (found.alwaysRead()) {
            return found;
        }
        if (known == null && found.name() != null) {
            listener.note(found.inodesChange()
                    ? "inode numbers of a file system of the kind " + found.name() + " do not last: they are not compared"
                    : "times of a file system of the kind " + found.name() + " are its server's: a margin of 2 s is kept");
        }
        Instant now = Instant.now();
        Instant time = taken != null && taken.isBefore(now) ? taken : now;
        long margin = Math.max(LEAST_MARGIN, found.granularityNanos());
        if (!sync(fd)) {
            margin = writeBackNanos();
            listener.note("a file system did not get clean in " + PATIENCE_SECONDS + " s: files changed in the last "
                    + margin / 1_000_000_000L + " s will be read again by the next backup");
        }
        // a snapshot and other snapshots or its origin may count as one device: the most careful of them holds
        clean.merge(device, new CleanTime((int) (device >>> 32), (int) device, time, margin), (one, other) ->
                new CleanTime(one.deviceMajor(), one.deviceMinor(), one.time().isBefore(other.time()) ? one.time() : other.time(),
                        one.marginNanos() < 0 || other.marginNanos() < 0 ? -1 : Math.max(one.marginNanos(), other.marginNanos())));
        return found;
    }

    List<CleanTime> all() {
        return new ArrayList<>(clean.values());
    }

    private boolean sync(int fd) throws IOException {
        int own;
        try {
            own = Open.reopen(fd, Open.O_RDONLY | Open.O_DIRECTORY | Open.O_CLOEXEC);
        } catch (PosixException e) {
            return false;
        }
        AtomicBoolean done = new AtomicBoolean();
        Thread thread = Thread.ofPlatform().daemon().name("syncfs").start(() -> {
            try {
                Io.syncfs(own);
                done.set(true);
            } catch (PosixException e) {
                // it could not be made clean, whatever the reason: the wider margin is kept
            } finally {
                Open.close(own);
            }
        });
        try {
            return timing.waitFor(thread, Duration.ofSeconds(PATIENCE_SECONDS)) && done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How long the kernel may keep a page dirty (proc_sys_vm(5)), and 30 s. */
    private static long writeBackNanos() {
        return (centiseconds("dirty_expire_centisecs", 3000) + centiseconds("dirty_writeback_centisecs", 500)) * 10_000_000L + 30_000_000_000L;
    }

    private static long centiseconds(String name, long usual) {
        try {
            return Long.parseLong(Files.readString(Path.of("/proc/sys/vm", name), StandardCharsets.US_ASCII).trim());
        } catch (IOException | NumberFormatException e) {
            return usual;
        }
    }
}

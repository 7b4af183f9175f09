package cairn.spool;

import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Sys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * A folder for what a program needs on disk while it runs, and nobody afterwards. The program holds a flock(2) lock on it,
 * which the kernel drops when it ends, however it ends: so it is known of what a killed one left that it is nobody's.
 */
public final class HeldFolder implements AutoCloseable {
    private static final int FLAGS = Open.O_RDONLY | Open.O_DIRECTORY | Open.O_NOFOLLOW;

    private final Path path;
    private final int lock;

    private HeldFolder(Path path, int lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes one.
     *
     * @param within null for the system's temporary folder
     * @param prefix what its name begins with; digits follow
     */
    public static HeldFolder make(Path within, String prefix) throws IOException {
        Path path = within == null ? Files.createTempDirectory("cairn-" + prefix) : Files.createTempDirectory(within, prefix);
        int lock = open(path);
        try {
            Sys.tryLock(lock, false);
        } catch (PosixException noLocks) {
            // a file system without locks: then nobody can take the lock and remove the folder, either
        }
        return new HeldFolder(path, lock);
    }

    public Path path() {
        return path;
    }

    /** Removes the folder with all that is in it. */
    @Override
    public void close() throws IOException {
        try {
            remove(path);
        } finally {
            Open.close(lock);
        }
    }

    /** Removes a folder that was made so, unless a living program holds it. */
    public static void removeAbandoned(Path path) throws IOException {
        int lock = open(path);
        try {
            if (Sys.tryLock(lock, false)) {
                remove(path);
            }
        } finally {
            Open.close(lock);
        }
    }

    private static int open(Path path) throws PosixException {
        return Open.openat(Open.AT_FDCWD, RawString.encode(path.toString()), FLAGS, 0);
    }

    private static void remove(Path path) throws IOException {
        try (var all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}

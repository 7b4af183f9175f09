package cairn.remote;

import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.posix.RawString;
import cairn.spool.PrivateFolder;
import cairn.store.LocalFolder;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Copies, on this machine, of files of far repositories that never change: index files, records, marks and packs of
 * trees. They lie in {@code CACHE/remote/REPOSITORY-ID/} under the names that they have in the repository, so that it does
 * not matter by which way it is reached. Each is checked against its name at its first use in a run: a copy that was
 * damaged or cut off is fetched again, and costs time, never a byte. For any number of threads.
 *
 * <p>All repositories together stay below a bound: what was used longest ago goes first. Temporary files of runs that were
 * killed go after a day.
 */
public final class FileCache implements Closeable {
    private static final String FOLDER = "remote";
    private static final String TEMPORARY = ".new-";
    private static final long LEFTOVER_MILLIS = 24 * 3600_000L;
    private static final int STEP = 1 << 20;

    private final Path all;
    private final Path own;
    private final RepositoryId repository;
    private final long bound;
    private final LocalFolder files;
    private final Map<String, Long> sizes = new ConcurrentHashMap<>();
    private final Set<String> checked = ConcurrentHashMap.newKeySet();
    private volatile boolean grown;

    private FileCache(Path all, Path own, RepositoryId repository, long bound) throws IOException {
        this.all = all;
        this.own = own;
        this.repository = repository;
        this.bound = bound;
        files = LocalFolder.open(RawString.encode(own.toString()));
        files.list("", file -> sizes.put(file.name(), file.size()));
    }

    /** @return null if there can be no cache: nothing is remembered then */
    static FileCache open(Path cache, long bound, RepositoryId repository) {
        if (cache == null || bound <= 0) {
            return null;
        }
        try {
            Path all = cache.resolve(FOLDER);
            Path own = PrivateFolder.make(all.resolve(repository.hex()));
            return new FileCache(all, own, repository, bound);
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether a good copy is here; checks it at the first call. */
    boolean has(String name, Kind kind) {
        if (!sizes.containsKey(name)) {
            return false;
        }
        if (checked.contains(name)) {
            return true;
        }
        try {
            FileCheck check = new FileCheck();
            long size = sizes.get(name);
            byte[] buffer = new byte[(int) Math.min(STEP, Math.max(1, size))];
            for (long at = 0; at < size; at += buffer.length) {
                int count = (int) Math.min(buffer.length, size - at);
                files.read(name, at, buffer, 0, count);
                check.update(buffer, 0, count);
            }
            if (check.end(kind, repository, null, name).hash().equals(Entries.hashOf(name))) {
                checked.add(name);
                touch(name);
                return true;
            }
        } catch (IOException damaged) {
            // as if it were not there
        }
        drop(name);
        return false;
    }

    private void touch(String name) {
        try {
            Files.setLastModifiedTime(own.resolve(name), FileTime.from(Instant.now()));
        } catch (IOException e) {
            // it goes earlier than it had to
        }
    }

    private void drop(String name) {
        sizes.remove(name);
        checked.remove(name);
        try {
            Files.deleteIfExists(own.resolve(name));
        } catch (IOException e) {
            // not used in this run
        }
    }

    /** Whether there is any copy of a file of this folder. */
    boolean hasAny(String folder) {
        return sizes.keySet().stream().anyMatch(name -> name.startsWith(folder));
    }

    /** Reads from a copy that is here. */
    void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        files.read(name, offset, buffer, start, length);
    }

    byte[] readAll(String name) throws IOException {
        return files.readAll(name, Integer.MAX_VALUE - 8);
    }

    /** Gives the bytes of a file. */
    interface Content {
        void writeTo(FileChannel out) throws IOException;
    }

    void put(String name, byte[] content) {
        put(name, content.length, out -> {
            for (ByteBuffer left = ByteBuffer.wrap(content); left.hasRemaining();) {
                out.write(left);
            }
        });
    }

    /** Keeps a copy; if that cannot be, nothing happens. */
    void put(String name, long size, Content content) {
        if (sizes.containsKey(name) || size > bound / 2) {
            return;
        }
        Path temporary = null;
        try {
            Path target = own.resolve(name);
            Files.createDirectories(target.getParent());
            temporary = Files.createTempFile(own, TEMPORARY, "");
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                content.writeTo(out);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            temporary = null;
            sizes.put(name, size);
            grown = true;
        } catch (IOException e) {
            // no room, no right: the next run fetches it again
        } finally {
            if (temporary != null) {
                try {
                    Files.deleteIfExists(temporary);
                } catch (IOException e) {
                    // the clean-up of a later run finds it
                }
            }
        }
    }

    /** Drops the copies below a folder that the repository does not list any more. */
    void keepOnly(String folder, Set<String> listed) {
        for (String name : sizes.keySet()) {
            if (name.startsWith(folder) && !listed.contains(name)) {
                drop(name);
            }
        }
    }

    /** Forgets a copy. */
    void forget(String name) {
        if (sizes.containsKey(name)) {
            drop(name);
        }
    }

    private record Aged(Path path, long size, long used) {
    }

    @Override
    public void close() throws IOException {
        files.close();
        if (grown) {
            cleanUp(all, bound, System.currentTimeMillis());
        }
    }

    /** Brings all copies together below a bound. */
    static void cleanUp(Path all, long bound, long nowMillis) throws IOException {
        List<Aged> found = new ArrayList<>();
        long total = 0;
        try (Stream<Path> paths = Files.walk(all)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                try {
                    BasicFileAttributes at = Files.readAttributes(path, BasicFileAttributes.class);
                    long used = at.lastModifiedTime().toMillis();
                    if (!at.isRegularFile()) {
                        continue;
                    }
                    if (path.getFileName().toString().startsWith(TEMPORARY)) {
                        if (nowMillis - used > LEFTOVER_MILLIS) {
                            Files.deleteIfExists(path);
                        }
                        continue;
                    }
                    found.add(new Aged(path, at.size(), used));
                    total += at.size();
                } catch (NoSuchFileException gone) {
                    // another run cleans up, too
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        found.sort(Comparator.comparingLong(Aged::used));
        for (Aged file : found) {
            if (total <= bound) {
                return;
            }
            Files.deleteIfExists(file.path());
            total -= file.size();
        }
    }
}

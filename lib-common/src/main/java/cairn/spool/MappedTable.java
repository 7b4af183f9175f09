package cairn.spool;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Extents;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A hash table of any size, in a mapped file that nobody else sees, so that it costs disk and not heap: keys of 128 bits
 * whose second half is never 0, and some bytes of value for each. Open addressing, at most half full. For one thread.
 *
 * <pre>
 * 0   first half of the key     8
 * 8   second half               8   0: nobody's place
 * 16  value                     as many bytes as are asked for, 0 at first
 * </pre>
 */
public final class MappedTable implements AutoCloseable {
    private static final int KEY = 16;
    private static final long FIRST_CAPACITY = 4096;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final Path folder;
    private final String name;
    private final int entry;
    private Arena arena;
    private MemorySegment table;
    private long capacity;
    private long size;

    /**
     * Makes an empty table; it has no file until something is added.
     *
     * @param folder for the file; null for the system's temporary folder
     * @param name   what the file's name begins with, for the moment that it has one
     */
    public MappedTable(Path folder, String name, int valueBytes) {
        this.folder = folder;
        this.name = name;
        this.entry = KEY + valueBytes;
    }

    /** The place of a key, or -1 if it has none. Valid until the next {@link #add}. */
    public long find(long first, long second) {
        if (table == null) {
            return -1;
        }
        long place = search(first, second);
        return table.get(LONG, place + 8) == 0 ? -1 : place;
    }

    /**
     * Gives a key a place, with a value of 0.
     *
     * @param second not 0
     * @return the new place, or -1 if the key has one
     */
    public long add(long first, long second) throws IOException {
        if (second == 0) {
            throw new IllegalArgumentException("the second half of a key is 0");
        }
        if (size * 2 >= capacity) {
            grow();
        }
        long place = search(first, second);
        if (table.get(LONG, place + 8) != 0) {
            return -1;
        }
        table.set(LONG, place, first);
        table.set(LONG, place + 8, second);
        size++;
        return place;
    }

    public long size() {
        return size;
    }

    /** @param at where in the value, in bytes */
    public long getLong(long place, int at) {
        return table.get(LONG, place + KEY + at);
    }

    public void setLong(long place, int at, long value) {
        table.set(LONG, place + KEY + at, value);
    }

    public int getInt(long place, int at) {
        return table.get(INT, place + KEY + at);
    }

    public void setInt(long place, int at, int value) {
        table.set(INT, place + KEY + at, value);
    }

    /** Where a key is, or the free place where it goes. */
    private long search(long first, long second) {
        long hash = (second ^ Long.rotateLeft(first, 40)) * 0x9E3779B97F4A7C15L;
        for (long i = hash >>> 20 & capacity - 1;; i = i + 1 & capacity - 1) {
            long place = i * entry;
            long found = table.get(LONG, place + 8);
            if (found == 0 || found == second && table.get(LONG, place) == first) {
                return place;
            }
        }
    }

    private void grow() throws IOException {
        MemorySegment old = table;
        Arena oldArena = arena;
        allocate(Math.max(FIRST_CAPACITY, capacity * 4));
        if (old == null) {
            return;
        }
        for (long from = 0; from < old.byteSize(); from += entry) {
            long second = old.get(LONG, from + 8);
            if (second != 0) {
                MemorySegment.copy(old, from, table, search(old.get(LONG, from), second), entry);
            }
        }
        oldArena.close();
    }

    private void allocate(long places) throws IOException {
        Path file = folder == null ? Files.createTempFile("cairn-" + name, null) : Files.createTempFile(folder, name, null);
        try {
            reserve(file, places * entry);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            Arena fresh = Arena.ofShared();
            try {
                table = channel.map(FileChannel.MapMode.READ_WRITE, 0, places * entry, fresh);
            } catch (IOException | RuntimeException e) {
                fresh.close();
                throw e;
            }
            arena = fresh;
            capacity = places;
        }
    }

    /** A store into a mapped hole of a full disk would be a fault of the JVM, not an error that anybody could tell. */
    private static void reserve(Path file, long bytes) throws IOException {
        int fd = Open.openLong(Open.AT_FDCWD, RawString.encode(file.toString()), Open.O_RDWR, 0);
        try {
            Extents.allocate(fd, 0, bytes, false);
        } catch (PosixException e) {
            if (e.isFull()) {
                throw new CairnException(ExitCode.FAILED, "no room for a temporary table of " + (bytes >> 10) + " KiB in '"
                        + RawString.printable(RawString.encode(file.getParent().toString())) + "'", "make room there; nothing that was stored is lost", e);
            }
            if (!e.isUnsupported()) {
                throw e;
            }
        } finally {
            Open.close(fd);
        }
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}

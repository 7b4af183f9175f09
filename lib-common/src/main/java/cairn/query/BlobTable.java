package cairn.query;

import cairn.format.BlobId;
import cairn.repo.IdHash;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What is known of any number of blobs: an open-addressing table of 32-byte places in a mapped file that nobody else
 * sees, so that it costs disk and not heap. For one thread.
 *
 * <pre>
 * 0   what stands for the id, {@link IdHash}   16   the last bit set: in use
 * 16  stored bytes           4   negative for a blob of a tree
 * 20  plain bytes            4
 * 24  the backup that needs it first    4   -1 if several do
 * 28  the backup that was counted last  4
 * </pre>
 */
final class BlobTable implements AutoCloseable {
    static final int SEVERAL = -1;
    private static final int PLACE = 32;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final Path folder;
    private final IdHash hash = new IdHash();
    private Arena arena;
    private MemorySegment table;
    private long capacity;
    private long size;

    /** @param folder for the file; null for the system's temporary folder */
    BlobTable(Path folder) throws IOException {
        this.folder = folder;
        allocate(1 << 14);
    }

    /** The place of a blob, or -1 if it has none. Valid until the next {@link #add}. */
    long find(BlobId id) {
        long place = search(hash.first(id), hash.second(id));
        return table.get(LONG, place + 8) == 0 ? -1 : place;
    }

    /** Gives a blob that has none a place. */
    long add(BlobId id, int stored, int plain, boolean tree, int backup) throws IOException {
        if (size * 2 >= capacity) {
            grow();
        }
        long first = hash.first(id);
        long second = hash.second(id);
        long place = search(first, second);
        table.set(LONG, place, first);
        table.set(LONG, place + 8, second);
        table.set(INT, place + 16, tree ? -stored : stored);
        table.set(INT, place + 20, plain);
        table.set(INT, place + 24, backup);
        table.set(INT, place + 28, backup);
        size++;
        return place;
    }

    int stored(long place) {
        return Math.abs(table.get(INT, place + 16));
    }

    boolean isTree(long place) {
        return table.get(INT, place + 16) < 0;
    }

    /** The backup that needs it alone, or {@link #SEVERAL}. */
    int owner(long place) {
        return table.get(INT, place + 24);
    }

    void setShared(long place) {
        table.set(INT, place + 24, SEVERAL);
    }

    /** Whether a backup has counted it; from now on it has. */
    boolean count(long place, int backup) {
        boolean before = table.get(INT, place + 28) == backup;
        table.set(INT, place + 28, backup);
        return before;
    }

    long size() {
        return size;
    }

    private long search(long a, long b) {
        for (long i = a >>> 4 & capacity - 1;; i = i + 1 & capacity - 1) {
            long place = i * PLACE;
            long second = table.get(LONG, place + 8);
            if (second == 0 || second == b && table.get(LONG, place) == a) {
                return place;
            }
        }
    }

    private void grow() throws IOException {
        MemorySegment old = table;
        Arena oldArena = arena;
        long oldCapacity = capacity;
        allocate(capacity * 4);
        for (long from = 0; from < oldCapacity * PLACE; from += PLACE) {
            long b = old.get(LONG, from + 8);
            if (b != 0) {
                MemorySegment.copy(old, from, table, search(old.get(LONG, from), b), PLACE);
            }
        }
        oldArena.close();
    }

    private void allocate(long places) throws IOException {
        Path file = folder == null ? Files.createTempFile("cairn-blobs", null) : Files.createTempFile(folder, "blobs", null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            arena = Arena.ofShared();
            table = channel.map(FileChannel.MapMode.READ_WRITE, 0, places * PLACE, arena);
            capacity = places;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}

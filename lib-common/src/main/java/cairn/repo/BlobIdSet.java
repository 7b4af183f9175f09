package cairn.repo;

import cairn.format.BlobId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A set of blob ids of any size: an open-addressing table of 16-byte places ({@link IdHash}) in a mapped file that nobody else sees, so that it costs disk and not heap. For one thread.
 */
public final class BlobIdSet implements AutoCloseable {
    private static final int PLACE = 16;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Path folder;
    private final IdHash hash = new IdHash();
    private Arena arena;
    private MemorySegment table;
    private long capacity;
    private long size;

    /** @param folder for the file; null for the system's temporary folder */
    public BlobIdSet(Path folder) throws IOException {
        this.folder = folder;
        allocate(1 << 14);
    }

    /** Adds an id; true if it was not there. */
    public boolean add(BlobId id) throws IOException {
        if (size * 2 >= capacity) {
            grow();
        }
        return put(hash.first(id), hash.second(id));
    }

    public boolean contains(BlobId id) {
        long place = find(hash.first(id), hash.second(id));
        return table.get(LONG, place + 8) != 0;
    }

    public long size() {
        return size;
    }

    private boolean put(long a, long b) {
        long place = find(a, b);
        if (table.get(LONG, place + 8) != 0) {
            return false;
        }
        table.set(LONG, place, a);
        table.set(LONG, place + 8, b);
        size++;
        return true;
    }

    /** Where an id is, or the free place where it goes; a free place has 0 in its second half, an id never. */
    private long find(long a, long b) {
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
        size = 0;
        for (long i = 0; i < oldCapacity; i++) {
            long second = old.get(LONG, i * PLACE + 8);
            if (second != 0) {
                put(old.get(LONG, i * PLACE), second);
            }
        }
        oldArena.close();
    }

    private void allocate(long places) throws IOException {
        Path file = folder == null ? Files.createTempFile("cairn-ids", null) : Files.createTempFile(folder, "ids", null);
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

package cairn.archive;

import cairn.tree.LinkGroup;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/**
 * The link groups of the inodes with several names that a walk has met: an open-addressing table of 32-byte entries
 * (device, inode, group). It lives in a mapped file that nobody else sees, so that millions of hard links cost disk and
 * not heap. For one thread.
 */
final class LinkTable implements AutoCloseable {
    private static final int ENTRY = 32;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Path folder;
    private final Function<byte[], LinkGroup> groups;
    private Arena arena;
    private MemorySegment table;
    private long capacity;
    private long used;

    /** @param folder for the file; null for the system's temporary folder */
    LinkTable(Path folder, Function<byte[], LinkGroup> groups) {
        this.folder = folder;
        this.groups = groups;
    }

    /** The group of an inode; the path of its first entry names it. */
    LinkGroup group(long device, long inode, byte[] path) throws IOException {
        if (table == null) {
            allocate(4096);
        } else if (used * 2 >= capacity) {
            grow();
        }
        long slot = find(device, inode);
        if (table.get(LONG, slot + 8) == 0) {
            LinkGroup group = groups.apply(path);
            put(slot, device, inode, group.high(), group.low());
            used++;
            return group;
        }
        return new LinkGroup(table.get(LONG, slot + 16), table.get(LONG, slot + 24));
    }

    /** The slot of an inode, or the free one where it goes. No file system has an inode 0. */
    private long find(long device, long inode) {
        long hash = (inode ^ Long.rotateLeft(device, 40)) * 0x9E3779B97F4A7C15L;
        for (long i = hash >>> 20 & capacity - 1;; i = i + 1 & capacity - 1) {
            long slot = i * ENTRY;
            long found = table.get(LONG, slot + 8);
            if (found == 0 || found == inode && table.get(LONG, slot) == device) {
                return slot;
            }
        }
    }

    private void put(long slot, long device, long inode, long high, long low) {
        table.set(LONG, slot, device);
        table.set(LONG, slot + 8, inode);
        table.set(LONG, slot + 16, high);
        table.set(LONG, slot + 24, low);
    }

    private void grow() throws IOException {
        MemorySegment old = table;
        Arena oldArena = arena;
        long oldCapacity = capacity;
        allocate(capacity * 4);
        for (long i = 0; i < oldCapacity; i++) {
            long at = i * ENTRY;
            long inode = old.get(LONG, at + 8);
            if (inode != 0) {
                long device = old.get(LONG, at);
                put(find(device, inode), device, inode, old.get(LONG, at + 16), old.get(LONG, at + 24));
            }
        }
        oldArena.close();
    }

    private void allocate(long entries) throws IOException {
        Path file = folder == null ? Files.createTempFile("cairn-links", null) : Files.createTempFile(folder, "links", null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            arena = Arena.ofShared();
            table = channel.map(FileChannel.MapMode.READ_WRITE, 0, entries * ENTRY, arena);
            capacity = entries;
        }
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}

package cairn.index;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Blocks of index files that were read last, shared by all files: a table of fixed size without locks, in which a block
 * has one place and drives out what was there. Ids are random, so nothing better than chance can be known of them.
 */
final class BlockCache {
    private record Block(Object file, int number, byte[] bytes) {}

    private final AtomicReferenceArray<Block> places;
    private final int mask;

    /** @param blocks a power of two */
    BlockCache(int blocks) {
        places = new AtomicReferenceArray<>(blocks);
        mask = blocks - 1;
    }

    private int place(Object file, int number) {
        int mixed = (System.identityHashCode(file) + number) * 0x9E3779B1;
        return (mixed ^ mixed >>> 15) & mask;
    }

    byte[] get(Object file, int number) {
        Block block = places.get(place(file, number));
        return block != null && block.file == file && block.number == number ? block.bytes : null;
    }

    void put(Object file, int number, byte[] bytes) {
        places.set(place(file, number), new Block(file, number, bytes));
    }
}

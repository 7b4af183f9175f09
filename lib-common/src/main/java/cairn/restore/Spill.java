package cairn.restore;

import cairn.format.Bytes;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes that are only ever appended, read back from anywhere. They stay in memory up to a limit; beyond it the earlier
 * blocks go to a file, and a few of them are kept for reading. For any number of threads.
 */
final class Spill implements AutoCloseable {
    private static final int BLOCK = 64 << 10;
    private static final int KEPT = 32;

    private final Spool spool;
    private final int mostInMemory;
    private final List<byte[]> blocks = new ArrayList<>();
    private final Map<Integer, byte[]> cache = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
            return size() > KEPT;
        }
    };
    /** Blocks below this number are in the file. */
    private int spilled;
    private long size;
    private int fd = -1;

    Spill(Spool spool, int mostInMemory) {
        this.spool = spool;
        this.mostInMemory = Math.max(1, mostInMemory / BLOCK);
    }

    synchronized long size() {
        return size;
    }

    /** Appends and returns where the bytes begin. */
    synchronized long append(byte[] from, int offset, int length) throws IOException {
        long start = size;
        for (int done = 0; done < length;) {
            int in = (int) (size % BLOCK);
            if (in == 0) {
                startBlock();
            }
            int step = Math.min(length - done, BLOCK - in);
            System.arraycopy(from, offset + done, blocks.get((int) (size / BLOCK)), in, step);
            done += step;
            size += step;
        }
        return start;
    }

    private void startBlock() throws IOException {
        blocks.add(new byte[BLOCK]);
        while (blocks.size() - spilled > mostInMemory) {
            if (fd < 0) {
                fd = spool.open();
            }
            Io.pwrite(fd, (long) spilled * BLOCK, blocks.get(spilled), 0, BLOCK);
            blocks.set(spilled, null);
            spilled++;
        }
    }

    /** Reads exactly {@code length} bytes. */
    synchronized void read(long at, byte[] to, int offset, int length) throws IOException {
        if (at < 0 || at + length > size) {
            throw new IllegalArgumentException("reads past the end of a plan");
        }
        for (int done = 0; done < length;) {
            int in = (int) ((at + done) % BLOCK);
            int step = Math.min(length - done, BLOCK - in);
            System.arraycopy(block((int) ((at + done) / BLOCK)), in, to, offset + done, step);
            done += step;
        }
    }

    private byte[] block(int number) throws IOException {
        if (number >= spilled) {
            return blocks.get(number);
        }
        byte[] block = cache.get(number);
        if (block == null) {
            block = new byte[BLOCK];
            if (Io.pread(fd, (long) number * BLOCK, block, 0, BLOCK) != BLOCK) {
                throw new IOException("the plan of the restore was cut off on the disk");
            }
            cache.put(number, block);
        }
        return block;
    }

    /** Overwrites four bytes, little-endian. */
    synchronized void putInt(long at, int value) throws IOException {
        byte[] bytes = new byte[4];
        Bytes.putInt(bytes, 0, value);
        for (int i = 0; i < 4; i++) {
            int number = (int) ((at + i) / BLOCK);
            block(number)[(int) ((at + i) % BLOCK)] = bytes[i];
            if (number < spilled) {
                Io.pwrite(fd, at + i, bytes, i, 1);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Open.close(fd);
            fd = -1;
        }
        blocks.clear();
        cache.clear();
    }
}

package cairn.archive;

import cairn.chunk.Chunker;
import cairn.format.BlobId;
import cairn.repo.BlobWriter;
import java.io.IOException;
import java.util.Arrays;

/**
 * A buffer of content, cut into chunks that are named and stored together: side by side, chunks are hashed several times
 * faster than one by one. For one thread.
 */
final class Pieces {
    private final Chunker chunker;
    private byte[] bytes = new byte[256 << 10];
    /** Bytes before this are cut. */
    private int cut;
    private int size;
    private int[] offsets = new int[64];
    private int[] lengths = new int[64];
    private int count;

    Pieces(Chunker chunker) {
        this.chunker = chunker;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Makes room for so many bytes. @return where they go */
    int room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
        return size;
    }

    /** Takes in what was put where {@link #room} said, as all that there is of a file. @return the number of its chunks */
    int addWhole(int length) {
        int before = count;
        size += length;
        while (cut < size) {
            next(true);
        }
        return count - before;
    }

    /** Takes in more of a file, and cuts as far as it can be known where. @param last whether nothing follows */
    void add(int length, int largestChunk, boolean last) {
        size += length;
        while (last ? cut < size : size - cut >= largestChunk) {
            next(last);
        }
    }

    private void next(boolean last) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        int length = chunker.cut(bytes, cut, size - cut, last);
        offsets[count] = cut;
        lengths[count++] = length;
        cut += length;
    }

    /** Names and stores all chunks, in their order; they stay until {@link #clear} or {@link #keepRest}. */
    BlobId[] store(BlobWriter blobs) throws IOException {
        return blobs.writeData(bytes, offsets, lengths, count);
    }

    /** Bytes of a chunk. */
    int length(int chunk) {
        return lengths[chunk];
    }

    /** Forgets the chunks, and keeps what could not be cut yet. */
    void keepRest() {
        System.arraycopy(bytes, cut, bytes, 0, size - cut);
        size -= cut;
        cut = 0;
        count = 0;
    }

    void clear() {
        cut = 0;
        size = 0;
        count = 0;
    }
}

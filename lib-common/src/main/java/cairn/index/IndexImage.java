package cairn.index;

import cairn.format.BlobId;
import cairn.format.RepositoryId;
import cairn.store.NotStoredException;
import cairn.store.StoredFile;
import cairn.store.StoredReader;
import cairn.store.TruncatedException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An index file in memory, as somebody else made it: checked to the last byte before it is published. */
public final class IndexImage {
    private final IndexReader file;

    private IndexImage(IndexReader file) {
        this.file = file;
    }

    /**
     * Checks a file: hash, name, order of its entries, tables. The signature is left to the caller.
     *
     * @param name   as in the storage
     * @param bytes  hold the file from 0 to {@code length}; not to be changed as long as this is used
     */
    public static IndexImage open(String name, byte[] bytes, int length, RepositoryId repository) throws IOException {
        IndexReader file = IndexReader.open(new OneFile(name, bytes, length), repository, new StoredFile(name, length, Instant.EPOCH), new BlockCache(1));
        IndexCheck.check(file, null);
        return new IndexImage(file);
    }

    /** The packs that it lists; entries name them by their place in this list. */
    public List<IndexedPack> packs() {
        List<IndexedPack> packs = new ArrayList<>(file.packs());
        for (int i = 0; i < file.packs(); i++) {
            packs.add(file.pack(i));
        }
        return packs;
    }

    public int entries() {
        return file.entries();
    }

    /** Hears of an entry. */
    public interface Each {
        void entry(BlobId id, int pack, int offset, int stored, int plain) throws IOException;
    }

    public void each(Each each) throws IOException {
        for (IndexCursor cursor = file.cursor(); cursor.next();) {
            each.entry(new BlobId(cursor.a(), cursor.b(), cursor.c(), cursor.d()), cursor.pack(), cursor.offset(), cursor.stored(), cursor.plain());
        }
    }

    /** Lets readers of index files read from memory. */
    private record OneFile(String name, byte[] bytes, int size) implements StoredReader {
        private static final String LOCATION = "memory";

        @Override
        public void read(String asked, long offset, byte[] buffer, int start, int length) throws IOException {
            if (!asked.equals(name)) {
                throw new NotStoredException(LOCATION, asked);
            }
            if (offset < 0 || offset > size - (long) length) {
                throw new TruncatedException(LOCATION, asked, offset + length, size);
            }
            System.arraycopy(bytes, (int) offset, buffer, start, length);
        }
    }
}

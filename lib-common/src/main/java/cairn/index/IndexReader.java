package cairn.index;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.ForeignFileException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.format.TooNewException;
import cairn.format.Whole;
import cairn.store.StoredFile;
import cairn.store.StoredReader;
import java.io.IOException;
import java.util.Arrays;

/**
 * Looks up blobs in one {@link IndexFile}. Holds the fan-out, the packs and, where wanted, the filter in memory; blocks
 * are read one at a time. For any number of threads.
 */
public final class IndexReader {
    private final StoredReader storage;
    private final RepositoryId repository;
    private final StoredFile file;
    private final Hash hash;
    private final Envelope.Header header;
    private final IndexFile.Tail tail;
    private final int[] fanout;
    private final PackTable packs;
    private final byte[] signer;
    private final BlockCache cache;
    private volatile byte[] filter;

    private IndexReader(
            StoredReader storage, RepositoryId repository, StoredFile file, Hash hash, BlockCache cache)
            throws IOException {
        this.storage = storage;
        this.repository = repository;
        this.file = file;
        this.hash = hash;
        this.cache = cache;
        if (file.size() < Envelope.HEADER + IndexFile.TAIL) {
            throw damaged("is cut off after " + file.size() + " bytes");
        }
        try {
            header = Envelope.readHeader(bytes(0, Envelope.HEADER), 0, Envelope.HEADER, Kind.INDEX, repository, file.name());
        } catch (TooNewException | ForeignFileException e) {
            throw Whole.believed(e, storage, file);
        }
        long tailStart = file.size() - header.footer() - IndexFile.TAIL;
        if (tailStart < Envelope.HEADER) {
            throw damaged("is cut off after " + file.size() + " bytes");
        }
        byte[] end = bytes(tailStart, IndexFile.TAIL + header.footer());
        tail = IndexFile.Tail.decode(end, tailStart, file.name());
        int key = IndexFile.TAIL + Envelope.FOOTER;
        signer = header.signed() ? Arrays.copyOfRange(end, key, key + Signer.PUBLIC_KEY_BYTES) : null;
        fanout = readFanout();
        packs = PackTable.decode(
                table(tail.signersStart(), tail.signers() * IndexFile.SIGNER, 2),
                table(tail.packsStart(), tail.packs() * IndexFile.PACK, 3),
                file.name());
    }

    /** Opens an index file as a listing shows it. */
    static IndexReader open(StoredReader storage, RepositoryId repository, StoredFile file, BlockCache cache) throws IOException {
        Hash hash = Hash.parse(file.name().substring(IndexFile.FOLDER.length()));
        if (hash == null) {
            throw new ForeignFileException(file.name(), "its name is not that of an index file");
        }
        return new IndexReader(storage, repository, file, hash, cache);
    }

    private DamagedException damaged(String how) {
        return new DamagedException(file.name(), how);
    }

    private byte[] bytes(long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        storage.read(file.name(), offset, bytes, 0, length);
        return bytes;
    }

    private byte[] table(long offset, int length, int number) throws IOException {
        byte[] table = bytes(offset, length);
        if (IndexFile.checksum(table, 0, length) != tail.checksums()[number]) {
            throw damaged("has a wrong checksum in one of its tables");
        }
        return table;
    }

    private int[] readFanout() throws IOException {
        byte[] counts = table(tail.fanoutStart(), tail.fanoutLength(), 0);
        int[] decoded = new int[1 << tail.bits()];
        int before = 0;
        for (int i = 0; i < decoded.length; i++) {
            decoded[i] = Bytes.getInt(counts, 4 * i);
            if (decoded[i] < before) {
                throw damaged("has a fan-out that falls");
            }
            before = decoded[i];
        }
        if (before != tail.entries()) {
            throw damaged("has a fan-out that ends at " + before + " of " + tail.entries() + " entries");
        }
        return decoded;
    }

    /** Bytes of the filter, 0 if the file has none. */
    int filterLength() {
        return tail.filterLength();
    }

    /** Reads the filter into memory; without, every look-up reads a block. */
    void keepFilter() throws IOException {
        if (filter == null && tail.filtered()) {
            filter = readFilter();
        }
    }

    byte[] readFilter() throws IOException {
        return table(tail.filterStart(), tail.filterLength(), 1);
    }

    public Hash hash() {
        return hash;
    }

    public String name() {
        return file.name();
    }

    public long size() {
        return file.size();
    }

    public int entries() {
        return tail.entries();
    }

    /** The 32 bytes of the key that signed the file (not checked here), or null if it is not signed. */
    public byte[] signer() {
        return signer == null ? null : signer.clone();
    }

    public int packs() {
        return packs.size();
    }

    public IndexedPack pack(int number) {
        return packs.get(number);
    }

    PackTable packTable() {
        return packs;
    }

    RepositoryId repository() {
        return repository;
    }

    StoredReader storage() {
        return storage;
    }

    Envelope.Header header() {
        return header;
    }

    IndexFile.Tail tail() {
        return tail;
    }

    int[] fanout() {
        return fanout;
    }

    /** Called for each copy of a blob. */
    interface EachCopy {
        /** Whether to go on. */
        boolean copy(int pack, int offset, int stored, int plain);
    }

    /** Shows all copies of a blob in this file. */
    void lookup(BlobId id, EachCopy each) throws IOException {
        int bucket = IndexFile.bucket(id.a(), tail.bits());
        byte[] marks = filter;
        if (marks != null && !IndexFile.isMarked(marks, bucket * IndexFile.FILTER_BLOCK, id.d())) {
            return;
        }
        int from = bucket == 0 ? 0 : fanout[bucket - 1];
        int to = fanout[bucket];
        if (from == to) {
            return;
        }
        int low = from / IndexFile.BLOCK_ENTRIES;
        int high = (to - 1) / IndexFile.BLOCK_ENTRIES;
        // where the id is if ids are spread evenly
        long fraction = id.a() << tail.bits() >>> 32;
        int guess = (int) (from + ((to - from) * fraction >>> 32)) / IndexFile.BLOCK_ENTRIES;
        byte[] block = null;
        int number = -1;
        while (low < high) {
            block = block(guess);
            number = guess;
            if (order(block, 0, id) >= 0) {
                high = Math.max(low, guess - 1); // or at its beginning: looked at below
            } else if (order(block, entriesIn(guess) - 1, id) < 0) {
                low = Math.min(high, guess + 1);
            } else {
                low = guess;
                high = guess;
            }
            guess = low + high >>> 1;
        }
        if (number != low) {
            block = block(low);
        }
        int at = firstNotBelow(block, entriesIn(low), id);
        while (true) {
            if (at == entriesIn(low)) {
                low++;
                if (low > (to - 1) / IndexFile.BLOCK_ENTRIES) {
                    return;
                }
                block = block(low);
                at = 0;
            }
            if (order(block, at, id) != 0) {
                return;
            }
            int entry = at * IndexFile.ENTRY;
            int pack = Bytes.getInt(block, entry + 32);
            if (pack < 0 || pack >= packs.size()) {
                throw damaged("names pack " + Integer.toUnsignedString(pack) + " of " + packs.size());
            }
            if (!each.copy(
                    pack,
                    Bytes.getInt(block, entry + 36),
                    Bytes.getInt(block, entry + 40),
                    Bytes.getInt(block, entry + 44))) {
                return;
            }
            at++;
        }
    }

    private int entriesIn(int block) {
        return Math.min(IndexFile.BLOCK_ENTRIES, tail.entries() - block * IndexFile.BLOCK_ENTRIES);
    }

    private byte[] block(int number) throws IOException {
        byte[] block = cache.get(this, number);
        if (block == null) {
            int length = entriesIn(number) * IndexFile.ENTRY;
            block = bytes(Envelope.HEADER + (long) number * IndexFile.BLOCK, length + 4);
            if (IndexFile.checksum(block, 0, length) != Bytes.getInt(block, length)) {
                throw damaged("has a wrong checksum in block " + number);
            }
            cache.put(this, number, block);
        }
        return block;
    }

    private static int order(byte[] block, int entry, BlobId id) {
        int at = entry * IndexFile.ENTRY;
        long a = Bytes.getLongBigEndian(block, at);
        if (a != id.a()) {
            return Long.compareUnsigned(a, id.a());
        }
        return IndexFile.compare(
                a,
                Bytes.getLongBigEndian(block, at + 8),
                Bytes.getLongBigEndian(block, at + 16),
                Bytes.getLongBigEndian(block, at + 24),
                id.a(), id.b(), id.c(), id.d());
    }

    private static int firstNotBelow(byte[] block, int entries, BlobId id) {
        int low = 0;
        int high = entries;
        while (low < high) {
            int middle = low + high >>> 1;
            if (order(block, middle, id) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** All entries in order, checked for it. */
    public IndexCursor cursor() throws CairnException {
        return new IndexCursor(this);
    }

    @Override
    public String toString() {
        return file.name();
    }
}

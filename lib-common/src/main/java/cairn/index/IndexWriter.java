package cairn.index;

import cairn.format.Bytes;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.hash.Blake3;
import cairn.store.AlreadyStoredException;
import cairn.store.Storage;
import cairn.store.StoredWriter;
import java.io.Closeable;
import java.io.IOException;

/**
 * Writes one {@link IndexFile} from entries that come in order, in one pass; memory goes by the size of the fan-out and
 * the filter, at most 16 MiB and 16 MiB. For one thread.
 */
final class IndexWriter implements Closeable {
    private final RepositoryId repository;
    private final Signer signer;
    private final PackTable packs;
    private final StoredWriter out;
    private final Blake3 hasher = Blake3.hasher();
    private final byte[] buffer = new byte[80 * IndexFile.BLOCK];
    private final int bits;
    private final int[] fanout;
    private final byte[] filter;
    private int filled;
    private int blockStart;
    private int entries;
    private long lastA;
    private long lastB;
    private long lastC;
    private long lastD;
    private int lastPack = -1;

    /**
     * @param signer null for a file without signature
     * @param mostEntries not less than will come; decides the width of the fan-out
     */
    IndexWriter(Storage storage, RepositoryId repository, Signer signer, PackTable packs, long mostEntries)
            throws IOException {
        this.repository = repository;
        this.signer = signer;
        this.packs = packs;
        bits = IndexFile.bitsFor(mostEntries);
        fanout = new int[1 << bits];
        filter = mostEntries <= IndexFile.MOST_FILTERED ? new byte[IndexFile.FILTER_BLOCK << bits] : null;
        byte[] header = new byte[Envelope.HEADER];
        Envelope.header(header, 0, Kind.INDEX, repository, signer != null);
        out = storage.begin(IndexFile.FOLDER);
        put(header, 0, header.length);
    }

    /** Adds an entry; ids, and numbers of packs for one id, must rise. */
    void add(long a, long b, long c, long d, int pack, int offset, int stored, int plain) throws IOException {
        if (entries > 0) {
            int order = IndexFile.compare(lastA, lastB, lastC, lastD, a, b, c, d);
            if (order > 0 || order == 0 && lastPack >= pack) {
                throw new IllegalArgumentException("entries out of order");
            }
        }
        if (pack < 0 || pack >= packs.size() || entries == IndexFile.MOST_ENTRIES) {
            throw new IllegalArgumentException("pack " + pack + " of " + packs.size() + ", entry " + entries);
        }
        lastA = a;
        lastB = b;
        lastC = c;
        lastD = d;
        lastPack = pack;
        byte[] to = buffer;
        int at = filled;
        Bytes.putLongBigEndian(to, at, a);
        Bytes.putLongBigEndian(to, at + 8, b);
        Bytes.putLongBigEndian(to, at + 16, c);
        Bytes.putLongBigEndian(to, at + 24, d);
        Bytes.putInt(to, at + 32, pack);
        Bytes.putInt(to, at + 36, offset);
        Bytes.putInt(to, at + 40, stored);
        Bytes.putInt(to, at + 44, plain);
        filled = at + IndexFile.ENTRY;
        entries++;
        int bucket = IndexFile.bucket(a, bits);
        fanout[bucket]++;
        if (filter != null) {
            IndexFile.mark(filter, bucket * IndexFile.FILTER_BLOCK, d);
        }
        if (entries % IndexFile.BLOCK_ENTRIES == 0) {
            endBlock();
        }
    }

    private void endBlock() throws IOException {
        Bytes.putInt(buffer, filled, IndexFile.checksum(buffer, blockStart, filled - blockStart));
        filled += 4;
        if (filled == buffer.length) {
            put(buffer, 0, filled);
            filled = 0;
        }
        blockStart = filled;
    }

    private void put(byte[] bytes, int start, int length) throws IOException {
        hasher.update(bytes, start, length);
        out.write(bytes, start, length);
    }

    /** How many entries were added. */
    int entries() {
        return entries;
    }

    /**
     * Publishes the file; durable when this returns. A file of equal content that is there already is as good.
     *
     * @return its name
     */
    Hash finish() throws IOException {
        if (filled > blockStart) {
            endBlock();
        }
        put(buffer, 0, filled);
        int[] checksums = new int[4];
        byte[] counts = new byte[4 * fanout.length];
        int sum = 0;
        for (int i = 0; i < fanout.length; i++) {
            sum += fanout[i];
            Bytes.putInt(counts, 4 * i, sum);
        }
        byte[][] tables = {counts, filter == null ? new byte[0] : filter, packs.signers(), packs.packs()};
        for (int i = 0; i < tables.length; i++) {
            checksums[i] = IndexFile.checksum(tables[i], 0, tables[i].length);
            put(tables[i], 0, tables[i].length);
        }
        byte[] tail = new IndexFile.Tail(
                        entries, packs.size(), packs.signers().length / IndexFile.SIGNER, bits, filter != null, checksums)
                .encode();
        put(tail, 0, tail.length);
        Hash hash = Hash.of(hasher.digest());
        byte[] footer = Envelope.footer(Kind.INDEX, repository, hash, signer);
        out.write(footer, 0, footer.length);
        try {
            out.publish(IndexFile.name(hash));
        } catch (AlreadyStoredException e) {
            // named by its content, so it is the same
        }
        return hash;
    }

    /** Drops the file, unless it was finished. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}

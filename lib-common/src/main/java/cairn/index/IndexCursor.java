package cairn.index;

import cairn.format.BlobId;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import java.io.IOException;

/** Reads the entries of one index file in order, many at a time. For one thread. */
public final class IndexCursor {
    private static final int BLOCKS = 32;

    private final IndexReader file;
    private final int entries;
    private byte[] buffer = new byte[0];
    private int at;
    private int entry = -1;
    private int loaded;

    IndexCursor(IndexReader file) {
        this.file = file;
        entries = file.entries();
    }

    /** Moves to the next entry, at first to the first; false at the end. */
    public boolean next() throws IOException {
        if (entry + 1 >= entries) {
            return false;
        }
        entry++;
        int before = at;
        byte[] beforeIn = buffer;
        if (entry == loaded) {
            load();
        } else {
            at += IndexFile.ENTRY;
            if (entry % IndexFile.BLOCK_ENTRIES == 0) {
                at += 4;
            }
        }
        if (entry > 0) {
            checkOrder(beforeIn, before);
        }
        int pack = pack();
        if (pack < 0 || pack >= file.packs()) {
            throw damaged("names pack " + Integer.toUnsignedString(pack) + " of " + file.packs());
        }
        return true;
    }

    private void load() throws IOException {
        int many = Math.min(BLOCKS * IndexFile.BLOCK_ENTRIES, entries - entry);
        int length = (int) IndexFile.blocksLength(many);
        buffer = new byte[length]; // the old one still holds the entry before
        long offset = Envelope.HEADER + (long) (entry / IndexFile.BLOCK_ENTRIES) * IndexFile.BLOCK;
        file.storage().read(file.name(), offset, buffer, 0, length);
        for (int start = 0; start < length; start += IndexFile.BLOCK) {
            int bytes = Math.min(IndexFile.BLOCK, length - start) - 4;
            if (IndexFile.checksum(buffer, start, bytes) != Bytes.getInt(buffer, start + bytes)) {
                throw damaged("has a wrong checksum in block " + (entry / IndexFile.BLOCK_ENTRIES + start / IndexFile.BLOCK));
            }
        }
        at = 0;
        loaded = entry + many;
    }

    private void checkOrder(byte[] beforeIn, int before) throws DamagedException {
        int order = IndexFile.compare(
                Bytes.getLongBigEndian(beforeIn, before), Bytes.getLongBigEndian(beforeIn, before + 8),
                Bytes.getLongBigEndian(beforeIn, before + 16), Bytes.getLongBigEndian(beforeIn, before + 24),
                a(), b(), c(), d());
        if (order > 0 || order == 0 && Bytes.getInt(beforeIn, before + 32) >= pack()) {
            throw damaged("has entries out of order, at entry " + entry);
        }
    }

    private DamagedException damaged(String how) {
        return new DamagedException(file.name(), how);
    }

    long a() {
        return Bytes.getLongBigEndian(buffer, at);
    }

    long b() {
        return Bytes.getLongBigEndian(buffer, at + 8);
    }

    long c() {
        return Bytes.getLongBigEndian(buffer, at + 16);
    }

    long d() {
        return Bytes.getLongBigEndian(buffer, at + 24);
    }

    public BlobId id() {
        return BlobId.read(buffer, at);
    }

    /** The number of the pack in this file. */
    public int pack() {
        return Bytes.getInt(buffer, at + 32);
    }

    public int offset() {
        return Bytes.getInt(buffer, at + 36);
    }

    public int stored() {
        return Bytes.getInt(buffer, at + 40);
    }

    public int plain() {
        return Bytes.getInt(buffer, at + 44);
    }

    public IndexReader file() {
        return file;
    }
}

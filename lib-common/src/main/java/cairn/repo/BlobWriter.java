package cairn.repo;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.pack.BlobHasher;
import cairn.pack.PackWriter;
import cairn.store.OrderedWrites;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Stores blobs that the repository does not have: names, looks up, compresses, seals and packs them. One a thread, so
 * that packs fill side by side without waiting for each other; a session may flush it from another thread.
 */
public final class BlobWriter {
    private final WriteSession session;
    private final BlobHasher[] hashers = new BlobHasher[BlobKind.values().length];
    private final PackWriter pack;

    BlobWriter(WriteSession session, PackWriter pack) {
        this.session = session;
        this.pack = pack;
    }

    /**
     * Stores a blob unless it is there already.
     *
     * @param refs what stands in clear beside it; empty for data
     * @return its id
     */
    public BlobId write(BlobKind kind, List<BlobId> refs, byte[] payload, int offset, int length) throws IOException {
        BlobId id = hasher(kind).id(refs, payload, offset, length);
        store(id, kind, refs, payload, offset, length);
        return id;
    }

    /**
     * Stores many blobs of data that stand in one array, each unless it is there already. They are named side by side,
     * which for small ones is several times faster.
     *
     * @return their ids
     */
    public BlobId[] writeData(byte[] payloads, int[] offsets, int[] lengths, int count) throws IOException {
        BlobId[] ids = hasher(BlobKind.DATA).ids(payloads, offsets, lengths, count);
        session.repository().askShared(Arrays.asList(ids).subList(0, count));
        for (int i = 0; i < count; i++) {
            store(ids[i], BlobKind.DATA, List.of(), payloads, offsets[i], lengths[i]);
        }
        return ids;
    }

    private void store(BlobId id, BlobKind kind, List<BlobId> refs, byte[] payload, int offset, int length) throws IOException {
        if (session.claim(id)) {
            synchronized (this) {
                pack.add(id, kind, refs, payload, offset, length);
                if (pack.isFull()) {
                    session.finish(pack);
                }
            }
        }
    }

    private BlobHasher hasher(BlobKind kind) {
        BlobHasher known = hashers[kind.ordinal()];
        if (known == null) {
            known = session.repository().keys().hasher(kind);
            hashers[kind.ordinal()] = known;
        }
        return known;
    }

    synchronized void flush() throws IOException {
        if (!pack.isEmpty()) {
            session.finish(pack);
        }
    }

    /** Sends what is left; it is durable when that is settled. */
    synchronized void flush(OrderedWrites last) throws IOException {
        if (!pack.isEmpty()) {
            session.finish(pack, last);
        }
    }

    synchronized void close() {
        pack.close();
    }
}

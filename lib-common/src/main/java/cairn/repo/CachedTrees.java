package cairn.repo;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.DamagedException;
import cairn.pack.BlobOpener;
import cairn.tree.TreeSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Pieces of trees from this client's local copy or else the repository, the latest kept in a bounded number of bytes. For any number of threads. */
final class CachedTrees implements TreeSource {
    private static final long MOST_BYTES = 8 << 20;

    private final Repository repository;
    private final ConcurrentLinkedDeque<BlobReader> readers = new ConcurrentLinkedDeque<>();
    private final Map<BlobId, Piece> cache = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    CachedTrees(Repository repository) {
        this.repository = repository;
    }

    @Override
    public Piece get(BlobKind kind, BlobId id) throws IOException {
        synchronized (cache) {
            Piece known = cache.get(id);
            if (known != null) {
                return known;
            }
        }
        LocalTrees local = repository.localTrees();
        Piece piece = local == null ? null : local.get(kind, id);
        return keep(id, piece != null ? piece : fetch(kind, id, local));
    }

    private Piece fetch(BlobKind kind, BlobId id, LocalTrees local) throws IOException {
        if (!repository.keys().canRead()) {
            if (local != null) {
                local.foundBroken();
            }
            throw repository.keys().cannotRead();
        }
        BlobReader reader = readers.poll();
        if (reader == null) {
            reader = repository.newReader();
        }
        try {
            BlobOpener.Opened opened = reader.read(id);
            if (opened.kind() != kind) {
                throw new DamagedException("blob " + id, "is of the kind " + opened.kind() + ", not " + kind);
            }
            repository.expect(opened.refs(), true);
            return new Piece(id, opened.refs(), Arrays.copyOf(reader.payload(), opened.length()));
        } finally {
            readers.push(reader);
        }
    }

    private Piece keep(BlobId id, Piece piece) {
        synchronized (cache) {
            if (cache.put(id, piece) == null) {
                bytes += size(piece);
            }
            var eldest = cache.values().iterator();
            while (bytes > MOST_BYTES && eldest.hasNext()) {
                bytes -= size(eldest.next());
                eldest.remove();
            }
        }
        return piece;
    }

    private static long size(Piece piece) {
        return 200 + piece.payload().length + 48L * piece.refs().size();
    }

    void close() {
        readers.forEach(BlobReader::close);
        readers.clear();
    }
}

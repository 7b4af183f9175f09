package cairn.pack;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.store.Storage;
import java.io.IOException;
import java.util.List;

/** Compresses blobs into packs, one pack after the other. For one thread at a time. */
public final class PackWriter implements AutoCloseable {
    private final PackBuilder builder;
    private final Compressor compressor;

    public PackWriter(RepositoryId repository, PackKind kind, PackSeal.Source seals, Signer signer, int target, Compression compression) {
        builder = new PackBuilder(repository, kind, seals, signer, target);
        compressor = new Compressor(compression);
    }

    public void add(BlobId id, BlobKind kind, List<BlobId> refs, byte[] payload, int offset, int length) {
        int compressed = compressor.compress(payload, offset, length);
        if (compressed < 0) {
            builder.add(id, kind, refs, Codec.STORED, payload, offset, length, length);
        } else {
            builder.add(id, kind, refs, Codec.ZSTD, compressor.output(), 0, compressed, length);
        }
    }

    public boolean isEmpty() {
        return builder.isEmpty();
    }

    public boolean isFull() {
        return builder.isFull();
    }

    /** Writes the pack and begins a new one; it is durable when this returns. */
    public PackBuilder.Written finish(Storage storage) throws IOException {
        return builder.finish(storage);
    }

    /** The kind of its packs. */
    public PackKind kind() {
        return builder.kind();
    }

    @Override
    public void close() {
        compressor.close();
    }
}

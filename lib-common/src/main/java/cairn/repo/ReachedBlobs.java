package cairn.repo;

import cairn.record.RecordFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The blobs that walks have met, for each writer of records by itself unless everybody trusts it: what one writer's
 * backup leads to, by the copies that it relied on, says nothing about what another one's leads to under the same ids.
 */
public final class ReachedBlobs implements AutoCloseable {
    private static final byte[] TRUSTED = new byte[0];

    private final Repository repository;
    private final Path scratch;
    private final Map<ByteBuffer, BlobIdSet> sets = new HashMap<>();

    /** @param scratch for temporary files; null for the system's folder */
    public ReachedBlobs(Repository repository, Path scratch) {
        this.repository = repository;
        this.scratch = scratch;
    }

    /** As whom to walk for a record: {@link GraphWalk#walk}. */
    public byte[] writer(RecordFile record) {
        return repository.keys().trust().forContent(record.signer()) ? TRUSTED : record.signer();
    }

    /** What walks as that writer have met. */
    public BlobIdSet of(byte[] writer) throws IOException {
        BlobIdSet known = sets.get(ByteBuffer.wrap(writer));
        if (known == null) {
            known = new BlobIdSet(scratch);
            sets.put(ByteBuffer.wrap(writer), known);
        }
        return known;
    }

    @Override
    public void close() {
        sets.values().forEach(BlobIdSet::close);
        sets.clear();
    }
}

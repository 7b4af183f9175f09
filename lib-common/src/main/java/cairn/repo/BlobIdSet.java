package cairn.repo;

import cairn.format.BlobId;
import cairn.spool.MappedTable;
import java.io.IOException;
import java.nio.file.Path;

/** A set of blob ids of any size: a {@link MappedTable} of what stands for them ({@link IdHash}). For one thread. */
public final class BlobIdSet implements AutoCloseable {
    private final IdHash hash = new IdHash();
    private final MappedTable table;

    /** @param folder for its file; null for the system's temporary folder */
    public BlobIdSet(Path folder) {
        table = new MappedTable(folder, "ids", 0);
    }

    /** Adds an id; true if it was not there. */
    public boolean add(BlobId id) throws IOException {
        return table.add(hash.first(id), hash.second(id)) >= 0;
    }

    public boolean contains(BlobId id) {
        return table.find(hash.first(id), hash.second(id)) >= 0;
    }

    public long size() {
        return table.size();
    }

    @Override
    public void close() {
        table.close();
    }
}

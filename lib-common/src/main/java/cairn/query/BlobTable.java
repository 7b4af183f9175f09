package cairn.query;

import cairn.format.BlobId;
import cairn.repo.IdHash;
import cairn.spool.MappedTable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What is known of any number of blobs, in a {@link MappedTable} by what stands for their ids ({@link IdHash}). For one
 * thread.
 *
 * <pre>
 * 0   stored bytes           4   negative for a blob of a tree
 * 4   plain bytes            4
 * 8   the backup that needs it first    4   -1 if several do
 * 12  the backup that was counted last  4
 * </pre>
 */
final class BlobTable implements AutoCloseable {
    static final int SEVERAL = -1;
    private static final int STORED = 0;
    private static final int PLAIN = 4;
    private static final int OWNER = 8;
    private static final int COUNTED = 12;
    private static final int BYTES = 16;

    private final IdHash hash = new IdHash();
    private final MappedTable table;

    /** @param folder for its file; null for the system's temporary folder */
    BlobTable(Path folder) {
        table = new MappedTable(folder, "blobs", BYTES);
    }

    /** The place of a blob, or -1 if it has none. Valid until the next {@link #add}. */
    long find(BlobId id) {
        return table.find(hash.first(id), hash.second(id));
    }

    /** Gives a blob that has none a place. */
    long add(BlobId id, int stored, int plain, boolean tree, int backup) throws IOException {
        long place = table.add(hash.first(id), hash.second(id));
        table.setInt(place, STORED, tree ? -stored : stored);
        table.setInt(place, PLAIN, plain);
        table.setInt(place, OWNER, backup);
        table.setInt(place, COUNTED, backup);
        return place;
    }

    int stored(long place) {
        return Math.abs(table.getInt(place, STORED));
    }

    boolean isTree(long place) {
        return table.getInt(place, STORED) < 0;
    }

    /** The backup that needs it alone, or {@link #SEVERAL}. */
    int owner(long place) {
        return table.getInt(place, OWNER);
    }

    void setShared(long place) {
        table.setInt(place, OWNER, SEVERAL);
    }

    /** Whether a backup has counted it; from now on it has. */
    boolean count(long place, int backup) {
        boolean before = table.getInt(place, COUNTED) == backup;
        table.setInt(place, COUNTED, backup);
        return before;
    }

    long size() {
        return table.size();
    }

    @Override
    public void close() {
        table.close();
    }
}

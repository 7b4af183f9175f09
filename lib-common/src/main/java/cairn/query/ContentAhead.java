package cairn.query;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.repo.Repository;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a storage that is far away what will be read: of the files that a walk comes to, and of the parts of one file. Does
 * nothing where the storage is near. For one thread.
 */
public final class ContentAhead {
    private static final long MOST_BYTES = 16 << 20;
    private static final int MOST_FILES = 2000;

    private final Repository repository;
    private TreeWalk ahead;
    private long bytes;
    private int files;
    private BlobId last;

    private ContentAhead(Repository repository, TreeWalk ahead) {
        this.repository = repository;
        this.ahead = ahead;
    }

    /** Runs ahead of a walk of the same folder. */
    public static ContentAhead of(Repository repository, Entry.Directory folder) {
        return new ContentAhead(repository, repository.storage().isFar() ? new TreeWalk(repository.trees(), folder, new byte[0], (path, why) -> { }) : null);
    }

    /** The walk has come to an entry. */
    public void reached(Entry entry) throws IOException {
        if (ahead == null) {
            return;
        }
        if (entry instanceof Entry.File file) {
            bytes -= file.size();
            files--;
        }
        List<BlobId> wanted = new ArrayList<>();
        try {
            while (bytes < MOST_BYTES && files < MOST_FILES) {
                if (!ahead.next()) {
                    ahead = null;
                    break;
                }
                if (ahead.entry() instanceof Entry.File file) {
                    bytes += file.size();
                    files++;
                    add(file, wanted);
                }
            }
        } catch (CairnException damaged) {
            ahead = null; // the walk will come to it
        }
        repository.expect(wanted, false);
    }

    private void add(Entry.File file, List<BlobId> wanted) {
        if (file.content() instanceof Content.Listed listed && file.size() <= MOST_BYTES) {
            for (Item item : listed.items()) {
                if (item instanceof Item.Data data && !data.blob().equals(last)) {
                    last = data.blob();
                    wanted.add(last);
                }
            }
        }
    }

    /** The parts of one file, told of as they come near. */
    static final class OfFile {
        private static final long MOST_BYTES = 8 << 20;

        private final Repository repository;
        private TreeReader.ItemCursor ahead;
        private long bytes;

        OfFile(Repository repository, TreeReader trees, Entry.File file) {
            this.repository = repository;
            this.ahead = repository.storage().isFar() ? trees.items(file) : null;
        }

        /** The reader has come to a part. */
        void reached(Item item) throws IOException {
            if (ahead == null) {
                return;
            }
            bytes -= item instanceof Item.Data data ? data.dataLength() : 0;
            List<BlobId> wanted = new ArrayList<>();
            while (bytes < MOST_BYTES) {
                if (!ahead.next()) {
                    ahead = null;
                    break;
                }
                if (ahead.item() instanceof Item.Data data) {
                    bytes += data.dataLength();
                    wanted.add(data.blob());
                }
            }
            repository.expect(wanted, false);
        }
    }
}

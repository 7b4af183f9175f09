package cairn.verify;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.posix.RawPath;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.Unusable;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Finds the backups and paths that need a blob which is lost. Subtrees that were found whole are not looked at twice. */
final class DamagedPaths {
    private final Repository repository;
    private final VerifyListener listener;
    private final VerifyCounts counts;
    private final int most;
    private final Set<BlobId> whole = new HashSet<>();

    /** Says whether no good copy of a blob is left. */
    interface Lost {
        boolean test(BlobId id) throws IOException;
    }

    DamagedPaths(Repository repository, VerifyListener listener, VerifyCounts counts, int most) {
        this.repository = repository;
        this.listener = listener;
        this.counts = counts;
        this.most = most;
    }

    void find(Lost lost) throws IOException {
        for (RecordFile record : repository.records().readable(repository.marks())) {
            Backup backup;
            try {
                backup = repository.records().open(record, repository.marks());
                directory(backup, new byte[0], record.head().tree(), true, lost);
            } catch (CairnException toldAlready) {
                // its record or root cannot be read: said above, and there are no paths to name
            }
        }
    }

    /** @return whether everything below is whole */
    private boolean directory(Backup backup, byte[] path, BlobId tree, boolean root, Lost lost) throws IOException {
        if (whole.contains(tree)) {
            return true;
        }
        boolean good = !lost.test(tree);
        if (!good) {
            hit(backup, path);
            return false;
        }
        TreeReader trees = repository.trees();
        try {
            TreeReader.DirectoryCursor entries = root ? trees.root(tree, null) : trees.directory(tree);
            while (entries.next() && counts.hits.sum() < most) {
                Entry entry = entries.entry();
                byte[] at = root ? RawPath.ROOT : RawPath.join(path, entry.name());
                good &= switch (entry) {
                    case Entry.Directory d -> directory(backup, at, d.tree(), false, lost);
                    case Entry.File f -> file(backup, at, f, lost);
                    default -> true;
                };
            }
        } catch (CairnException damaged) {
            Unusable.orThrow(damaged);
            hit(backup, path);
            return false;
        }
        if (good && whole.size() < 1_000_000) {
            whole.add(tree);
        }
        return good;
    }

    private boolean file(Backup backup, byte[] path, Entry.File file, Lost lost) throws IOException {
        if (file.content() instanceof Content.Inline) {
            return true;
        }
        try {
            for (TreeReader.ItemCursor items = repository.trees().items(file); items.next();) {
                if (items.item() instanceof Item.Data data && lost.test(data.blob())) {
                    hit(backup, path);
                    return false;
                }
            }
            return true;
        } catch (CairnException damaged) {
            Unusable.orThrow(damaged);
            hit(backup, path);
            return false;
        }
    }

    private void hit(Backup backup, byte[] path) {
        counts.hits.increment();
        listener.hit(backup, path.length == 0 ? RawPath.ROOT : path);
    }
}

package cairn.archive;

import cairn.format.BlobId;
import cairn.record.RecordBody.CleanTime;
import cairn.repo.Backup;
import cairn.tree.Entry;
import cairn.tree.ScanStat;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** An older backup whose entries are taken over where nothing changed; see {@link ChangeRule}. */
final class BaseBackup {
    private final TreeReader trees;
    private final Backup backup;
    private final Map<Long, CleanTime> clean;

    BaseBackup(TreeReader trees, Backup backup) {
        this.trees = trees;
        this.backup = backup;
        this.clean = ChangeRule.byDevice(backup.body().clean());
    }

    /** An entry of the base. */
    record Match(BaseBackup base, Entry entry, ScanStat stat) {
    }

    /** When the base had made the file system of a device clean, or null. */
    CleanTime clean(long device) {
        return clean.get(device);
    }

    /** Goes along the root, which has one entry with an empty name. */
    Cursor root() {
        return new Cursor(trees.root(backup.record().head().tree(), backup.record().head().stat()));
    }

    /** Goes along a directory of the base in step with the walk: names are asked for in rising order. */
    final class Cursor {
        private final TreeReader.DirectoryCursor entries;
        private boolean more;

        private Cursor(TreeReader.DirectoryCursor entries) {
            this.entries = entries;
        }

        private boolean started;
        private boolean found;

        Match find(byte[] name) throws IOException {
            return find(name, null);
        }

        /** @param missed takes entries that were passed over without having been asked for; may be null */
        Match find(byte[] name, Missed missed) throws IOException {
            if (!started) {
                started = true;
                more = entries.next();
            }
            while (more) {
                int order = name == null ? -1 : Arrays.compareUnsigned(entries.entry().name(), name);
                if (order == 0) {
                    found = true;
                    return new Match(BaseBackup.this, entries.entry(), entries.stat());
                }
                if (order > 0) {
                    return null;
                }
                if (!found && missed != null) {
                    missed.accept(entries.entry());
                }
                found = false;
                more = entries.next();
            }
            return null;
        }

        /** Goes to the end. */
        void rest(Missed missed) throws IOException {
            find(null, missed);
        }
    }

    /** Takes entries that nobody asked for. */
    interface Missed {
        void accept(Entry entry) throws IOException;
    }

    /** Goes along the entries of a directory of this base. */
    Cursor directory(Entry.Directory directory, ScanStat stat) {
        BlobId parallel = stat.stat();
        return new Cursor(trees.directory(directory.tree(), parallel));
    }
}

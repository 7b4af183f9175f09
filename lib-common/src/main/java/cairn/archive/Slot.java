package cairn.archive;

import cairn.tree.Entry;
import cairn.tree.ScanStat;

/** The place of an entry in its directory, kept until the entry is known. */
final class Slot {
    final DirectoryNode directory;
    Entry entry;
    ScanStat stat;
    boolean done;

    Slot(DirectoryNode directory) {
        this.directory = directory;
    }
}

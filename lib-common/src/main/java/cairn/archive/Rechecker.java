package cairn.archive;

import cairn.format.BlobKind;
import cairn.pack.BlobHasher;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.repo.Repository;
import cairn.tree.Item;
import cairn.tree.TreeReader;
import java.io.IOException;

/**
 * Reads a stretch of a file that the rule calls unchanged and compares it with the repository's name for it. A
 * difference means that bytes changed and ctime did not: a disk that lies, or a gap in the rule. For one thread.
 */
final class Rechecker {
    private final TreeReader trees;
    private final BlobHasher hasher;
    private final ArchiveCounts counts;
    private final ArchiveListener listener;
    private final Stat stat = new Stat();
    private byte[] buffer = new byte[0];

    Rechecker(TreeReader trees, BlobHasher hasher, ArchiveCounts counts, ArchiveListener listener) {
        this.trees = trees;
        this.hasher = hasher;
        this.counts = counts;
        this.listener = listener;
    }

    static Rechecker of(Repository repository, ArchiveCounts counts, ArchiveListener listener) {
        return new Rechecker(repository.trees(), repository.keys().hasher(BlobKind.DATA), counts, listener);
    }

    void check(RecheckSample sample) throws IOException {
        TreeReader.ItemCursor items = trees.items(sample.entry());
        while (items.next()) {
            if (items.offset() + items.item().length() > sample.offset()) {
                if (items.item() instanceof Item.Data data && data.whole()) {
                    compare(sample, data, items.offset());
                }
                return;
            }
        }
    }

    private void compare(RecheckSample sample, Item.Data item, long offset) {
        try {
            int fd = Open.forReading(sample.directory().fd(), sample.entry().name(), 0);
            try {
                if (buffer.length < item.dataLength()) {
                    buffer = new byte[item.dataLength()];
                }
                int got = Io.pread(fd, offset, buffer, 0, item.dataLength());
                counts.bytesRechecked.add(got);
                boolean same = got == item.dataLength() && hasher.id(buffer, 0, got).equals(item.blob());
                stat.of(fd);
                if (!same && stat.ctime() == sample.ctimeSeconds() && stat.ctimeNanos() == sample.ctimeNanos()) {
                    counts.recheckFindings.increment();
                    listener.problem(sample.path(), "differs from the backup at offset " + offset
                            + " although size, mtime, ctime and inode are the same: check the disk, then run with --reread");
                }
            } finally {
                Open.close(fd);
            }
        } catch (PosixException gone) {
            // vanished or unreadable since the walk saw it; the next backup will tell
        }
    }
}

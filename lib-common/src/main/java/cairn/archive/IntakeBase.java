package cairn.archive;

import cairn.posix.RawPath;
import cairn.record.RecordBody.CleanTime;
import cairn.repo.Backup;
import cairn.tree.Attributes;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.ScanStat;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Goes along an older backup in step with entries that come in, to find the content of files that did not change. Entries in
 * the order of a walk are found; others may not be, and are stored as new ones.
 */
final class IntakeBase {
    private static final byte[] ROOT_NAME = new byte[0];

    private final BaseBackup base;
    private final List<Level> way = new ArrayList<>();

    private record Level(byte[] path, BaseBackup.Cursor entries) {
    }

    IntakeBase(TreeReader trees, Backup backup) {
        this.base = new BaseBackup(trees, backup);
    }

    /**
     * The content of a file, if by all that is told of it, it is what it was: the same size, times, inode, owner and mode,
     * and a ctime from before the older backup had made its file system clean. Else null. {@link ChangeRule} says why.
     */
    Content unchanged(byte[] path, Attributes now, ScanStat stat, long size) throws IOException {
        BaseBackup.Match match = find(path);
        if (match == null || !(match.entry() instanceof Entry.File file) || stat == null) {
            return null;
        }
        Attributes old = file.attributes();
        ScanStat before = match.stat();
        boolean same = file.size() == size && old.mtimeSeconds() == now.mtimeSeconds() && old.mtimeNanos() == now.mtimeNanos()
                && old.mode() == now.mode() && old.uid() == now.uid() && old.gid() == now.gid()
                && before.inode() == stat.inode() && before.deviceMajor() == stat.deviceMajor() && before.deviceMinor() == stat.deviceMinor()
                && before.ctimeSeconds() == stat.ctimeSeconds() && before.ctimeNanos() == stat.ctimeNanos();
        return same && beforeClean(stat) ? file.content() : null;
    }

    private boolean beforeClean(ScanStat stat) {
        CleanTime clean = base.clean(ChangeRule.device(stat.deviceMajor(), stat.deviceMinor()));
        if (clean == null || clean.marginNanos() < 0) {
            return false;
        }
        Instant limit = clean.time().minusNanos(clean.marginNanos());
        return stat.ctimeSeconds() < limit.getEpochSecond()
                || stat.ctimeSeconds() == limit.getEpochSecond() && stat.ctimeNanos() < limit.getNano();
    }

    private BaseBackup.Match find(byte[] path) throws IOException {
        if (path.length == 1) {
            return null;
        }
        byte[] parent = RawPath.parent(path);
        while (!way.isEmpty() && !RawPath.isWithin(parent, way.getLast().path)) {
            way.removeLast();
        }
        if (way.isEmpty() && !enter(RawPath.ROOT, base.root().find(ROOT_NAME))) {
            return null;
        }
        while (way.getLast().path.length < parent.length) {
            byte[] above = way.getLast().path;
            int end = above.length == 1 ? 1 : above.length + 1;
            while (end < parent.length && parent[end] != '/') {
                end++;
            }
            byte[] next = Arrays.copyOf(parent, end);
            if (!enter(next, way.getLast().entries.find(RawPath.name(next)))) {
                return null;
            }
        }
        return way.getLast().entries.find(RawPath.name(path));
    }

    private boolean enter(byte[] path, BaseBackup.Match match) {
        if (match == null || !(match.entry() instanceof Entry.Directory directory)) {
            return false;
        }
        way.add(new Level(path, base.directory(directory, match.stat())));
        return true;
    }
}

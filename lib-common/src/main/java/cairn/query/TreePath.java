package cairn.query;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.util.Arrays;

/**
 * Finds the entry at a path in a backup. Symlinks are not followed: what they point to may have been another place on
 * the machine that was saved, and the path in a backup must mean one thing.
 */
public final class TreePath {
    private TreePath() {
    }

    /** The root directory of a backup; its name is empty. */
    public static Entry root(Repository repository, Backup backup) throws IOException {
        TreeReader.DirectoryCursor cursor = repository.trees().root(backup.record().head().tree(), null);
        if (!cursor.next()) {
            throw new DamagedException("backup " + backup.shortId(), "has no root");
        }
        return cursor.entry();
    }

    /**
     * @param path absolute or relative to the root; null or empty is the root. A ".." takes away the component before it
     * @throws CairnException if nothing is there
     */
    public static Entry resolve(Repository repository, Backup backup, byte[] path) throws IOException {
        return walk(repository, backup, path, true);
    }

    /** As {@link #resolve}, but null if nothing is there. */
    public static Entry find(Repository repository, Backup backup, byte[] path) throws IOException {
        return walk(repository, backup, path, false);
    }

    /** The components of a path in a backup. */
    public static byte[][] components(byte[] path) {
        byte[] absolute = RawPath.join(RawPath.ROOT, path == null ? new byte[0] : path);
        return RawPath.split(RawPath.normaliseLexically(absolute));
    }

    private static Entry walk(Repository repository, Backup backup, byte[] path, boolean mustBe) throws IOException {
        TreeReader trees = repository.trees();
        byte[][] parts = components(path);
        Entry at = root(repository, backup);
        for (int i = 0; i < parts.length; i++) {
            if (!(at instanceof Entry.Directory directory)) {
                return missing(backup, parts, i, at, mustBe);
            }
            Entry next = trees.find(directory.tree(), parts[i]);
            if (next == null) {
                return missing(backup, parts, i + 1, null, mustBe);
            }
            at = next;
        }
        return at;
    }

    private static Entry missing(Backup backup, byte[][] parts, int upTo, Entry inTheWay, boolean mustBe) throws CairnException {
        if (!mustBe) {
            return null;
        }
        String where = RawString.printable(RawPath.build(true, Arrays.copyOf(parts, upTo)));
        if (inTheWay instanceof Entry.Symlink link) {
            throw new CairnException(ExitCode.FAILED, "'" + where + "' in backup " + backup.shortId() + " is a symlink to '"
                    + RawString.printable(link.target()) + "', which is not followed", "give the path that it points to");
        }
        if (inTheWay != null) {
            throw new CairnException(ExitCode.FAILED, "'" + where + "' in backup " + backup.shortId() + " is not a folder",
                    "'cairn ls " + backup.shortId() + ":PATH' shows what is there");
        }
        throw new CairnException(ExitCode.FAILED, "backup " + backup.shortId() + " holds no '" + where + "'",
                "'cairn ls " + backup.shortId() + ":PATH' shows what is there; 'cairn find' looks in all backups");
    }
}

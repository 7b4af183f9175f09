package cairn.archive;

import cairn.archive.ArchiveOptions.Compared;
import cairn.posix.FileSystem;
import cairn.posix.Stat;
import cairn.record.RecordBody.CleanTime;
import cairn.tree.Attributes;
import cairn.tree.Entry;
import cairn.tree.ScanStat;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides whether an entry is what it was at an older backup, without reading it.
 *
 * <p>Unchanged means: same size, mtime, ctime and inode, and a ctime from before the older backup had made the file
 * system clean. Any change through the file system moves ctime, but for two gaps. A change within the same tick of
 * the file system's clock leaves ctime where it is; so ctime must lie a margin before the time at which the older
 * backup began. And a store through a memory map moves ctime only when it first dirties a page: a page that was dirty
 * already takes more stores unnoticed. So a backup takes the time and then calls syncfs(2), which writes dirty pages
 * back and write-protects them again; a later store to any of them is a first one and moves ctime. On tmpfs and ramfs
 * pages are never written back, and such files are always read.
 */
final class ChangeRule {
    private final Set<Compared> fields;
    private final boolean rereadAll;
    private final Instant began;

    ChangeRule(Set<Compared> fields, boolean rereadAll) {
        this(fields, rereadAll, Instant.now());
    }

    /** @param began when this backup did */
    ChangeRule(Set<Compared> fields, boolean rereadAll, Instant began) {
        this.began = began;
        this.fields = fields;
        this.rereadAll = rereadAll;
    }

    /** The clean times of an older backup, by device. */
    static Map<Long, CleanTime> byDevice(List<CleanTime> times) {
        Map<Long, CleanTime> map = new HashMap<>();
        for (CleanTime time : times) {
            map.put(device(time.deviceMajor(), time.deviceMinor()), time);
        }
        return map;
    }

    static long device(int major, int minor) {
        return (long) major << 32 | minor & 0xFFFFFFFFL;
    }

    /**
     * @param device that the entry counts as lying on now
     * @param older the entry of an older backup, with its stat
     * @param clean when the older backup had made the file system clean; null if it had not
     * @param traits of the file system that the entry is on now
     */
    boolean unchanged(Stat now, long device, Entry older, ScanStat olderStat, CleanTime clean, FileSystemTraits traits) {
        boolean file = older instanceof Entry.File;
        if (rereadAll || clean == null || file && traits.alwaysRead()) {
            return false;
        }
        Attributes a = older.attributes();
        if (older.type().modeBits() != now.type()) {
            return false;
        }
        if (fields.contains(Compared.SIZE) && older instanceof Entry.File f && f.size() != now.size()) {
            return false;
        }
        if (fields.contains(Compared.MTIME) && (a.mtimeSeconds() != now.mtime() || a.mtimeNanos() != now.mtimeNanos())) {
            return false;
        }
        if (fields.contains(Compared.INODE) && !traits.inodesChange()
                && (olderStat.inode() != now.ino() || device(olderStat.deviceMajor(), olderStat.deviceMinor()) != device)) {
            return false;
        }
        if (!fields.contains(Compared.CTIME)) {
            return sameOwnerAndMode(a, now);
        }
        if (olderStat.ctimeSeconds() != now.ctime() || olderStat.ctimeNanos() != now.ctimeNanos()) {
            return false;
        }
        // without a ctime that every change of attributes moves, they are compared themselves
        return beforeClean(now, clean) && sameOwnerAndMode(a, now);
    }

    private static boolean sameOwnerAndMode(Attributes a, Stat now) {
        return a.mode() == now.permissions() && a.uid() == (now.uid() & 0xFFFFFFFFL) && a.gid() == (now.gid() & 0xFFFFFFFFL);
    }

    private boolean beforeClean(Stat now, CleanTime clean) {
        if (clean.marginNanos() < 0 || clean.time().isAfter(began)) {
            return false; // of the latter the clock was set back since: before and after cannot be told apart
        }
        Instant limit = clean.time().minusNanos(clean.marginNanos());
        return now.ctime() < limit.getEpochSecond() || now.ctime() == limit.getEpochSecond() && now.ctimeNanos() < limit.getNano();
    }

    /** What a kind of file system means for the rule. */
    record FileSystemTraits(boolean alwaysRead, boolean inodesChange, long granularityNanos, String name) {
        static FileSystemTraits of(long type) {
            if (type == FileSystem.TMPFS || type == FileSystem.RAMFS) {
                return new FileSystemTraits(true, false, 0, "tmpfs");
            }
            if (type == FileSystem.FUSE) {
                return new FileSystemTraits(false, true, 2_000_000_000L, "FUSE");
            }
            if (type == FileSystem.MSDOS || type == FileSystem.EXFAT) {
                return new FileSystemTraits(false, true, 2_000_000_000L, "FAT");
            }
            if (type == FileSystem.SMB || type == FileSystem.CIFS || type == FileSystem.SMB2) {
                return new FileSystemTraits(false, true, 2_000_000_000L, "SMB");
            }
            if (type == FileSystem.NFS) {
                return new FileSystemTraits(false, false, 2_000_000_000L, "NFS");
            }
            return new FileSystemTraits(false, false, 0, null);
        }
    }
}

package cairn.restore;

import cairn.posix.Errno;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.tree.Attributes;
import cairn.tree.EntryType;
import cairn.tree.Xattr;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sets attributes in the order in which none undoes another: owner (which clears set-id bits and capabilities), mode,
 * extended attributes (an ACL changes the mode, by the same bits), project, time, inode flags (which forbid all else).
 * What cannot be set is told and counted; the rest goes on. For any number of threads.
 */
final class AttributeSetter {
    private static final int FORBIDDING_FLAGS = 0x10 | 0x20;
    /** The flags of ioctl_iflags(2) that backups hold: those that chattr(1) can set and that do not describe the layout. */
    static final int SETTABLE = 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x80 | 0x4000 | 0x8000 | 0x10000 | 0x20000 | 0x800000 | 0x2000000 | 0x20000000;
    /** Flags that work only on files that are still empty: compression, no copy on write. */
    static final int EARLY = 0x4 | 0x800000;
    /** Flags that new entries of a directory get from it. */
    static final int INHERITED = SETTABLE & ~FORBIDDING_FLAGS;
    /** Immutable and append-only. */
    static final int FORBIDDING = FORBIDDING_FLAGS;
    private static final int SET_ID = 06000;
    /** Up to here every file system of Linux can tell seconds; beyond, and before 1970, it is asked what it made of a time. */
    private static final long LAST_SAFE_TIME = Integer.MAX_VALUE;

    private final Tally tally;
    private final boolean withXattrs;
    private final boolean root;
    private volatile boolean coarseTimes;
    /** Pairs of owner and group that were refused: not tried for every file again. */
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();

    AttributeSetter(Tally tally, boolean withXattrs, boolean root) {
        this.tally = tally;
        this.withXattrs = withXattrs;
        this.root = root;
    }

    /** From now on every time is looked at again: the file system has no nanoseconds, or may not. */
    void expectCoarseTimes() {
        coarseTimes = true;
    }

    /** What an inode has before anything is set. */
    record Have(long uid, long gid, int mode) {
        static Have of(Stat stat) {
            return new Have(stat.uid() & 0xFFFFFFFFL, stat.gid() & 0xFFFFFFFFL, stat.permissions());
        }
    }

    /**
     * Sets everything on an inode that was just made.
     *
     * @param inherits whether it may have got attributes by itself, which then go
     * @param flags    whether inode flags are set now
     */
    void setNew(Place place, EntryType type, Attributes want, Have have, boolean inherits, boolean flags, Tally.Path path) {
        int mode = ownerAndMode(place, type, want, have, path);
        if (inherits) {
            removeForeign(place, want, path);
            mode = -1;
        }
        setXattrs(place, want, path);
        if (mode < 0 && type != EntryType.SYMLINK && !hasAcl(want)) {
            mode(place, want.mode(), path);
        }
        if (want.projectId() != 0 || inherits && currentProject(place) != 0) {
            project(place, want, path);
        }
        time(place, want, path);
        if (flags && (want.inodeFlags() != 0 || inherits)) {
            flags(place, want, path);
        }
    }

    /** Sets on an existing inode what is different; returns whether anything was. */
    boolean setExisting(Place place, EntryType type, Attributes want, Stat stat, boolean flags, Tally.Path path) {
        boolean changed = false;
        boolean hasFlags = type == EntryType.FILE || type == EntryType.DIRECTORY;
        int current = hasFlags ? currentFlags(place) : 0;
        boolean flagsDiffer = hasFlags && flags && current >= 0 && (current & SETTABLE) != (want.inodeFlags() & SETTABLE);
        Have have = Have.of(stat);
        boolean ownerDiffers = have.uid != want.uid() || have.gid != want.gid();
        boolean modeDiffers = type != EntryType.SYMLINK && have.mode != want.mode();
        boolean timeDiffers = stat.mtime() != want.mtimeSeconds() || stat.mtimeNanos() != want.mtimeNanos();
        boolean xattrsDiffer = withXattrs && xattrsDiffer(place, want);
        boolean projectDiffers = hasFlags && currentProject(place) != want.projectId();
        boolean any = ownerDiffers || modeDiffers || timeDiffers || xattrsDiffer || projectDiffers;
        if (any && current > 0 && (current & FORBIDDING) != 0) {
            lift(place, current, path);
            flagsDiffer = flags;
        }
        if (ownerDiffers || modeDiffers) {
            int mode = ownerAndMode(place, type, want, have, path);
            changed = ownerDiffers && !isRefused(want) || type != EntryType.SYMLINK && mode != have.mode;
            xattrsDiffer = xattrsDiffer || withXattrs && ownerDiffers && xattrsDiffer(place, want);
        }
        if (xattrsDiffer) {
            changed |= removeForeign(place, want, path) | setXattrs(place, want, path);
            if (modeDiffers && type != EntryType.SYMLINK && !hasAcl(want)) {
                mode(place, want.mode(), path);
            }
        }
        if (projectDiffers) {
            project(place, want, path);
            changed = true;
        }
        if (timeDiffers) {
            time(place, want, path);
            changed = true;
        }
        if (flagsDiffer) {
            flags(place, want, path);
            changed = true;
        }
        return changed;
    }

    /** Whether an existing inode is in every attribute as wanted. */
    boolean differs(Place place, EntryType type, Attributes want, Stat stat) {
        boolean hasFlags = type == EntryType.FILE || type == EntryType.DIRECTORY;
        int current = hasFlags ? currentFlags(place) : 0;
        return (stat.uid() & 0xFFFFFFFFL) != want.uid() || (stat.gid() & 0xFFFFFFFFL) != want.gid()
                || type != EntryType.SYMLINK && stat.permissions() != want.mode()
                || stat.mtime() != want.mtimeSeconds() || stat.mtimeNanos() != want.mtimeNanos()
                || withXattrs && xattrsDiffer(place, want)
                || hasFlags && current >= 0 && (current & SETTABLE) != (want.inodeFlags() & SETTABLE)
                || hasFlags && currentProject(place) != want.projectId();
    }

    /** Sets owner and mode; returns the mode that it now has. */
    private int ownerAndMode(Place place, EntryType type, Attributes want, Have have, Tally.Path path) {
        boolean owned = have.uid == want.uid() && have.gid == want.gid();
        int mode = have.mode;
        int wanted = want.mode();
        if (!owned) {
            owned = owner(place, want, have, path);
            mode &= ~SET_ID;
        }
        if (!owned && (wanted & SET_ID) != 0) {
            // a set-id bit must never give the rights of an owner that the backup did not mean
            wanted &= ~SET_ID;
        }
        if (type != EntryType.SYMLINK && mode != wanted) {
            mode(place, wanted, path);
        }
        return wanted;
    }

    private boolean isRefused(Attributes want) {
        return refused.contains(want.uid() << 32 | want.gid());
    }

    private boolean owner(Place place, Attributes want, Have have, Tally.Path path) {
        Long pair = want.uid() << 32 | want.gid();
        if (!refused.contains(pair)) {
            try {
                place.owner((int) want.uid(), (int) want.gid());
                return true;
            } catch (PosixException e) {
                if (e.errno() != Errno.EPERM || root) {
                    tally.notSet(Unset.OWNER, path, e.reason());
                    return false;
                }
                refused.add(pair);
            }
        }
        if (have.gid != want.gid() && !refused.contains(-1 - want.gid())) {
            try {
                place.owner(-1, (int) want.gid());
            } catch (PosixException e) {
                refused.add(-1 - want.gid());
            }
        }
        tally.notSet(Unset.OWNER, path, Errno.message(Errno.EPERM));
        return false;
    }

    private void mode(Place place, int mode, Tally.Path path) {
        try {
            place.mode(mode);
        } catch (PosixException e) {
            tally.notSet(Unset.MODE, path, e.reason());
        }
    }

    private void time(Place place, Attributes want, Tally.Path path) {
        try {
            place.time(want.mtimeSeconds(), want.mtimeNanos());
            if (want.mtimeSeconds() < 0 || want.mtimeSeconds() > LAST_SAFE_TIME || coarseTimes) {
                Stat stat = place.stat();
                if (stat.mtime() != want.mtimeSeconds() || stat.mtimeNanos() != want.mtimeNanos()) {
                    tally.notSet(Unset.TIME, path, "the file system cannot hold this time and took the nearest");
                }
            }
        } catch (PosixException e) {
            tally.notSet(Unset.TIME, path, e.reason());
        }
    }

    private static boolean hasAcl(Attributes want) {
        for (Xattr xattr : want.xattrs()) {
            if (Arrays.equals(xattr.name(), Names.ACL_ACCESS)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether any could be set. */
    private boolean setXattrs(Place place, Attributes want, Tally.Path path) {
        boolean any = false;
        if (!withXattrs) {
            return any;
        }
        for (Xattr xattr : want.xattrs()) {
            try {
                place.setXattr(xattr.name(), xattr.value());
                any = true;
            } catch (PosixException e) {
                tally.notSet(Unset.ofXattr(xattr.name()), path, e.reason());
            }
        }
        return any;
    }

    /** Removes extended attributes that it should not have; returns whether there were any. */
    private boolean removeForeign(Place place, Attributes want, Tally.Path path) {
        boolean any = false;
        if (!withXattrs) {
            return any;
        }
        try {
            for (byte[] name : place.xattrs()) {
                if (find(want, name) == null) {
                    try {
                        place.removeXattr(name);
                        any = true;
                    } catch (PosixException e) {
                        if (!isImposed(name)) {
                            tally.notSet(Unset.ofXattr(name), path, e.reason());
                        }
                    }
                }
            }
        } catch (PosixException e) {
            tally.notSet(Unset.USER_XATTR, path, e.reason());
        }
        return any;
    }

    /** Labels of security modules come back by themselves and cannot be removed. */
    private static boolean isImposed(byte[] name) {
        return Names.startsWith(name, "security.") && !Names.startsWith(name, "security.capability");
    }

    private boolean xattrsDiffer(Place place, Attributes want) {
        try {
            int same = 0;
            for (byte[] name : place.xattrs()) {
                Xattr wanted = find(want, name);
                if (wanted == null) {
                    if (!isImposed(name)) {
                        return true;
                    }
                } else if (Arrays.equals(wanted.value(), place.xattr(name))) {
                    same++;
                } else {
                    return true;
                }
            }
            return same != want.xattrs().size();
        } catch (PosixException e) {
            return !want.xattrs().isEmpty();
        }
    }

    private static Xattr find(Attributes want, byte[] name) {
        for (Xattr xattr : want.xattrs()) {
            if (Arrays.equals(xattr.name(), name)) {
                return xattr;
            }
        }
        return null;
    }

    private static int currentFlags(Place place) {
        try {
            return place.flags();
        } catch (PosixException e) {
            return -1;
        }
    }

    private static long currentProject(Place place) {
        try {
            return place.project() & 0xFFFFFFFFL;
        } catch (PosixException e) {
            return 0;
        }
    }

    private void project(Place place, Attributes want, Tally.Path path) {
        try {
            place.setProject((int) want.projectId());
        } catch (PosixException e) {
            tally.notSet(Unset.PROJECT, path, e.reason());
        }
    }

    /** Sets the flags that count only for what is written later. */
    void earlyFlags(Place place, Attributes want, Tally.Path path) {
        if ((want.inodeFlags() & EARLY) != 0) {
            try {
                place.setFlags(place.flags() & ~EARLY | want.inodeFlags() & EARLY);
            } catch (PosixException e) {
                // told once all flags are set
            }
        }
    }

    /** Sets all inode flags. */
    void flags(Place place, Attributes want, Tally.Path path) {
        try {
            int current = place.flags();
            int wanted = current & ~SETTABLE | want.inodeFlags() & SETTABLE;
            if (wanted != current) {
                place.setFlags(wanted);
            }
        } catch (PosixException e) {
            if (want.inodeFlags() != 0) {
                tally.notSet(Unset.INODE_FLAGS, path, e.reason());
            }
        }
    }

    /** Takes away the flags that forbid changes; returns the flags that were there, or 0. */
    int lift(Place place, int current, Tally.Path path) {
        if ((current & FORBIDDING) != 0) {
            try {
                place.setFlags(current & ~FORBIDDING);
                return current;
            } catch (PosixException e) {
                tally.notSet(Unset.INODE_FLAGS, path, e.reason());
            }
        }
        return 0;
    }
}

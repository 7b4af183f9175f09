package cairn.walk;

import cairn.posix.Io;
import cairn.posix.Mounts;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Stat;
import java.util.Arrays;

/** Where a walk does not go, by its options. */
final class Limits {
    /** Something that is left out, and what to say about it. */
    record Refusal(LeftOut reason, String detail) {}

    private static final byte[] RUN = {'r', 'u', 'n'};
    private static final byte[] DEV = {'d', 'e', 'v'};
    private static final byte[] CACHE_TAG = RawString.encode("CACHEDIR.TAG");
    /** The first 43 bytes of the tag, from the Cache Directory Tagging Specification. */
    private static final byte[] CACHE_SIGNATURE = RawString.encode("Signature: 8a477f597d28d172789f06886806bc55");

    private final WalkOptions options;
    private final MountTable mounts = new MountTable();

    Limits(WalkOptions options) {
        this.options = options;
    }

    /** Why the walk does not go into a directory, or null if it does. {@code explicit}: it is a source or on the way to one. */
    Refusal directory(Directory parent, byte[] name, Place place, Stat stat, boolean explicit) throws PosixException {
        if (place.kind() == Place.Kind.MADE_UP) {
            return null;
        }
        if (options.ownDirectories().contains(FileId.of(stat))) {
            return new Refusal(LeftOut.OWN_REPOSITORY, null);
        }
        if (place.isElsewhere()) {
            return new Refusal(LeftOut.MAPPED, null);
        }
        if (place.kind() == Place.Kind.MAPPED) {
            // in the place of its origin: what counts is what that lies on
            boolean other = options.oneFileSystem() && !explicit
                    && place.mapping().recordedDev() != parent.recordedDev(parent.sourceDev);
            return other ? new Refusal(LeftOut.OTHER_FILE_SYSTEM, type(stat)) : null;
        }
        for (Directory above = parent; above != null; above = above.parent()) {
            if (above.stat().sameFile(stat)) {
                return new Refusal(LeftOut.LOOP, null);
            }
        }
        if (explicit) {
            return null;
        }
        if (stat.isAutomount()) {
            return new Refusal(LeftOut.AUTOMOUNT, null);
        }
        boolean top = parent.parent() == null;
        if (isMount(parent, stat)) {
            Refusal refusal = mount(stat, top && Arrays.equals(name, DEV));
            if (refusal != null) {
                return refusal;
            }
        }
        if (top && !options.includeSpecial() && Arrays.equals(name, RUN)) {
            return new Refusal(LeftOut.TRANSIENT, null);
        }
        if (options.oneFileSystem() && stat.dev() != parent.sourceDev) {
            return new Refusal(LeftOut.OTHER_FILE_SYSTEM, type(stat));
        }
        return null;
    }

    /** Why the walk does not take a file that is not a directory, or null if it does. */
    Refusal file(Directory parent, Stat stat) throws PosixException {
        // overlayfs may give files another device than their directory: only a mount counts
        if (stat.mountId() == parent.stat().mountId()) {
            return null;
        }
        Refusal refusal = mount(stat, false);
        if (refusal != null) {
            return refusal;
        }
        return options.oneFileSystem() && stat.dev() != parent.sourceDev
                ? new Refusal(LeftOut.OTHER_FILE_SYSTEM, type(stat)) : null;
    }

    /** True if this lies on a special file system or on one that nobody can go into: nothing to follow a symlink to. */
    boolean isSpecial(Stat stat) throws PosixException {
        return mount(stat, false) != null;
    }

    private static boolean isMount(Directory parent, Stat stat) {
        return stat.mountId() != parent.stat().mountId() || stat.dev() != parent.stat().dev();
    }

    private Refusal mount(Stat stat, boolean isDev) throws PosixException {
        Mounts.Mount mount = mounts.of(stat);
        if (mount == null) {
            return null;
        }
        if (MountTable.isAutofs(mount)) {
            return new Refusal(LeftOut.AUTOMOUNT, null);
        }
        if (MountTable.isCairn(mount)) {
            return new Refusal(LeftOut.CAIRN_MOUNT, null);
        }
        boolean special = MountTable.isSpecial(mount) || isDev && mount.type().equals("tmpfs");
        return special && !options.includeSpecial() ? new Refusal(LeftOut.SPECIAL, mount.type()) : null;
    }

    private String type(Stat stat) throws PosixException {
        Mounts.Mount mount = mounts.of(stat);
        return mount == null ? null : mount.type();
    }

    /** The tag by which an open directory asks to be left out, or null. */
    byte[] tag(int fd, NameList names) throws PosixException {
        for (byte[] tag : options.tagNames()) {
            if (names.find(tag) >= 0) {
                return tag;
            }
        }
        return options.excludeCaches() && names.find(CACHE_TAG) >= 0 && isCacheTag(fd) ? CACHE_TAG : null;
    }

    /** Whether a tag found by {@link #tag} is that of caches. */
    static boolean isCache(byte[] tag) {
        return tag == CACHE_TAG;
    }

    private static boolean isCacheTag(int dirfd) throws PosixException {
        if (!new Stat().at(dirfd, CACHE_TAG).isRegular()) {
            return false;
        }
        int fd = Open.forReading(dirfd, CACHE_TAG, 0);
        try {
            byte[] start = new byte[CACHE_SIGNATURE.length];
            return Io.readFull(fd, start, 0, start.length) == start.length && Arrays.equals(start, CACHE_SIGNATURE);
        } finally {
            Open.close(fd);
        }
    }
}

package cairn.archive;

import cairn.posix.Errno;
import cairn.posix.Inodes;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Xattrs;
import cairn.tree.Attributes;
import cairn.tree.LinkGroup;
import cairn.tree.Xattr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what a stat does not tell: extended attributes, inode flags, project id. What a file system does not have is
 * no error; what it has and does not give is a problem of the entry, and the rest of the entry is saved.
 */
public final class AttributeReader {
    /** Flags that chattr(1) can set and that do not describe how the file happens to be laid out (ioctl_iflags(2)). */
    private static final int SETTABLE = 0x4 | Inodes.FS_SYNC_FL | Inodes.FS_IMMUTABLE_FL | Inodes.FS_APPEND_FL | Inodes.FS_NODUMP_FL
            | Inodes.FS_NOATIME_FL | 0x4000 | 0x8000 | 0x10000 | 0x20000 | Inodes.FS_NOCOW_FL | 0x2000000 | Inodes.FS_PROJINHERIT_FL;

    private AttributeReader() {
    }

    /** Takes the message of what could not be read. */
    @FunctionalInterface
    public interface Problems {
        void add(String message);
    }

    /** All attributes of an open file or directory. */
    public static Attributes ofOpen(int fd, Stat stat, LinkGroup group, Problems problems) {
        List<Xattr> xattrs = List.of();
        try {
            byte[][] names = Xattrs.list(fd);
            if (names.length > 0) {
                xattrs = values(names, name -> Xattrs.get(fd, name), problems);
            }
        } catch (PosixException e) {
            tell(e, "cannot list extended attributes", problems);
        }
        int flags = 0;
        int project = 0;
        try {
            flags = Inodes.flags(fd) & SETTABLE;
            project = Inodes.project(fd);
        } catch (PosixException e) {
            tell(e, "cannot read inode flags", problems);
        }
        return attributes(stat, group, xattrs, flags, project);
    }

    /** All attributes of a directory that may not be opened for reading: inode flags cannot be asked for. */
    public static Attributes ofPathFd(int pathFd, Stat stat, Problems problems) {
        List<Xattr> xattrs = List.of();
        try {
            byte[][] names = Xattrs.listPathFd(pathFd);
            if (names.length > 0) {
                xattrs = values(names, name -> Xattrs.getPathFd(pathFd, name), problems);
            }
        } catch (PosixException e) {
            tell(e, "cannot list extended attributes", problems);
        }
        return attributes(stat, null, xattrs, 0, 0);
    }

    /** All attributes of an entry that must not be opened: a symlink, device, FIFO or socket. */
    public static Attributes ofNamed(int dirfd, byte[] name, Stat stat, LinkGroup group, Problems problems) {
        List<Xattr> xattrs = List.of();
        try {
            byte[][] names = Xattrs.listAt(dirfd, name);
            if (names.length > 0) {
                xattrs = values(names, attribute -> Xattrs.getAt(dirfd, name, attribute), problems);
            }
        } catch (PosixException e) {
            tell(e, "cannot list extended attributes", problems);
        }
        return attributes(stat, group, xattrs, 0, 0);
    }

    private interface Getter {
        byte[] get(byte[] name) throws PosixException;
    }

    private static List<Xattr> values(byte[][] names, Getter getter, Problems problems) {
        Arrays.sort(names, Arrays::compareUnsigned);
        List<Xattr> xattrs = new ArrayList<>(names.length);
        for (byte[] name : names) {
            try {
                byte[] value = getter.get(name);
                if (value != null) {
                    xattrs.add(new Xattr(name, value));
                }
            } catch (PosixException e) {
                if (e.errno() != Errno.ENODATA) { // removed between the listing and now
                    tell(e, "cannot read the extended attribute " + RawString.printable(name), problems);
                }
            }
        }
        return xattrs;
    }

    private static void tell(PosixException e, String what, Problems problems) {
        if (!e.isUnsupported() && e.errno() != Errno.ENOTTY && e.errno() != Errno.EINVAL && e.errno() != Errno.ENOSYS) {
            problems.add(what + ": " + e.reason());
        }
    }

    static Attributes attributes(Stat stat, LinkGroup group, List<Xattr> xattrs, int flags, int project) {
        return new Attributes(stat.permissions(), stat.uid() & 0xFFFFFFFFL, stat.gid() & 0xFFFFFFFFL, stat.mtime(), stat.mtimeNanos(),
                group, xattrs, flags, project & 0xFFFFFFFFL);
    }
}

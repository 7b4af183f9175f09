package cairn.restore;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.FileSystem;
import cairn.posix.Inodes;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Xattrs;
import cairn.tree.Attributes;
import cairn.tree.EntryType;
import java.io.IOException;
import java.util.List;

/** Makes directories, or takes over those that exist, with what killed restores left in them. */
final class FolderMaker {
    private static final Attributes PLAIN = new Attributes(0755, 0, 0, 0, 0, null, List.of(), 0, 0);

    private final RestoreContext context;
    private final Plan plan;
    private final boolean dry;

    FolderMaker(RestoreContext context, Plan plan) {
        this.context = context;
        this.plan = plan;
        this.dry = context.options.dryRun();
    }

    /**
     * Opens the folder that a part goes to, and makes it if need be. Symlinks in its path are the user's own and followed.
     *
     * @param attributes  of the folder in the backup, or null
     * @param saved       whether the backup was asked to save this folder
     * @param whereItWas  whether it is where it was backed up: then it takes its attributes even if it exists
     */
    Folder target(byte[] path, Attributes attributes, boolean saved, boolean whereItWas) throws IOException {
        int fd;
        boolean made = false;
        try {
            fd = Open.openLong(Open.AT_FDCWD, path, Open.O_PATH | Open.O_DIRECTORY, 0);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOTDIR) {
                throw new CairnException(ExitCode.FAILED, "cannot restore into '" + RawString.printable(path) + "': it is not a folder",
                        "the target is the folder that things go into; a file goes there under its own name", e);
            }
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            if (dry) {
                return new Folder(context, plan, context.nodes.add(Node.NONE, path, EntryType.DIRECTORY, PLAIN, 0, 0, 0, 0, 0), null, false);
            }
            fd = makeAll(path);
            made = true;
        }
        long type = FileSystem.of(fd).type();
        if (type == FileSystem.FUSE || type == FileSystem.CIFS || type == FileSystem.SMB || type == FileSystem.SMB2
                || type == FileSystem.MSDOS || type == FileSystem.EXFAT) {
            context.dirs.inodesDoNotLast();
            context.setter.expectCoarseTimes();
        }
        Stat stat = new Stat().of(fd);
        Listing listing = Listing.of(fd);
        boolean takes = attributes != null && saved
                && (made || listing.all().length == 0 || context.options.overwrite() != Overwrite.NEVER && (whereItWas || resembles(stat, attributes)));
        long id = context.nodes.add(Node.NONE, path, EntryType.DIRECTORY, takes ? attributes : PLAIN, 0, Node.EXISTED | Node.INHERITS, 0,
                stat.dev(), stat.ino());
        context.dirs.keep(id, fd, true);
        if (takes && !dry) {
            plan.directory(id);
        }
        Folder folder = new Folder(context, plan, id, listing, true);
        cleanUp(folder, fd, listing);
        return folder;
    }

    /**
     * Whether a folder that holds something already can take the attributes of the one in the backup without harm: one
     * like {@code /tmp} must not become private because somebody restored a few files into it.
     */
    private static boolean resembles(Stat stat, Attributes attributes) {
        return stat.permissions() == attributes.mode() && (stat.uid() & 0xFFFFFFFFL) == attributes.uid()
                && (stat.gid() & 0xFFFFFFFFL) == attributes.gid();
    }

    private static int makeAll(byte[] path) throws PosixException {
        int at = Open.openat(Open.AT_FDCWD, RawPath.isAbsolute(path) ? RawPath.ROOT : Names.DOT, Open.O_PATH | Open.O_DIRECTORY, 0);
        for (byte[] part : RawPath.split(path)) {
            try {
                Dirs.mkdir(at, part, 0755);
            } catch (PosixException e) {
                if (!e.isExists()) {
                    Open.close(at);
                    throw e.on(path);
                }
            }
            int next;
            try {
                next = Open.openat(at, part, Open.O_PATH | Open.O_DIRECTORY, 0);
            } catch (PosixException e) {
                throw e.on(path);
            } finally {
                Open.close(at);
            }
            at = next;
        }
        return at;
    }

    /** A directory in a folder. @return null if something else has the name and is not to be replaced */
    Folder make(Folder parent, byte[] name, Attributes attributes, boolean onTheWay) throws IOException {
        Tally.Path path = context.path(parent.id, name);
        if (!parent.isThere()) {
            return foresee(parent, name);
        }
        try (DirHandles.Handle dir = context.dirs.acquire(parent.id)) {
            if (parent.has(name)) {
                Stat stat = new Stat();
                if (stat.exists(dir.fd, name)) {
                    if (stat.isDirectory()) {
                        return takeOver(parent, dir, name, attributes, onTheWay);
                    }
                    if (context.options.overwrite() == Overwrite.NEVER) {
                        context.tally.done(RestoreListener.Action.SKIPPED, path);
                        return null;
                    }
                    if (onTheWay) {
                        throw new IOException("is no folder here, but what was backed up lies below it: choose where it goes by --map-from and --map-to");
                    }
                    if (dry) {
                        context.tally.done(RestoreListener.Action.UPDATED, path);
                        return foresee(parent, name);
                    }
                    Removal.unlink(dir.fd, name);
                }
            }
            if (dry) {
                return foresee(parent, name);
            }
            try {
                Dirs.mkdir(dir.fd, name, 0700);
            } catch (PosixException e) {
                if (e.isExists() && new Stat().at(dir.fd, name).isDirectory()) {
                    return takeOver(parent, dir, name, attributes, onTheWay);
                }
                throw e;
            }
            context.tally.directories.increment();
            return made(parent, dir, name, attributes, onTheWay);
        }
    }

    private Folder foresee(Folder parent, byte[] name) throws IOException {
        context.tally.directories.increment();
        return new Folder(context, plan, context.nodes.add(parent.id, name, EntryType.DIRECTORY, PLAIN, 0, 0, 0, 0, 0), null, false);
    }

    private static int open(DirHandles.Handle dir, byte[] name) throws PosixException {
        return Open.openat(dir.fd, name, Open.O_PATH | Open.O_DIRECTORY | Open.O_NOFOLLOW, 0);
    }

    private Folder made(Folder parent, DirHandles.Handle dir, byte[] name, Attributes attributes, boolean onTheWay) throws IOException {
        int fd = open(dir, name);
        Stat stat = new Stat().of(fd);
        boolean inherits = false;
        if (dir.inherits) {
            shed(fd);
            inherits = (stat.gid() & 0xFFFFFFFFL) != context.egid;
        }
        Attributes own = onTheWay && context.euid != 0 ? withOwner(attributes) : attributes;
        long id = context.nodes.add(parent.id, name, EntryType.DIRECTORY, own, 0, inherits ? Node.INHERITS : 0, 0, stat.dev(), stat.ino());
        context.dirs.add(id, fd, inherits).close();
        plan.directory(id);
        return new Folder(context, plan, id, null, true);
    }

    /** Who is not root cannot give a folder on the way to its owner, and did not ask to. */
    private Attributes withOwner(Attributes a) {
        return new Attributes(a.mode(), context.euid, context.egid, a.mtimeSeconds(), a.mtimeNanos(), null, a.xattrs(), a.inodeFlags(), a.projectId());
    }

    /** Takes from a new directory what it got from its parent, so that nothing goes on to what is made in it. */
    private static void shed(int pathFd) throws PosixException {
        Attrs.chmodPathFd(pathFd, 0700);
        for (byte[] name : Xattrs.listPathFd(pathFd)) {
            if (Names.isAcl(name)) {
                Xattrs.removePathFd(pathFd, name);
            }
        }
        int fd = Open.openat(pathFd, Names.DOT, Open.O_RDONLY | Open.O_DIRECTORY, 0);
        try {
            int flags = Inodes.flags(fd);
            if ((flags & AttributeSetter.INHERITED) != 0) {
                Inodes.setFlags(fd, flags & ~AttributeSetter.INHERITED);
            }
        } catch (PosixException e) {
            // no inode flags here: nothing to inherit
        } finally {
            Open.close(fd);
        }
    }

    private Folder takeOver(Folder parent, DirHandles.Handle dir, byte[] name, Attributes attributes, boolean onTheWay) throws IOException {
        int fd = open(dir, name);
        try {
            Stat stat = new Stat().of(fd);
            boolean left = onTheWay || context.options.overwrite() == Overwrite.NEVER;
            Attributes changed = dry ? null : makeUsable(fd, stat);
            Listing listing = Listing.of(fd);
            Attributes wanted = left && changed != null ? changed : attributes;
            long id = context.nodes.add(parent.id, name, EntryType.DIRECTORY, wanted, 0, Node.EXISTED | Node.INHERITS, 0, stat.dev(), stat.ino());
            boolean takes = !dry && (!left || changed != null);
            Folder folder = new Folder(context, plan, id, listing, true);
            if (stat.isMountRoot()) {
                folder.isMountPoint(takes);
            } else if (takes) {
                plan.directory(id);
            }
            cleanUp(folder, fd, listing);
            context.dirs.add(id, fd, true).close();
            return folder;
        } catch (IOException e) {
            Open.close(fd);
            throw e;
        }
    }

    /** Takes away from an existing directory what forbids to work in it; returns what it had, or null if all is well. */
    private Attributes makeUsable(int pathFd, Stat stat) throws PosixException {
        int flags = 0;
        boolean closed = context.euid != 0 && (stat.uid() & 0xFFFFFFFFL) == context.euid && (stat.mode() & 0700) != 0700;
        if (closed) {
            Attrs.chmodPathFd(pathFd, stat.permissions() | 0700);
        }
        if ((stat.attributes() & (Stat.ATTR_IMMUTABLE | Stat.ATTR_APPEND)) != 0) {
            int fd = Open.openat(pathFd, Names.DOT, Open.O_RDONLY | Open.O_DIRECTORY, 0);
            try {
                flags = Inodes.flags(fd);
                Inodes.setFlags(fd, flags & ~AttributeSetter.FORBIDDING);
            } catch (PosixException e) {
                flags = 0;
            } finally {
                Open.close(fd);
            }
        }
        return closed || flags != 0 ? new Attributes(stat.permissions(), stat.uid() & 0xFFFFFFFFL, stat.gid() & 0xFFFFFFFFL, stat.mtime(),
                stat.mtimeNanos(), null, List.of(), flags & AttributeSetter.SETTABLE, 0) : null;
    }

    /** Removes what killed restores left, and remembers their notes. */
    private void cleanUp(Folder folder, int dirfd, Listing listing) {
        for (byte[] name : listing.all()) {
            if (name[0] != '.' || !TempNames.isTemporary(name) || !context.temps.isAbandoned(name)) {
                continue;
            }
            try {
                if (TempNames.isNote(name)) {
                    byte[] file = Notes.read(dirfd, name);
                    if (file != null) {
                        folder.note(file, name);
                        continue;
                    }
                }
                if (!dry) {
                    Removal.unlink(dirfd, name);
                }
            } catch (PosixException e) {
                context.tally.notice(context.path(folder.id, name).get(), "was left by a killed restore and cannot be removed: " + e.reason());
            }
        }
    }
}

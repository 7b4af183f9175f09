package cairn.restore;

import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.Extents;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import java.io.IOException;

/**
 * Decides how a file is written, opens it, and finishes it. A new file is made under its own name. An existing one is
 * cloned beside, patched there and renamed, where the file system can clone; up to {@link #MOST_COPIED} its good parts
 * are copied instead; larger ones and those with other names are written into, after a durable note.
 */
final class FileOpener {
    static final long MOST_COPIED = 64L << 20;
    private static final int CREATE = Open.O_RDWR | Open.O_CREAT | Open.O_EXCL | Open.O_NOFOLLOW;

    private final RestoreContext context;

    FileOpener(RestoreContext context) {
        this.context = context;
    }

    /** Opens a file for the first time. */
    void open(OutputFile file, DirHandles.Handle dir) throws IOException {
        Node node = file.node;
        if (node.inode() == 0) {
            if (!node.is(Node.EXISTED) && node.size() > MOST_COPIED) {
                // under its own name, so that what is there need not be fetched again after a kill
                file.way = OutputFile.Way.NEW;
                file.note = context.notes.leave(dir.fd, node.name(), false);
                file.workName = node.name();
                file.fd = Open.openat(dir.fd, file.workName, CREATE, 0600);
            } else {
                beside(file, dir);
            }
            made(file);
            return;
        }
        int old = openExisting(context, dir, node.name(), Open.O_RDONLY);
        try {
            Stat stat = check(old, node);
            if (node.is(Node.OTHER_NAMES) && intoPlace(file, dir)) {
                return;
            }
            beside(file, dir);
            if (!fill(file, old, stat)) {
                Open.close(file.fd);
                file.fd = -1;
                Dirs.unlink(dir.fd, file.workName);
                file.workName = null;
                if (!intoPlace(file, dir)) {
                    throw new PosixException("write into", null, Errno.ETXTBSY);
                }
                return;
            }
            made(file);
        } finally {
            Open.close(old);
        }
    }

    private void beside(OutputFile file, DirHandles.Handle dir) throws IOException {
        file.way = OutputFile.Way.BESIDE;
        byte[] name = context.temps.next();
        file.fd = Open.openat(dir.fd, name, CREATE, 0600);
        file.workName = name;
    }

    private void made(OutputFile file) throws IOException {
        Stat stat = new Stat().of(file.fd);
        file.device = stat.dev();
        file.inode = stat.ino();
        file.have = AttributeSetter.Have.of(stat);
        context.setter.earlyFlags(new Place.Opened(file.fd), file.node.attributes(), context.path(file.node));
        if (stat.size() != file.node.size() && file.node.size() > 0) {
            Io.truncate(file.fd, file.node.size());
        }
    }

    /** Gives the new file what is good of the old one; false if that would mean to copy too much. */
    private boolean fill(OutputFile file, int old, Stat stat) throws IOException {
        boolean large = Math.max(stat.size(), file.node.size()) > MOST_COPIED;
        if (!large && !file.node.is(Node.KEEPS)) {
            return true;
        }
        if (context.canClone(stat.dev())) {
            try {
                Extents.clone(old, file.fd);
                Io.truncate(file.fd, file.node.is(Node.KEEPS) ? file.node.size() : 0);
                return true;
            } catch (PosixException e) {
                if (e.isFull()) {
                    throw e;
                }
                context.cannotClone(stat.dev());
            }
        }
        if (large) {
            return false;
        }
        copy(old, file.fd, Math.min(stat.size(), file.node.size()));
        return true;
    }

    /** Copies the data of a file, not its holes. */
    static void copy(int from, int to, long size) throws IOException {
        for (long at = 0; at < size;) {
            long data = Io.seekData(from, at);
            if (data < 0 || data >= size) {
                break;
            }
            long end = Math.min(size, Io.seekHole(from, data));
            for (at = data; at < end;) {
                long step = copyRange(from, to, at, end - at);
                if (step == 0) {
                    return;
                }
                at += step;
            }
        }
    }

    private static long copyRange(int from, int to, long at, long length) throws IOException {
        try {
            return Extents.copyRange(from, at, to, at, length);
        } catch (PosixException e) {
            if (!e.isUnsupported() && e.errno() != Errno.EXDEV && e.errno() != Errno.EINVAL) {
                throw e;
            }
            byte[] buffer = new byte[(int) Math.min(length, 256 << 10)];
            int count = Io.pread(from, at, buffer, 0, buffer.length);
            Io.pwrite(to, at, buffer, 0, count);
            return count;
        }
    }

    /** Opens the existing file itself; false if a program that runs forbids it. */
    private boolean intoPlace(OutputFile file, DirHandles.Handle dir) throws IOException {
        liftFlags(file.node, dir);
        int fd;
        try {
            fd = openExisting(context, dir, file.node.name(), Open.O_RDWR);
        } catch (PosixException e) {
            if (e.errno() == Errno.ETXTBSY) {
                return false;
            }
            throw e;
        }
        try {
            Stat stat = check(fd, file.node);
            file.device = stat.dev();
            file.inode = stat.ino();
            file.note = context.notes.leave(dir.fd, file.node.name(), true);
            if (stat.size() != file.node.size()) {
                Io.truncate(fd, file.node.size());
            }
        } catch (IOException e) {
            Open.close(fd);
            throw e;
        }
        file.way = OutputFile.Way.IN_PLACE;
        file.workName = file.node.name();
        file.fd = fd;
        return true;
    }

    /** Opens an existing file, also one whose owner, who restores it, may not: its mode is set in the end anyway. */
    static int openExisting(RestoreContext context, DirHandles.Handle dir, byte[] name, int access) throws PosixException {
        try {
            return access == Open.O_RDONLY ? Open.forReading(dir.fd, name, 0)
                    : Open.openat(dir.fd, name, access | Open.O_NOFOLLOW | Open.O_NONBLOCK, 0);
        } catch (PosixException e) {
            if (e.errno() != Errno.EACCES || context.options.dryRun()) {
                throw e;
            }
            int path = Open.openat(dir.fd, name, Open.O_PATH | Open.O_NOFOLLOW, 0);
            try {
                Stat stat = new Stat().of(path);
                if (!stat.isRegular() || (stat.uid() & 0xFFFFFFFFL) != context.euid) {
                    throw e;
                }
                Attrs.chmodPathFd(path, stat.permissions() | 0600);
                return Open.reopen(path, access | Open.O_NONBLOCK);
            } finally {
                Open.close(path);
            }
        }
    }

    private Stat check(int fd, Node node) throws IOException {
        Stat stat = new Stat().of(fd);
        if (!stat.isRegular() || context.dirs.checksInodes() && (stat.ino() != node.inode() || stat.dev() != node.device())) {
            throw new IOException("was swapped for something else meanwhile");
        }
        return stat;
    }

    /** Takes away what forbids to change or replace an existing file. */
    private void liftFlags(Node node, DirHandles.Handle dir) {
        try {
            int fd = Open.forReading(dir.fd, node.name(), 0);
            try {
                Place place = new Place.Opened(fd);
                int flags = place.flags();
                if ((flags & AttributeSetter.FORBIDDING) != 0) {
                    context.setter.lift(place, flags, context.path(node));
                }
            } finally {
                Open.close(fd);
            }
        } catch (PosixException e) {
            // what it forbids fails by itself
        }
    }

    /** Opens a file that was closed for want of handles. */
    void reopen(OutputFile file, DirHandles.Handle dir) throws IOException {
        int fd = Open.openat(dir.fd, file.workName, Open.O_RDWR | Open.O_NOFOLLOW | Open.O_NONBLOCK, 0);
        Stat stat = new Stat().of(fd);
        if (context.dirs.checksInodes() && (stat.ino() != file.inode || stat.dev() != file.device)) {
            Open.close(fd);
            throw new IOException("was swapped for something else meanwhile");
        }
        file.fd = fd;
    }

    /** Everything is written (or lost): sets the attributes and lets it appear. */
    void finish(OutputFile file, DirHandles.Handle dir) throws IOException {
        Node node = file.node;
        if (file.failed) {
            giveUp(file, dir);
            return;
        }
        Place place = new Place.Opened(file.fd);
        boolean flags = !node.is(Node.LATE_FLAGS);
        Tally.Path path = context.path(node);
        if (file.way == OutputFile.Way.IN_PLACE) {
            context.setter.setExisting(place, node.type(), node.attributes(), new Stat().of(file.fd), flags, path);
            Io.fdatasync(file.fd);
        } else {
            boolean forbidding = (node.attributes().inodeFlags() & AttributeSetter.FORBIDDING) != 0;
            boolean now = flags && !(forbidding && file.way == OutputFile.Way.BESIDE);
            context.setter.setNew(place, node.type(), node.attributes(), file.have, dir.inherits, now, path);
            if (file.way == OutputFile.Way.BESIDE) {
                replace(file, dir);
                if (flags && !now) {
                    context.setter.flags(place, node.attributes(), path);
                }
            }
        }
        int fd = file.fd;
        file.fd = -1;
        Open.closeWritten(fd);
        if (file.note != null) {
            Notes.remove(dir.fd, file.note);
        }
        context.notes.settle(dir.fd, node.id());
        context.tally.done(node.is(Node.EXISTED) ? RestoreListener.Action.UPDATED : RestoreListener.Action.CREATED, path);
    }

    /** Gives the complete file its name, in one step. */
    private void replace(OutputFile file, DirHandles.Handle dir) throws IOException {
        Node node = file.node;
        try {
            if (!node.is(Node.EXISTED)) {
                appear(dir.fd, file.workName, node.name());
                return;
            }
            if (node.inode() != 0) {
                liftFlags(node, dir);
                context.replaced(node);
            } else if (new Stat().at(dir.fd, node.name()).isDirectory()) {
                EntryMaker.makeRoom(context, dir, node.name());
            }
            Dirs.rename(dir.fd, file.workName, dir.fd, node.name(), 0);
        } catch (IOException e) {
            Dirs.unlink(dir.fd, file.workName);
            throw e;
        }
    }

    /** Renames to a name that nothing has. */
    static void appear(int dirfd, byte[] work, byte[] name) throws PosixException {
        try {
            Dirs.rename(dirfd, work, dirfd, name, Dirs.RENAME_NOREPLACE);
        } catch (PosixException e) {
            if (e.errno() != Errno.EINVAL && !e.isUnsupported()) {
                throw e;
            }
            // this file system cannot do it in one step
            if (new Stat().exists(dirfd, name)) {
                throw new PosixException("rename", name, Errno.EEXIST);
            }
            Dirs.rename(dirfd, work, dirfd, name, 0);
        }
    }

    /** A file that cannot be completed: a new one stays as far as it came, an existing one stays as it was. */
    private void giveUp(OutputFile file, DirHandles.Handle dir) throws IOException {
        if (file.way == OutputFile.Way.BESIDE) {
            if (file.node.is(Node.EXISTED)) {
                Dirs.unlink(dir.fd, file.workName);
            } else {
                appear(dir.fd, file.workName, file.node.name());
            }
        }
    }
}

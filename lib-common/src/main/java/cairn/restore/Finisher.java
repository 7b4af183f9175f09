package cairn.restore;

import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import java.io.IOException;

/** Does what can only be done once everything is written: further names, removals, flags, and directories from the bottom up. */
final class Finisher {
    private final RestoreContext context;
    private final Plan plan;

    Finisher(RestoreContext context, Plan plan) {
        this.context = context;
        this.plan = plan;
    }

    void run() throws IOException {
        plan.furtherNames((id, first) -> {
            Node node = context.nodes.get(id);
            try {
                link(node, context.nodes.get(first));
            } catch (IOException e) {
                context.tally.failed(context.path(node), e);
            }
        });
        plan.superfluous(this::remove);
        plan.lateFlags((id, unused) -> lateFlags(context.nodes.get(id)));
        plan.directories((id, unused) -> {
            Node node = context.nodes.get(id);
            try {
                directory(node);
            } catch (IOException e) {
                context.tally.failed(context.path(node), e);
            }
        });
    }

    private void link(Node node, Node first) throws IOException {
        try (DirHandles.Handle from = context.dirs.acquire(first.parent()); DirHandles.Handle to = context.dirs.acquire(node.parent())) {
            Stat source = new Stat();
            if (!source.exists(from.fd, first.name()) || source.type() != first.type().modeBits()) {
                throw new IOException("the name that it is a further name of could not be restored");
            }
            Stat existing = new Stat();
            boolean there = node.is(Node.EXISTED) && existing.exists(to.fd, node.name());
            if (there && existing.sameFile(source)) {
                context.tally.done(RestoreListener.Action.UNCHANGED, context.path(node));
                return;
            }
            if (there && existing.isDirectory()) {
                EntryMaker.makeRoom(context, to, node.name());
                there = false;
            }
            byte[] work = there ? context.temps.next() : node.name();
            try {
                Dirs.link(from.fd, first.name(), to.fd, work);
            } catch (PosixException e) {
                if (e.errno() != Errno.EMLINK && e.errno() != Errno.EPERM && e.errno() != Errno.EXDEV && !e.isUnsupported()) {
                    throw e;
                }
                copy(from, first, source, to, node, work, e);
            }
            if (there) {
                EntryMaker.rename(to, work, node.name());
            }
            context.tally.done(there ? RestoreListener.Action.UPDATED : RestoreListener.Action.CREATED, context.path(node));
        }
    }

    /** Where a further name cannot be had, an entry of its own is better than none. */
    private void copy(DirHandles.Handle from, Node first, Stat source, DirHandles.Handle to, Node node, byte[] work, PosixException why) throws IOException {
        Tally.Path path = context.path(node);
        context.tally.notSet(Unset.HARD_LINK, path, why.reason());
        Place place;
        int fd = -1;
        try {
            if (node.type() == EntryType.FILE) {
                int old = Open.forReading(from.fd, first.name(), 0);
                try {
                    fd = Open.openat(to.fd, work, Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL | Open.O_NOFOLLOW, 0600);
                    Io.truncate(fd, source.size());
                    FileOpener.copy(old, fd, source.size());
                } finally {
                    Open.close(old);
                }
                place = new Place.Opened(fd);
            } else {
                if (node.type() == EntryType.SYMLINK) {
                    Dirs.symlink(Dirs.readlink(from.fd, first.name()), to.fd, work);
                } else {
                    Dirs.mknod(to.fd, work, source.mode(), source.rdevMajor(), source.rdevMinor());
                }
                place = new Place.Named(to.fd, work);
            }
            AttributeSetter.Have have = AttributeSetter.Have.of(fd >= 0 ? new Stat().of(fd) : new Stat().at(to.fd, work));
            context.setter.setNew(place, node.type(), node.attributes(), have, to.inherits, true, path);
        } finally {
            if (fd >= 0) {
                Open.closeWritten(fd);
            }
        }
    }

    private void remove(long directory, byte[] name) {
        Tally.Path path = context.path(directory, name);
        try (DirHandles.Handle dir = context.dirs.acquire(directory)) {
            if (context.options.dryRun()) {
                context.tally.done(RestoreListener.Action.DELETED, path);
                return;
            }
            long removed = Removal.remove(dir.fd, name, context.options.kept());
            for (long i = 0; i < removed; i++) {
                context.tally.done(RestoreListener.Action.DELETED, path);
            }
        } catch (IOException e) {
            context.tally.failed(path, e);
        }
    }

    private void lateFlags(Node node) {
        Tally.Path path = context.path(node);
        try (DirHandles.Handle dir = context.dirs.acquire(node.parent())) {
            int fd = Open.forReading(dir.fd, node.name(), 0);
            try {
                context.setter.flags(new Place.Opened(fd), node.attributes(), path);
            } finally {
                Open.close(fd);
            }
        } catch (IOException e) {
            context.tally.failed(path, e);
        }
    }

    private void directory(Node node) throws IOException {
        try (DirHandles.Handle dir = context.dirs.acquire(node.id())) {
            int fd = Open.openat(dir.fd, Names.DOT, Open.O_RDONLY | Open.O_DIRECTORY, 0);
            try {
                Stat stat = new Stat().of(fd);
                Place place = new Place.Opened(fd);
                if (node.is(Node.EXISTED)) {
                    context.setter.setExisting(place, EntryType.DIRECTORY, node.attributes(), stat, true, context.path(node));
                } else {
                    context.setter.setNew(place, EntryType.DIRECTORY, node.attributes(), AttributeSetter.Have.of(stat), false, true, context.path(node));
                }
            } finally {
                Open.close(fd);
            }
        }
    }
}

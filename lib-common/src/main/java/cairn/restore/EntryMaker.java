package cairn.restore;

import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.tree.Attributes;
import cairn.tree.Entry;
import java.io.IOException;
import java.util.Arrays;

/** Makes what needs no content from packs: symlinks, devices, fifos and sockets. */
final class EntryMaker {
    private final RestoreContext context;

    EntryMaker(RestoreContext context) {
        this.context = context;
    }

    /** @param existing what has the name now, or null; it is replaced in one step unless it is right */
    void make(DirHandles.Handle dir, Entry entry, Attributes attributes, Stat existing) throws IOException {
        byte[] name = entry.name();
        Tally.Path path = context.path(dir.id, name);
        if (existing != null && isSame(dir, entry, existing)) {
            boolean changed = context.setter.setExisting(new Place.Named(dir.fd, name), entry.type(), attributes, existing, true, path);
            context.tally.done(changed ? RestoreListener.Action.ATTRIBUTES : RestoreListener.Action.UNCHANGED, path);
            return;
        }
        if (existing != null && existing.isDirectory()) {
            makeRoom(context, dir, name);
        }
        byte[] work = existing == null ? name : context.temps.next();
        int mode = attributes.mode() & 0777;
        try {
            switch (entry) {
                case Entry.Symlink link -> Dirs.symlink(link.target(), dir.fd, work);
                case Entry.Special special -> Dirs.mknod(dir.fd, work, special.type().modeBits() | mode, special.major(), special.minor());
                default -> throw new IllegalArgumentException("has content: " + entry.type());
            }
        } catch (PosixException e) {
            if (e.errno() == Errno.EPERM && entry instanceof Entry.Special) {
                context.tally.notSet(Unset.DEVICE, path, e.reason());
                return;
            }
            throw e;
        }
        AttributeSetter.Have have = context.expectedOwner(dir);
        have = have == null ? AttributeSetter.Have.of(new Stat().at(dir.fd, work)) : new AttributeSetter.Have(have.uid(), have.gid(), mode);
        context.setter.setNew(new Place.Named(dir.fd, work), entry.type(), attributes, have, dir.inherits, false, path);
        if (existing != null) {
            rename(dir, work, name);
        }
        context.tally.done(existing == null ? RestoreListener.Action.CREATED : RestoreListener.Action.UPDATED, path);
    }

    /** Lets a finished entry take the place of whatever has its name; not of a directory. */
    static void rename(DirHandles.Handle dir, byte[] work, byte[] name) throws PosixException {
        try {
            Dirs.rename(dir.fd, work, dir.fd, name, 0);
        } catch (PosixException e) {
            if (e.errno() == Errno.EPERM) {
                Removal.unlink(dir.fd, name);
                Dirs.rename(dir.fd, work, dir.fd, name, 0);
                return;
            }
            Dirs.unlink(dir.fd, work);
            throw e;
        }
    }

    /** Removes a directory that stands where something else has to go: an empty one, or any if deleting was asked for. */
    static void makeRoom(RestoreContext context, DirHandles.Handle dir, byte[] name) throws IOException {
        if (context.options.delete()) {
            Removal.remove(dir.fd, name, context.options.kept());
            return;
        }
        try {
            Removal.rmdir(dir.fd, name);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOTEMPTY || e.errno() == Errno.EEXIST) {
                throw new IOException("a folder that is not empty is in its place: remove it, or use --delete");
            }
            throw e;
        }
    }

    static boolean isSame(DirHandles.Handle dir, Entry entry, Stat existing) throws PosixException {
        return existing.type() == entry.type().modeBits() && switch (entry) {
            case Entry.Symlink link -> Arrays.equals(Dirs.readlink(dir.fd, entry.name()), link.target());
            case Entry.Special special -> !existing.isDevice()
                    || existing.rdevMajor() == special.major() && existing.rdevMinor() == special.minor();
            default -> false;
        };
    }
}

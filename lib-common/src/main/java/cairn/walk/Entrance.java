package cairn.walk;

import cairn.posix.DirStream;
import cairn.posix.Errno;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import java.util.function.Consumer;

/** Opens and lists directories for a walk: everything about them that asks the system and tells nobody. */
final class Entrance {
    /**
     * A directory that was opened.
     *
     * @param refusal why its entries, or those that are no sources, are left out; or null
     * @param failure why it could not be listed; or null
     */
    record Arrival(Directory directory, Limits.Refusal refusal, PosixException failure) {}

    /**
     * What is wanted of a directory.
     *
     * @param source whether it is named by itself
     * @param below whether something below it is named
     * @param wanted whether it is wanted itself, or only lies on the way
     * @param whole whether all of its entries are wanted
     * @param closed not to be listed, nor opened for reading
     */
    record Asked(boolean source, boolean below, boolean wanted, boolean whole, boolean closed, PathFilter filter) {}

    private static final byte[] NO_NAME = {};

    private final Limits limits;
    private final Consumer<byte[]> beforeOpen;
    private final Stat stat = new Stat();
    private final DirStream entries = new DirStream(-1);

    Entrance(Limits limits, Consumer<byte[]> beforeOpen) {
        this.limits = limits;
        this.beforeOpen = beforeOpen;
    }

    /** Opens the root of everything. */
    Arrival root(boolean wanted, boolean whole, Place place, PathFilter filter) throws PosixException {
        int fd;
        PosixException unreadable = null;
        try {
            fd = place.openForReading(Open.AT_FDCWD, RawPath.ROOT);
        } catch (PosixException e) {
            unreadable = e;
            fd = place.open(Open.AT_FDCWD, RawPath.ROOT, Open.O_PATH | Open.O_DIRECTORY);
        }
        Stat own = stat.of(fd).copy();
        return list(new Directory(null, NO_NAME, place, own, fd, unreadable != null, !wanted, whole, filter, own.dev()), false,
                null, unreadable);
    }

    /**
     * Opens the directory {@code name}; null if it is not what {@code before} tells any more.
     *
     * @param place where it really is
     * @param before what statx told of it
     * @param asked what is wanted of it
     */
    Arrival enter(Directory in, byte[] name, Place place, Stat before, Asked asked) throws PosixException {
        boolean explicit = asked.source() || !asked.wanted();
        Limits.Refusal refusal = asked.closed() ? null : limits.directory(in, name, place, before, explicit);
        boolean passing = refusal != null && asked.below() && isPassable(refusal.reason());
        Stat own = before.copy();
        beforeOpen.accept(name);
        int fd = -1;
        PosixException unreadable = null;
        if (!asked.closed() && (refusal == null || passing)) {
            try {
                fd = place.openForReading(in.fd, name);
            } catch (PosixException e) {
                if (isSwapped(e)) {
                    return null;
                }
                unreadable = e;
            }
        }
        if (fd < 0) {
            // mounts nothing, and needs no right to read
            try {
                fd = place.open(in.fd, name, Open.O_PATH);
            } catch (PosixException e) {
                if (isSwapped(e)) {
                    return null;
                }
                throw e;
            }
        }
        if (!isStill(fd, own)) {
            return null;
        }
        boolean empty = refusal != null && !passing;
        boolean begins = asked.source() || place.kind() == Place.Kind.MAPPED;
        long sourceDev = begins ? own.dev() : in.sourceDev;
        Directory entered = new Directory(in, name, place, own, fd, empty || asked.closed() || unreadable != null, !asked.wanted(),
                asked.whole() && refusal == null, asked.filter(), sourceDev);
        entered.shut = empty;
        return empty || asked.closed() ? new Arrival(entered, refusal, null) : list(entered, asked.below(), refusal, unreadable);
    }

    /** Whether sources below something that is left out are walked all the same. */
    private static boolean isPassable(LeftOut reason) {
        return reason != LeftOut.LOOP && reason != LeftOut.OWN_REPOSITORY;
    }

    /** Errors that tell that it is no directory any more, or gone. */
    private static boolean isSwapped(PosixException e) {
        return e.errno() == Errno.ELOOP || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ENOENT;
    }

    /** Whether the open file is the directory that was asked for before, whose state it takes over; closes it if not. */
    private boolean isStill(int fd, Stat before) throws PosixException {
        boolean still = false;
        try {
            still = stat.of(fd).sameFile(before) && stat.isDirectory();
        } finally {
            if (!still) {
                Open.close(fd);
            }
        }
        before.set(stat);
        return still;
    }

    private Arrival list(Directory directory, boolean below, Limits.Refusal passing, PosixException unreadable) throws PosixException {
        Limits.Refusal refusal = passing;
        PosixException failure = unreadable;
        if (directory.whole && failure == null && directory.place().kind() != Place.Kind.MADE_UP) {
            try {
                entries.reset(directory.fd);
                directory.names.addAll(entries);
                directory.names.sort();
                refusal = tagged(directory, below);
            } catch (PosixException e) {
                failure = e;
            }
        } else if (!directory.whole && failure != null && failure.isDenied()) {
            // the right to search is enough to pass
            failure = null;
        }
        if (failure != null) {
            directory.setIncomplete();
        }
        if (directory.whole && directory.place().leads()) {
            for (RawPath.Key name : directory.place().node().names()) {
                if (directory.place().of(name.bytes()).leads()) {
                    directory.names.add(name.bytes(), DirStream.DT_UNKNOWN);
                }
            }
            directory.names.sort();
        }
        return new Arrival(directory, refusal, failure);
    }

    /** Of a directory with a tag only the tag is left, or only the sources below. */
    private Limits.Refusal tagged(Directory directory, boolean below) throws PosixException {
        byte[] tag = limits.tag(directory.fd, directory.names);
        if (tag == null) {
            return null;
        }
        directory.names = new NameList();
        if (below) {
            directory.whole = false;
        } else {
            directory.names.add(tag, DirStream.DT_UNKNOWN);
        }
        return new Limits.Refusal(Limits.isCache(tag) ? LeftOut.CACHE : LeftOut.TAGGED, RawString.printable(tag));
    }
}

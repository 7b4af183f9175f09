package cairn.walk;

import cairn.posix.DirStream;
import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Walks source paths depth first, as one tree from the root, in the order of raw names.
 *
 * <p>Every directory is opened by its name below the handle of the directory that it lies in, never through a symlink,
 * and compared with what statx told of the name before: a directory that is swapped for something else meanwhile
 * cannot lead the walk astray, and paths have no limit of length. Only {@link WalkOptions#maxOpen} directories are open
 * at a time; those nearest to the root are closed first and opened again through {@code ..} of the directory that the
 * walk comes back from, or from the root if it was moved, and again compared. A directory that is its own ancestor is
 * not gone into, so that the walk ends; the same directory under two paths is walked under both. Nothing that is not
 * named by a source is mounted by walking.
 *
 * <p>Patterns hold for sources too, the limits of file systems do not: what is named is meant. A source below an
 * excluded directory is excluded with it.
 */
public final class Walk {
    /** How often something may be swapped under the walk before it gives up on it. */
    private static final int ATTEMPTS = 5;

    private final Sources sources;
    private final Upcoming upcoming;
    private final WalkOptions options;
    private final Visitor visitor;
    private final Limits limits;
    private final Entrance entrance;
    private final Handles handles;
    private final Stat stat = new Stat();

    private Walk(Sources sources, WalkOptions options, Visitor visitor, Consumer<byte[]> beforeOpen) throws IOException {
        this.sources = sources;
        upcoming = new Upcoming(sources.wanted());
        this.options = options;
        this.visitor = visitor;
        limits = new Limits(options);
        entrance = new Entrance(limits, beforeOpen);
        handles = new Handles(options.maxOpen());
    }

    /**
     * Walks.
     *
     * @throws IOException only if the root cannot be opened or the visitor throws it
     */
    public static void run(Sources sources, WalkOptions options, Visitor visitor) throws IOException {
        run(sources, options, visitor, name -> {});
    }

    /** For tests: {@code beforeOpen} is called between statx and open of each directory, with its name. */
    static void run(Sources sources, WalkOptions options, Visitor visitor, Consumer<byte[]> beforeOpen)
            throws IOException {
        Sources wanted = options.followOutside() ? OutsideTargets.add(sources, options) : sources;
        new Walk(wanted, options, visitor, beforeOpen).walk();
    }

    private void walk() throws IOException {
        try (handles) {
            Wanted.Item root = upcoming.takeRoot();
            boolean whole = root != null && root.tree();
            boolean filtered = whole || sources.isEntries();
            goInto(entrance.root(root != null, whole, Place.root(sources.mappings()),
                    filtered ? options.filter().at(RawPath.ROOT) : PathFilter.NONE));
            while (!handles.isEmpty()) {
                step(handles.top());
            }
        }
    }

    /** Goes on to what comes first: the next entry of the directory, or the next place that is asked for. */
    private void step(Directory top) throws IOException {
        boolean more = top.next < top.names.size();
        byte[] asked = top.shut ? null : upcoming.nameIn(top);
        if (asked == null) {
            if (more) {
                int index = top.next++;
                visit(top, top.names.name(index), top.names.type(index));
            } else {
                leave(top);
            }
            return;
        }
        byte[] name = more ? top.names.name(top.next) : null;
        int order = name == null ? -1 : Arrays.compareUnsigned(asked, name);
        int type = order < 0 ? DirStream.DT_UNKNOWN : top.names.type(top.next++);
        visit(top, order < 0 ? asked : name, type);
    }

    private void goInto(Entrance.Arrival arrival) throws IOException {
        Directory directory = arrival.directory();
        handles.push(directory);
        upcoming.enter(directory);
        visitor.enterDirectory(directory);
        if (arrival.refusal() != null) {
            visitor.leftOut(directory.path(), arrival.refusal().reason(), arrival.refusal().detail());
        }
        if (arrival.failure() != null) {
            visitor.problem(directory.path(), arrival.failure());
        }
    }

    private void leave(Directory directory) throws IOException {
        visitor.leaveDirectory(directory);
        upcoming.leave(directory);
        PosixException failure = null;
        try {
            handles.pop();
        } catch (PosixException e) {
            failure = e;
        }
        if (failure != null) {
            Directory lost = handles.top();
            lost.next = lost.names.size();
            lost.shut = true;
            lost.setIncomplete();
            visitor.problem(lost.path(), failure);
        }
    }

    private void visit(Directory in, byte[] name, int type) throws IOException {
        Wanted.Item item = upcoming.take(in, name);
        if (!entered(in, name, type, item)) {
            upcoming.skip(in, name);
        }
    }

    /** Whether an entry is a directory that the walk is in now. */
    private boolean entered(Directory in, byte[] name, int type, Wanted.Item item) throws IOException {
        boolean below = upcoming.leadsTo(in, name);
        boolean begins = !in.whole && item != null && item.tree();
        boolean wanted = in.whole || item != null;
        PathFilter filter = begins ? options.filter().at(in.path(name)) : in.filter;
        Place place;
        try {
            place = in.place().of(name);
        } catch (PosixException e) {
            visitor.problem(in.path(name), e);
            return false;
        }
        // before asking for it: what is excluded may be a server that does not answer
        boolean judged = type != DirStream.DT_UNKNOWN && place.kind() == Place.Kind.NAMED;
        if (wanted && judged && isExcluded(in, name, filter, type == DirStream.DT_DIR)) {
            return false;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Entrance.Arrival arrival;
            PosixException failure = look(in, name, place);
            if (failure != null && failure.isNotFound() && place.leads()) {
                place = place.madeUp();
                failure = look(in, name, place);
            }
            if (failure == null && wanted && !(judged && stat.isDirectory() == (type == DirStream.DT_DIR))
                    && isExcluded(in, name, filter, stat.isDirectory())) {
                return false;
            }
            if (failure == null && item != null && item.type() != 0 && item.type() != stat.type()) {
                visitor.changed(in.path(name), item.type(), stat.type());
                return false;
            }
            if (failure == null && !stat.isDirectory()) {
                if (wanted) {
                    file(in, name, begins, item != null);
                    return false;
                }
                failure = new PosixException("enter", name, Errno.ENOTDIR);
            }
            if (failure != null) {
                visitor.problem(in.path(name), failure);
                return false;
            }
            boolean closed = item != null && !item.tree() && (item.closed() || stat.isAutomount());
            try {
                arrival = entrance.enter(in, name, place, stat,
                        new Entrance.Asked(item != null, below, wanted, in.whole || begins, closed, filter));
            } catch (PosixException e) {
                failure = e;
                arrival = null;
            }
            if (failure != null) {
                visitor.problem(in.path(name), failure);
                return false;
            }
            if (arrival != null) {
                goInto(arrival);
                return true;
            }
        }
        visitor.problem(in.path(name), new PosixException("enter", name, Errno.ESTALE));
        return false;
    }

    /** Fills {@link #stat}; returns why it could not. What the visitor throws must not be taken for such a failure. */
    private PosixException look(Directory in, byte[] name, Place place) {
        try {
            place.stat(in, name, stat);
            return null;
        } catch (PosixException e) {
            return e;
        }
    }

    private boolean isExcluded(Directory in, byte[] name, PathFilter filter, boolean directory) throws IOException {
        if (filter == PathFilter.NONE) {
            return false;
        }
        byte[] path = in.path(name);
        if (!filter.excludes(path, directory)) {
            return false;
        }
        visitor.leftOut(path, LeftOut.EXCLUDED, null);
        return true;
    }

    /** @param named by itself, so that the limits of file systems do not hold */
    private void file(Directory in, byte[] name, boolean begins, boolean named) throws IOException {
        Limits.Refusal refusal = null;
        PosixException failure = null;
        try {
            refusal = named && (begins || !in.whole) ? null : limits.file(in, stat);
        } catch (PosixException e) {
            failure = e;
        }
        if (failure != null) {
            visitor.problem(in.path(name), failure);
        } else if (refusal != null) {
            visitor.leftOut(in.path(name), refusal.reason(), refusal.detail());
        } else {
            boolean link = begins && stat.isSymlink() && !options.followOutside();
            String target = link ? unfollowed(in, name) : null;
            visitor.entry(in, name, stat);
            if (target != null) {
                visitor.leftOut(in.path(name), LeftOut.LINK_TARGET, target);
            }
        }
    }

    /** What a source that is a symlink points to, if it exists and is not walked; else null. */
    private String unfollowed(Directory in, byte[] name) {
        try {
            return sources.covers(RealPath.resolve(in.path(name), true).names())
                    ? null : RawString.printable(Dirs.readlink(in.fd, name));
        } catch (PosixException dangling) {
            return null;
        }
    }
}

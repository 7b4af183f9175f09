package cairn.walk;

import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Where a path really leads: component after component by directory handles, so that its length has no limit.
 *
 * @param names the components from the root, none of them a symlink but perhaps the last
 * @param stat what is there
 * @param links the real path of each symlink that was followed on the way, as components
 */
record RealPath(List<byte[]> names, Stat stat, List<List<byte[]>> links) {
    private static final int MAX_LINKS = 40;
    private static final byte[] DOT_DOT = {'.', '.'};
    private static final byte[] EMPTY = {};

    /** The path as bytes. */
    byte[] path() {
        return RawPath.build(true, names.toArray(byte[][]::new));
    }

    /** True if the path asks by its end for what a symlink points to: it ends in a slash, "." or "..". */
    static boolean asksToFollow(byte[] path) {
        int end = path.length;
        int start = end;
        while (start > 0 && path[start - 1] != '/') {
            start--;
        }
        int length = end - start;
        return length == 0 || length <= 2 && path[start] == '.' && path[end - 1] == '.';
    }

    /**
     * Resolves an absolute path.
     *
     * @param followLast whether a symlink at the end is followed too
     * @throws PosixException told of the whole path, if something on the way is missing or may not be passed
     */
    static RealPath resolve(byte[] path, boolean followLast) throws PosixException {
        try {
            return new Resolver(followLast).run(path);
        } catch (PosixException e) {
            throw e.on(path);
        }
    }

    private static final class Resolver {
        private final boolean followLast;
        private final List<byte[]> names = new ArrayList<>();
        private final List<List<byte[]>> links = new ArrayList<>();
        private final Deque<byte[]> pending = new ArrayDeque<>();
        private final Stat stat = new Stat();
        private int fd = -1;

        Resolver(boolean followLast) {
            this.followLast = followLast;
        }

        RealPath run(byte[] path) throws PosixException {
            pending.addAll(List.of(RawPath.split(path)));
            try {
                goTo(openRoot());
                while (!pending.isEmpty()) {
                    step(pending.removeFirst());
                }
                return new RealPath(List.copyOf(names), stat.of(fd), List.copyOf(links));
            } finally {
                goTo(-1);
            }
        }

        private static int openRoot() throws PosixException {
            return Open.openat(Open.AT_FDCWD, RawPath.ROOT, Open.O_PATH | Open.O_DIRECTORY, 0);
        }

        private void goTo(int next) {
            if (fd >= 0) {
                Open.close(fd);
            }
            fd = next;
        }

        private void step(byte[] name) throws PosixException {
            if (name.length == 2 && name[0] == '.' && name[1] == '.') {
                goTo(Open.openat(fd, DOT_DOT, Open.O_PATH | Open.O_DIRECTORY, 0));
                if (!names.isEmpty()) {
                    names.removeLast();
                }
                return;
            }
            boolean last = pending.isEmpty();
            if (!last) {
                try {
                    // asked for as a directory, an automount point on the way is mounted, as the path wants it
                    goTo(Open.openat(fd, name, Open.O_PATH | Open.O_NOFOLLOW | Open.O_DIRECTORY, 0));
                    names.add(name);
                    return;
                } catch (PosixException e) {
                    if (e.errno() != Errno.ENOTDIR) {
                        throw e;
                    }
                }
            }
            int next = Open.openat(fd, name, Open.O_PATH | Open.O_NOFOLLOW, 0);
            boolean follow;
            try {
                follow = stat.of(next).isSymlink() && (!last || followLast);
                if (follow) {
                    follow(name, Dirs.readlink(next, EMPTY));
                } else if (!last && !stat.isDirectory()) {
                    throw new PosixException("open", name, Errno.ENOTDIR);
                }
            } catch (PosixException e) {
                Open.close(next);
                throw e;
            }
            if (follow) {
                Open.close(next);
            } else {
                goTo(next);
                names.add(name);
            }
        }

        private void follow(byte[] name, byte[] target) throws PosixException {
            List<byte[]> link = new ArrayList<>(names);
            link.add(name);
            links.add(link);
            if (links.size() > MAX_LINKS) {
                throw new PosixException("open", name, Errno.ELOOP);
            }
            if (RawPath.isAbsolute(target)) {
                goTo(openRoot());
                names.clear();
            }
            byte[][] parts = RawPath.split(target);
            for (int i = parts.length - 1; i >= 0; i--) {
                pending.addFirst(parts[i]);
            }
        }
    }
}

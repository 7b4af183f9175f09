package cairn.restore;

import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.Inodes;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.restore.RestoreOptions.Kept;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/** Removes what is in the way, or what the backup does not have: by handles, never through a symlink, never into a mount. */
final class Removal {
    private Removal() {
    }

    private static final class Level {
        final byte[] name;
        final byte[][] names;
        final int fd;
        int at;
        /** Something below it stays, so it stays, too. */
        boolean stays;

        Level(byte[] name, byte[][] names, int fd) {
            this.name = name;
            this.names = names;
            this.fd = fd;
        }
    }

    /** Removes a name, and all below it if it is a directory, but for {@code kept}; returns how many entries went. */
    static long remove(int dirfd, byte[] name, Set<Kept> kept) throws IOException {
        Stat stat = new Stat().at(dirfd, name);
        if (!stat.isDirectory()) {
            unlink(dirfd, name);
            return 1;
        }
        if (stat.isMountRoot()) {
            throw new PosixException("remove", name, Errno.EBUSY);
        }
        if (kept.contains(new Kept(stat.dev(), stat.ino()))) {
            return 0;
        }
        long device = stat.dev();
        long removed = 0;
        Deque<Level> levels = new ArrayDeque<>();
        try {
            levels.push(open(dirfd, name));
            while (!levels.isEmpty()) {
                Level level = levels.peek();
                if (level.at == level.names.length) {
                    levels.pop();
                    Open.close(level.fd);
                    if (!level.stays) {
                        rmdir(levels.isEmpty() ? dirfd : levels.peek().fd, level.name);
                        removed++;
                    } else if (!levels.isEmpty()) {
                        levels.peek().stays = true;
                    }
                    continue;
                }
                byte[] next = level.names[level.at++];
                stat.at(level.fd, next);
                if (!stat.isDirectory()) {
                    unlink(level.fd, next);
                    removed++;
                } else if (kept.contains(new Kept(stat.dev(), stat.ino()))) {
                    level.stays = true;
                } else if (stat.dev() != device || stat.isMountRoot()) {
                    throw new PosixException("remove", next, Errno.EBUSY);
                } else {
                    levels.push(open(level.fd, next));
                }
            }
            return removed;
        } finally {
            levels.forEach(level -> Open.close(level.fd));
        }
    }

    private static Level open(int dirfd, byte[] name) throws PosixException {
        int fd = Open.openat(dirfd, name, Open.O_RDONLY | Open.O_DIRECTORY | Open.O_NOFOLLOW, 0);
        try {
            liftFlags(fd);
            return new Level(name, Listing.of(fd).all(), fd);
        } catch (PosixException e) {
            Open.close(fd);
            throw e;
        }
    }

    static void unlink(int dirfd, byte[] name) throws PosixException {
        try {
            Dirs.unlink(dirfd, name);
        } catch (PosixException e) {
            if (e.errno() != Errno.EPERM || !liftFlags(dirfd, name)) {
                throw e;
            }
            Dirs.unlink(dirfd, name);
        }
    }

    static void rmdir(int dirfd, byte[] name) throws PosixException {
        try {
            Dirs.rmdir(dirfd, name);
        } catch (PosixException e) {
            if (e.errno() != Errno.EPERM || !liftFlags(dirfd, name)) {
                throw e;
            }
            Dirs.rmdir(dirfd, name);
        }
    }

    private static boolean liftFlags(int dirfd, byte[] name) {
        try {
            Stat stat = new Stat().at(dirfd, name);
            if (!stat.isRegular() && !stat.isDirectory()) {
                return false;
            }
            int fd = Open.forReading(dirfd, name, 0);
            try {
                return liftFlags(fd);
            } finally {
                Open.close(fd);
            }
        } catch (PosixException e) {
            return false;
        }
    }

    /** Takes away what forbids changes; false if there was nothing or it was refused. */
    private static boolean liftFlags(int fd) {
        try {
            int flags = Inodes.flags(fd);
            if ((flags & AttributeSetter.FORBIDDING) == 0) {
                return false;
            }
            Inodes.setFlags(fd, flags & ~AttributeSetter.FORBIDDING);
            return true;
        } catch (PosixException e) {
            return false;
        }
    }
}

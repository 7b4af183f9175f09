package cairn.snapshot;

import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.Mounts;
import cairn.posix.Mounts.Mount;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import java.util.Arrays;

/**
 * What a path lies on.
 *
 * @param path   absolute, without symlinks
 * @param exists false for a path that is only known inside of the snapshot
 * @param mount  what it lies on; null if it does not exist
 * @param inside the path as the file system itself has it, whatever part of it is mounted where
 * @param dev    of the path
 */
public record Volume(byte[] path, boolean exists, Mount mount, byte[] inside, long dev) {
    private static final byte[] PROC_FD = RawString.encode("/proc/self/fd/");

    /** @throws PosixException if it does not exist or cannot be reached */
    public static Volume of(byte[] path) throws PosixException {
        int fd = Open.openat(Open.AT_FDCWD, path, Open.O_PATH, 0);
        try {
            byte[] real = Dirs.readlink(Open.AT_FDCWD, concat(PROC_FD, RawString.encode(Integer.toString(fd))));
            Stat stat = new Stat().of(fd);
            Mount mount = mount(real, stat);
            byte[] below = real.length == mount.point().length ? new byte[0] : below(real, mount.point());
            return new Volume(real, true, mount, RawPath.join(mount.root(), below), stat.dev());
        } finally {
            Open.close(fd);
        }
    }

    /** A path that need not exist here. */
    static Volume elsewhere(byte[] path) throws PosixException {
        byte[] absolute = RawPath.normaliseLexically(RawPath.absolute(path));
        return new Volume(absolute, false, null, absolute, 0);
    }

    /** What stands behind {@code above} in {@code path}, without a slash in front. */
    static byte[] below(byte[] path, byte[] above) {
        if (!RawPath.isWithin(path, above)) {
            throw new IllegalArgumentException(RawString.printable(path) + " is not within " + RawString.printable(above));
        }
        int from = above.length == 1 ? 1 : Math.min(path.length, above.length + 1);
        return Arrays.copyOfRange(path, from, path.length);
    }

    private static Mount mount(byte[] path, Stat stat) throws PosixException {
        Mount found = null;
        for (Mount mount : Mounts.read()) {
            boolean above = RawPath.isWithin(path, mount.point());
            if (above && mount.id() == stat.mountId()) {
                return mount;
            }
            // later lines cover earlier ones
            if (above && stat.mountId() == 0 && (found == null || mount.point().length >= found.point().length)) {
                found = mount;
            }
        }
        if (found == null) {
            throw new PosixException("find the mount of", path, Errno.ENODEV);
        }
        return found;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}

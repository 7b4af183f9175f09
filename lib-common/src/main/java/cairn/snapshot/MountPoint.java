package cairn.snapshot;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Dirs;
import cairn.posix.Mounts;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The folder at which a snapshot is mounted: one for each, below one that only root may enter, since a mounted volume
 * shows more than the folders above the original path may allow.
 */
final class MountPoint {
    private static final String KEY = "mount-point";
    /** Something may still look around in it for a moment: an indexer, the tail of the command. */
    private static final int[] PAUSES_MILLIS = {100, 400, 1500, 3000};

    private final Tools tools;
    private final byte[] base;

    MountPoint(Tools tools, byte[] base) {
        this.tools = tools;
        this.base = base;
    }

    /** Makes the folder. */
    byte[] make(StateFile state) throws IOException {
        byte[] point = RawPath.join(base, RawString.encode(state.id().hex()));
        Folders.make(base);
        state.put(KEY, point);
        Dirs.mkdir(Open.AT_FDCWD, point, 0700);
        return point;
    }

    void mount(StateFile state, String type, String options, byte[] what) throws IOException {
        tools.run("mount", "-t", type, "-o", options, "--", what, state.get(KEY));
    }

    /** Unmounts it as often as it is mounted, and removes the folder. */
    void remove(StateFile state) throws IOException {
        byte[] point = state.get(KEY);
        if (point == null) {
            return;
        }
        for (int attempt = 0; isMounted(point); attempt++) {
            Tools.Result result = tools.attempt("umount", "--", point);
            if (!result.good() && isMounted(point)) {
                if (attempt >= PAUSES_MILLIS.length) {
                    throw new CairnException(ExitCode.FAILED, "cannot unmount '" + RawString.printable(point) + "'" + result.lastLine(),
                            "end what still uses it, then 'cairn snapshot remove " + state.id().brief() + "'");
                }
                pause(PAUSES_MILLIS[attempt]);
            }
        }
        try {
            Dirs.rmdir(Open.AT_FDCWD, point);
        } catch (PosixException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    static boolean isMounted(byte[] point) throws PosixException {
        for (Mounts.Mount mount : Mounts.read()) {
            if (Arrays.equals(mount.point(), point)) {
                return true;
            }
        }
        return false;
    }
}

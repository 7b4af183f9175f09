package cairn.snapshot;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Attrs;
import cairn.posix.Mounts;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A read-only btrfs snapshot of the subvolume that a path lies in. It is made at the top of the file system, which is
 * mounted for it in a place of its own: so nothing appears in the folders that are saved, unless the top itself is. Then
 * the entry is made after the state that the snapshot shows, and the folder gets back the time that it had; a
 * backup does not see that one was made.
 */
final class Btrfs implements Driver {
    /** Names of snapshots begin with this. */
    static final String PREFIX = ".cairn-snapshot-";
    /** Of the root of every subvolume. */
    private static final long SUBVOLUME_ROOT = 256;
    private static final String DEVICE = "device";
    private static final String LIVE = "live-mount";
    private static final String NAME = "subvolume";

    private final Tools tools;
    private final MountPoint mountPoint;

    Btrfs(Tools tools, MountPoint mountPoint) {
        this.tools = tools;
        this.mountPoint = mountPoint;
    }

    @Override
    public View create(StateFile state, Volume volume, SnapshotRequest request) throws IOException {
        byte[] name = RawString.encode(PREFIX + state.id().hex());
        state.put(DEVICE, volume.mount().source());
        state.put(LIVE, volume.mount().point());
        state.put(NAME, name);
        byte[] top = mountPoint.make(state);
        mountPoint.mount(state, "btrfs", "subvolid=5,noatime", volume.mount().source());
        byte[] inside = subvolume(top, volume.inside());
        byte[] snapshot = RawPath.join(top, name);
        keepingTime(top, () -> tools.run("btrfs", "subvolume", "snapshot", "-r", RawPath.join(top, relative(inside)), snapshot));
        return new View(snapshot, inside, false);
    }

    /** The root of the subvolume that a path lies in: the nearest one above it. */
    private static byte[] subvolume(byte[] top, byte[] inside) throws IOException {
        Stat stat = new Stat();
        for (byte[] path = inside;; path = RawPath.parent(path)) {
            stat.at(Open.AT_FDCWD, path.length == 1 ? top : RawPath.join(top, relative(path)));
            if (stat.isDirectory() && stat.ino() == SUBVOLUME_ROOT) {
                return path;
            }
            if (path.length == 1) {
                throw new CairnException(ExitCode.FAILED, "no subvolume is found for '" + RawString.printable(inside) + "'", null);
            }
        }
    }

    private static byte[] relative(byte[] inside) {
        return Arrays.copyOfRange(inside, 1, inside.length);
    }

    private interface Change {
        void run() throws IOException;
    }

    private static void keepingTime(byte[] folder, Change change) throws IOException {
        Stat before = new Stat().at(Open.AT_FDCWD, folder);
        change.run();
        try {
            Attrs.mtimeat(Open.AT_FDCWD, folder, before.mtime(), before.mtimeNanos());
        } catch (PosixException e) {
            // without it the folder has the time at which an entry really came: no harm, the next backup saves that
        }
    }

    @Override
    public void remove(StateFile state) throws IOException {
        byte[] name = state.get(NAME);
        byte[] top = state.get("mount-point");
        if (name == null || top == null) {
            return;
        }
        if (!MountPoint.isMounted(top)) {
            // after a crash of the machine: its device may have another name now
            Folders.make(top);
            mountPoint.mount(state, "btrfs", "subvolid=5,noatime", device(state));
        }
        byte[] snapshot = RawPath.join(top, name);
        if (new Stat().exists(Open.AT_FDCWD, snapshot)) {
            keepingTime(top, () -> tools.run("btrfs", "subvolume", "delete", snapshot));
        }
        mountPoint.remove(state);
    }

    private static byte[] device(StateFile state) throws PosixException {
        for (Mounts.Mount mount : Mounts.read()) {
            if (mount.type().equals("btrfs") && Arrays.equals(mount.point(), state.get(LIVE))) {
                return mount.source();
            }
        }
        return state.get(DEVICE);
    }

    /** Paths of the live system that are subvolumes of their own below a path, and so in no snapshot of it. */
    List<byte[]> nested(Volume volume) throws IOException {
        List<byte[]> nested = new ArrayList<>();
        Tools.Result list = tools.attempt("btrfs", "subvolume", "list", "-o", volume.path());
        for (String line : list.good() ? list.out().lines().toList() : List.<String>of()) {
            int at = line.indexOf(" path ");
            byte[] inside = at < 0 ? null : line.substring(at + 5).replaceFirst("^ ", "/").getBytes(StandardCharsets.ISO_8859_1);
            boolean own = inside == null || RawString.decode(RawPath.name(inside)).startsWith(PREFIX);
            if (!own && RawPath.isWithin(inside, volume.inside()) && inside.length > volume.inside().length) {
                nested.add(RawPath.join(volume.path(), Volume.below(inside, volume.inside())));
            }
        }
        return nested;
    }
}

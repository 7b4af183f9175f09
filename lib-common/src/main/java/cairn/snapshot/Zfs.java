package cairn.snapshot;

import cairn.posix.RawString;
import java.io.IOException;
import java.util.Arrays;

/** A snapshot of a ZFS dataset, mounted: {@code .zfs/snapshot} would be an automount, which no walk triggers. */
final class Zfs implements Driver {
    private static final String SNAPSHOT = "zfs-snapshot";

    private final Tools tools;
    private final MountPoint mountPoint;

    Zfs(Tools tools, MountPoint mountPoint) {
        this.tools = tools;
        this.mountPoint = mountPoint;
    }

    @Override
    public View create(StateFile state, Volume volume, SnapshotRequest request) throws IOException {
        byte[] dataset = volume.mount().source();
        byte[] name = RawString.encode("@cairn-" + state.id().hex());
        byte[] snapshot = Arrays.copyOf(dataset, dataset.length + name.length);
        System.arraycopy(name, 0, snapshot, dataset.length, name.length);
        state.put(SNAPSHOT, snapshot);
        tools.run("zfs", "snapshot", snapshot);
        byte[] root = mountPoint.make(state);
        mountPoint.mount(state, "zfs", "ro", snapshot);
        return new View(root, new byte[] {'/'}, false);
    }

    @Override
    public void remove(StateFile state) throws IOException {
        mountPoint.remove(state);
        byte[] snapshot = state.get(SNAPSHOT);
        if (snapshot != null && tools.attempt("zfs", "list", "-H", "-t", "snapshot", "-o", "name", snapshot).good()) {
            tools.run("zfs", "destroy", snapshot);
        }
    }
}

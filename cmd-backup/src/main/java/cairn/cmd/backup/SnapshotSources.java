package cairn.cmd.backup;

import cairn.cli.CommandContext;
import cairn.cli.Interrupt;
import cairn.cli.Output;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.snapshot.Snapshot;
import cairn.snapshot.SnapshotRequest;
import cairn.snapshot.Snapshots;
import cairn.snapshot.Volume;
import cairn.walk.Mappings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The snapshots that a backup reads from: one for each volume that a path of the command line lies on. They are removed
 * when this is closed.
 */
final class SnapshotSources implements SnapshotCheck, AutoCloseable {
    /** Where a folder is found. @param snapshot it lies on; live if there is none */
    private record Found(byte[] path, byte[] origin, Snapshot snapshot) {
    }

    private final Output out;
    private final Interrupt.Guard guard;
    private final List<Snapshot> all = new ArrayList<>();
    private final Map<RawPath.Key, Found> folders = new TreeMap<>();

    private SnapshotSources(CommandContext context, Output out) {
        this.out = out;
        // what was begun is removed before a signal ends the program
        guard = context.interrupt().guard(() -> { });
    }

    static SnapshotSources take(CommandContext context, Output out, SnapshotRequest request, List<byte[]> paths) throws IOException {
        Snapshots snapshots = SnapshotOptions.snapshots(context, out);
        SnapshotSources sources = new SnapshotSources(context, out);
        boolean done = false;
        try {
            snapshots.removeStale();
            for (byte[] path : paths) {
                context.interrupt().check();
                sources.take(snapshots, request, folder(path));
            }
            sources.checkNesting();
            done = true;
            return sources;
        } finally {
            if (!done) sources.close();
        }
    }

    private void take(Snapshots snapshots, SnapshotRequest request, byte[] folder) throws IOException {
        if (folders.containsKey(new RawPath.Key(folder))) {
            return;
        }
        Volume volume;
        try {
            volume = snapshots.volume(folder, request);
        } catch (PosixException e) {
            if (!e.isNotFound()) throw e;
            return; // told by the walk, as any path that does not exist
        }
        for (Snapshot other : all) {
            byte[] path = other.pathOf(volume);
            if (path != null) {
                folders.put(new RawPath.Key(folder), new Found(path, volume.path(), other));
                return;
            }
        }
        Snapshot snapshot = snapshots.take(volume, request, false);
        all.add(snapshot);
        folders.put(new RawPath.Key(folder), new Found(snapshot.path(), volume.path(), snapshot));
    }

    /** In a snapshot the folder where another volume is mounted is empty: what is read live there would be missing. */
    private void checkNesting() throws CairnException {
        for (Found live : folders.values()) {
            for (Found frozen : folders.values()) {
                if (live.snapshot().isLive() && !frozen.snapshot().isLive() && RawPath.isWithin(live.origin(), frozen.origin())) {
                    throw new CairnException(ExitCode.FAILED, "'" + RawString.printable(live.origin()) + "' has no snapshot, but lies below '"
                            + RawString.printable(frozen.origin()) + "', which has one", "save the two by backups of their own");
                }
            }
        }
    }

    /** The folder itself, or the one that something else lies in. */
    private static byte[] folder(byte[] path) throws IOException {
        boolean follow = path.length > 0 && path[path.length - 1] == '/';
        byte[] absolute = RawPath.absolute(path);
        try {
            Stat stat = new Stat().at(Open.AT_FDCWD, absolute, follow ? 0 : Stat.AT_SYMLINK_NOFOLLOW);
            return stat.isDirectory() ? absolute : RawPath.parent(absolute);
        } catch (PosixException e) {
            return absolute; // perhaps it exists in the snapshot
        }
    }

    void addTo(Mappings mappings) throws IOException {
        for (Found found : folders.values()) {
            if (!found.snapshot().isLive()) {
                mappings.add(found.path(), found.origin(), found.snapshot().taken());
            }
        }
    }

    /** Where what was named is read. */
    byte[] find(byte[] path) throws IOException {
        byte[] folder = folder(path);
        Found found = folders.get(new RawPath.Key(folder));
        if (found == null || found.snapshot().isLive()) {
            return path;
        }
        byte[] absolute = RawPath.absolute(path);
        return absolute.length == folder.length ? found.path() : RawPath.join(found.path(), RawPath.name(absolute));
    }

    @Override
    public void check() throws IOException {
        for (Snapshot snapshot : all) {
            SnapshotCheck.refuse(snapshot.defect());
        }
    }

    @Override
    public void close() {
        for (Snapshot snapshot : all) {
            try (snapshot) {
                snapshot.remove();
            } catch (IOException e) {
                out.warning("the snapshot " + snapshot.id().brief() + " could not be removed, 'cairn snapshot list --stale' shows it: " + e.getMessage());
            }
        }
        guard.close();
    }
}

package cairn.cmd.backup;

import cairn.archive.ArchiveListener;
import cairn.cli.Output;
import cairn.cli.Text;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** Tells people what an archiver meets, and the progress line what is being read. */
final class Watcher implements ArchiveListener {
    private final Output out;
    private final SnapshotCheck snapshots;
    private final AtomicReference<byte[]> current = new AtomicReference<>();

    Watcher(Output out) {
        this(out, () -> { });
    }

    /** @param snapshots what is read from, to be checked before the backup is made visible */
    Watcher(Output out, SnapshotCheck snapshots) {
        this.out = out;
        this.snapshots = snapshots;
    }

    /** The path that is being read, or null. */
    byte[] current() {
        return current.get();
    }

    @Override
    public void problem(byte[] path, String message) {
        out.warning("'" + Text.printable(path) + "': " + message);
    }

    @Override
    public void leftOut(byte[] path, String reason) {
        out.detail("left out '" + Text.printable(path) + "': " + reason);
    }

    @Override
    public void note(String message) {
        out.message(message);
    }

    @Override
    public void reading(byte[] path) {
        current.lazySet(path);
    }

    @Override
    public void allRead() throws IOException {
        snapshots.check();
    }
}

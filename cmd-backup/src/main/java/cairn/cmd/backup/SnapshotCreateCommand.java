package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.Interrupt;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.snapshot.Snapshot;
import cairn.snapshot.SnapshotRequest;
import cairn.snapshot.Snapshots;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn snapshot create}: makes a snapshot that stays. */
@CommandLine.Command(name = "create", description = {
    "Makes a frozen view of the volume that a path lies on, and prints where the path is found in it (SNAPSHOT=) and its id (ID=)."
        + " It stays until it is removed by 'cairn snapshot remove'.",
    "Where no method fits and none was named, a warning says so and the path itself is printed, with the id 'none'."})
public final class SnapshotCreateCommand extends Command {
    @Option(names = "--method", paramLabel = "METHOD", description = "auto (the default), btrfs, lvm, zfs, dattobd, script or none;"
            + " with ',required' behind it a failure of auto is one of the command")
    private String method = "auto";

    @Mixin
    private SnapshotOptions options = new SnapshotOptions();

    @Parameters(paramLabel = "PATH", description = "a file or folder on the volume")
    private String path;

    @Override
    protected ExitCode run() throws Exception {
        SnapshotRequest request = options.request(method);
        Snapshots snapshots = SnapshotOptions.snapshots(context(), out());
        try (Interrupt.Guard guard = context().interrupt().takeOver(signal -> { })) {
            snapshots.removeStale();
            try (Snapshot snapshot = snapshots.take(snapshots.volume(RawString.encode(path), request), request, true)) {
                boolean done = false;
                try {
                    context().interrupt().check();
                    out().emit(new SnapshotEvent(snapshot));
                    context().stdout().flush();
                    snapshot.keep();
                    done = true;
                } finally {
                    if (!done) snapshot.remove();
                }
            }
        }
        return ExitCode.DONE;
    }
}

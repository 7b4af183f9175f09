package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.Interrupt;
import cairn.cli.UsageException;
import cairn.error.ExitCode;
import cairn.snapshot.SnapshotId;
import cairn.snapshot.Snapshots;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn snapshot remove}: removes snapshots. */
@CommandLine.Command(name = "remove", description = {
    "Removes snapshots. One that was removed before is no error, so that a script may do it twice."})
public final class SnapshotRemoveCommand extends Command {
    /** In place of an id, where there is no snapshot. */
    static final String NONE = "none";

    @Option(names = "--stale", description = "remove what crashed runs left")
    private boolean stale;

    @Parameters(arity = "0..*", paramLabel = "SNAPSHOT", description = "the id, its first digits, or the path that was printed as SNAPSHOT=")
    private List<String> names = List.of();

    @Override
    protected ExitCode run() throws Exception {
        if (names.isEmpty() && !stale) {
            throw new UsageException("nothing to remove: name a snapshot, or give --stale");
        }
        for (String name : names) {
            if (!name.startsWith("/") && !SnapshotId.isStart(name) && !name.equals(NONE)) {
                throw new UsageException("'" + name + "' is neither the id of a snapshot nor its path");
            }
        }
        Snapshots snapshots = SnapshotOptions.snapshots(context(), out());
        boolean left = false;
        try (Interrupt.Guard guard = context().interrupt().takeOver(signal -> { })) {
            if (stale) {
                int removed = snapshots.removeStale();
                out().message(removed == 0 ? "nothing was left" : removed == 1 ? "removed 1 snapshot" : "removed " + removed + " snapshots");
                left = snapshots.list().stream().anyMatch(info -> info.stale());
            }
            for (String name : names) {
                if (!name.equals(NONE) && snapshots.remove(name) == 0) {
                    out().message("there is no snapshot '" + name + "': nothing to remove");
                }
            }
        }
        return left ? ExitCode.FAILED : ExitCode.DONE;
    }
}

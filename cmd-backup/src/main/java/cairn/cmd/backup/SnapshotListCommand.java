package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.ListOptions;
import cairn.error.ExitCode;
import cairn.snapshot.SnapshotInfo;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn snapshot list}: shows the snapshots that Cairn made on this machine. */
@CommandLine.Command(name = "list", description = {
    "Shows the snapshots that Cairn made on this machine and that still exist.",
    "A snapshot is 'in use' while the command that made it runs, 'kept' if it was made by 'cairn snapshot create', and 'stale'"
        + " if its command crashed. The next 'cairn snapshot run' or 'create', or 'cairn snapshot remove --stale', removes stale ones."})
public final class SnapshotListCommand extends Command {
    @Mixin
    private ListOptions list = new ListOptions();

    @Option(names = "--stale", description = "only what crashed runs left")
    private boolean stale;

    @Override
    protected boolean nullTerminated() {
        return list.nullTerminated();
    }

    @Override
    protected ExitCode run() throws Exception {
        for (SnapshotInfo info : SnapshotOptions.snapshots(context(), out()).list()) {
            if (!stale || info.stale()) {
                out().emit(new Row(info));
            }
        }
        return ExitCode.DONE;
    }

    private record Row(SnapshotInfo info) implements Event {
        @Override
        public String type() {
            return "snapshot";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("id", info.id().hex()).field("method", method()).field("origin", info.origin()).field("path", info.path())
                    .field("taken", info.taken()).field("state", state());
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(info.id().brief()).text("  ");
            if (info.taken() == null) {
                line.left("?", 19);
            } else {
                line.time(info.taken());
            }
            line.text("  ").left(method() == null ? "?" : method(), 8).left(state(), 8).name(info.origin() == null ? new byte[] {'?'} : info.origin());
            if (info.path() != null) {
                line.text(" -> ").name(info.path());
            }
            line.end();
        }

        private String method() {
            return info.method() == null ? null : info.method().word();
        }

        private String state() {
            return info.inUse() ? "in use" : info.kept() ? "kept" : "stale";
        }
    }
}

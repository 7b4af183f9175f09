package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.RepoOptions;
import cairn.cli.UsageException;
import cairn.error.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cairn receive}: takes what {@code send} gives. */
@CommandLine.Command(name = "receive", description = "Takes backups from elsewhere into a repository.")
public final class ReceiveCommand extends Command {
    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private StdioOptions stdio = new StdioOptions();

    @Override
    protected ExitCode run() throws Exception {
        if (!stdio.stdio()) {
            throw new UsageException("--stdio is missing");
        }
        return new StdioServer(context(), out(), repo, stdio).run();
    }
}

package cairn.cli;

import picocli.CommandLine.Option;

/** For commands that change something. */
public final class DryRunOption implements HelpSection {
    @Option(names = {"-n", "--dry-run"}, description = "change nothing, show what would be done")
    private boolean dryRun;

    @Override
    public String heading() {
        return "options";
    }

    public boolean dryRun() {
        return dryRun;
    }
}

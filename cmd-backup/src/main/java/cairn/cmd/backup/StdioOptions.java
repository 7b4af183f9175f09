package cairn.cmd.backup;

import cairn.cli.HelpSection;
import picocli.CommandLine.Option;

/** How to serve the other side of a conversation. */
public final class StdioOptions implements HelpSection {
    @Option(names = "--stdio", description = "talk with 'send --to' or -r ssh:// through standard input and output")
    private boolean stdio;

    @Option(names = "--new", description = "with --stdio: let the other side make a new repository")
    private boolean fresh;

    @Override
    public String heading() {
        return "conversation";
    }

    boolean stdio() {
        return stdio;
    }

    boolean fresh() {
        return fresh;
    }
}

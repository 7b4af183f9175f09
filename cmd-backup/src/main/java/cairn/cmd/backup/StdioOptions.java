package cairn.cmd.backup;

import cairn.cli.HelpSection;
import cairn.cli.UsageException;
import picocli.CommandLine.Option;

/** How to serve the other side of a conversation. */
public final class StdioOptions implements HelpSection {
    @Option(names = "--stdio", description = "talk with 'send --to' or -r ssh:// through standard input and output")
    private boolean stdio;

    @Option(names = "--new", description = "with --stdio: let the other side make a new repository")
    private boolean fresh;

    @Option(names = "--client", paramLabel = "NAME",
            description = "with --stdio and --append-only: serve the access key of this name only; it sees its own backups and nothing of others")
    private String client;

    @Option(names = "--append-only", description = "with --client: backups may be added, and nothing else")
    private boolean appendOnly;

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

    /** The access key that is served, or null for any. */
    String client() {
        return client;
    }

    void check() throws UsageException {
        if (client != null != appendOnly) throw new UsageException("--client and --append-only go together");
        if (!stdio && (fresh || client != null)) throw new UsageException("--new, --client and --append-only go with --stdio");
        if (fresh && client != null) throw new UsageException("a client may not make a new repository");
    }
}

package cairn.cmd.backup;

import cairn.cli.HelpSection;
import cairn.cli.RepoOptions;
import cairn.cli.UsageException;
import picocli.CommandLine.Option;

/** The second repository of a command, and how to open it. */
final class ToOptions implements HelpSection {
    @Option(names = "--to", paramLabel = "REPO", description = "the repository to copy to: a folder or ssh://[user@]host/path")
    private String to;

    @Option(names = "--to-password-file", paramLabel = "FILE",
            description = "read its password from the first line of a file; else $CAIRN_TO_PASSWORD, else you are asked")
    private String passwordFile;

    @Option(names = "--to-password-command", paramLabel = "COMMAND", description = "read its password from the first line that a shell command prints")
    private String passwordCommand;

    @Option(names = "--to-key-file", paramLabel = "FILE", description = "open it with this key file instead of a password")
    private String keyFile;

    @Option(names = "--to-key", paramLabel = "NAME", description = "use its access key of this name; else the one that opens")
    private String key;

    @Override
    public String heading() {
        return "repository to copy to";
    }

    /** As the options of a command with one repository. @param first those of the other one: ssh is called alike for both */
    RepoOptions repository(RepoOptions first) throws UsageException {
        if (to == null) {
            throw new UsageException("say where to copy to: --to REPO");
        }
        return first.to(to, passwordFile, passwordCommand, keyFile, key);
    }
}

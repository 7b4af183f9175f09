package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Which repository, and how to open it. */
public final class RepoOptions implements HelpSection {
    @Option(names = {"-r", "--repo"}, paramLabel = "REPO",
            description = "the repository: a folder or ssh://[user@]host/path; else $CAIRN_REPO, else your default one"
                    + " ($XDG_DATA_HOME/cairn/default)")
    private String repo;

    @Option(names = "--password-file", paramLabel = "FILE",
            description = "read the password from the first line of a file; else $CAIRN_PASSWORD, else you are asked")
    private String passwordFile;

    @Option(names = "--password-command", paramLabel = "COMMAND",
            description = "read the password from the first line that a shell command prints")
    private String passwordCommand;

    @Option(names = "--key-file", paramLabel = "FILE", description = "open with this key file instead of a password")
    private String keyFile;

    @Option(names = "--key", paramLabel = "NAME", description = "use the access key of this name; else the one that opens")
    private String key;

    @Override
    public String heading() {
        return "repository";
    }

    /** The repository that is meant. */
    public RepoLocation location(CommandContext context) throws CairnException {
        if (repo != null) return new RepoLocation(checked(repo, "--repo"), RepoLocation.Origin.OPTION);
        String variable = context.env("CAIRN_REPO");
        if (variable != null) return new RepoLocation(variable, RepoLocation.Origin.ENVIRONMENT);
        return new RepoLocation(dataHome(context) + "/cairn/default", RepoLocation.Origin.DEFAULT);
    }

    /** The key file given, as raw bytes, or null. */
    public byte[] keyFile() {
        return keyFile == null ? null : RawString.encode(keyFile);
    }

    /** The name of the access key to use, or null for any that opens. */
    public String keyName() {
        return key;
    }

    /** Whether a password was given in some way other than by asking for it. */
    public boolean hasPassword(CommandContext context) {
        return passwordFile != null || passwordCommand != null || context.env("CAIRN_PASSWORD") != null;
    }

    /**
     * The password: from {@code --password-file}, {@code --password-command}, {@code CAIRN_PASSWORD} or the terminal.
     *
     * @param prompt what to ask, for example {@code password of access key 'me': }
     * @return raw bytes, to be overwritten after use
     * @throws CairnException if there is none and nobody to ask
     */
    public byte[] password(CommandContext context, String prompt) throws IOException {
        if (passwordFile != null) return Passwords.fromFile(context, passwordFile);
        if (passwordCommand != null) return Passwords.fromCommand(context, passwordCommand);
        String variable = context.env("CAIRN_PASSWORD");
        if (variable != null) return RawString.encode(variable);
        byte[] typed = context.terminal().askSecret(prompt);
        if (typed != null) return typed;
        throw new CairnException(ExitCode.WRONG_PASSWORD, "no password given, and no terminal to ask on",
                "set CAIRN_PASSWORD, or use --password-file, --password-command or --key-file");
    }

    private static String checked(String value, String option) throws UsageException {
        if (value.isEmpty()) throw new UsageException(option + " is empty");
        return value;
    }

    private static String dataHome(CommandContext context) throws CairnException {
        String data = context.env("XDG_DATA_HOME");
        if (data != null && data.startsWith("/")) return data;
        String home = context.env("HOME");
        if (home != null && home.startsWith("/")) return home + "/.local/share";
        throw new CairnException(ExitCode.NO_REPOSITORY, "no repository given, and no home folder to look for the default one",
                "use -r REPO or set CAIRN_REPO");
    }
}

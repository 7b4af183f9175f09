package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.remote.Throttle;
import java.io.IOException;
import picocli.CommandLine.Mixin;
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

    @Option(names = "--ssh", paramLabel = "COMMAND",
            description = "reach ssh:// repositories by this shell command and its options: 'ssh -i KEY'; else $CAIRN_SSH, else ssh")
    private String ssh;

    @Option(names = "--remote-program", paramLabel = "PROGRAM",
            description = "the name of cairn on the host of an ssh:// repository; else $CAIRN_REMOTE_PROGRAM, else cairn")
    private String remoteProgram;

    @Mixin
    private LimitOption limit = new LimitOption();

    private String to;
    private String passwordVariable = "CAIRN_PASSWORD";
    private String optionPrefix = "--";
    private CacheOptions cache = new CacheOptions();
    private boolean recordsOnly;

    @Override
    public String heading() {
        return "repository";
    }

    /** Means the repository that a shell command talks about, and no other. */
    public RepoOptions to(String command) {
        to = command;
        return this;
    }

    /** The options of the repository that the same command writes to ({@code --to-...}), which is reached in the same way. */
    public RepoOptions to(String itsRepo, String itsPasswordFile, String itsPasswordCommand, String itsKeyFile, String itsKey) {
        RepoOptions other = new RepoOptions();
        other.repo = itsRepo;
        other.passwordFile = itsPasswordFile;
        other.passwordCommand = itsPasswordCommand;
        other.keyFile = itsKeyFile;
        other.key = itsKey;
        other.passwordVariable = "CAIRN_TO_PASSWORD";
        other.optionPrefix = "--to-";
        other.ssh = ssh;
        other.remoteProgram = remoteProgram;
        other.cache = cache;
        other.limit = limit;
        return other;
    }

    /** The repository that is meant. */
    public RepoLocation location(CommandContext context) throws CairnException {
        if (to != null) return new RepoLocation(to, RepoLocation.Origin.COMMAND);
        if (repo != null) return new RepoLocation(checked(repo, "--repo"), RepoLocation.Origin.OPTION);
        String variable = context.env("CAIRN_REPO");
        if (variable != null) return new RepoLocation(variable, RepoLocation.Origin.ENVIRONMENT);
        return defaultLocation(context);
    }

    private static RepoLocation defaultLocation(CommandContext context) throws CairnException {
        try {
            return new RepoLocation(RawString.decode(UserFolders.data(context)) + "/default", RepoLocation.Origin.DEFAULT);
        } catch (CairnException e) {
            throw new CairnException(ExitCode.NO_REPOSITORY, "no repository given, and no home folder to look for the default one",
                    "use -r REPO or set CAIRN_REPO", e);
        }
    }

    /** The key file given, as raw bytes, or null. */
    public byte[] keyFile() {
        return keyFile == null ? null : RawString.encode(keyFile);
    }

    /** The name of the access key to use, or null for any that opens. */
    public String keyName() {
        return key;
    }

    /** Whether an option names a password: stronger than the key file of the default repository, which a variable is not. */
    public boolean namesPassword() {
        return passwordFile != null || passwordCommand != null;
    }

    /** Whether a password was given in some way other than by asking for it. */
    public boolean hasPassword(CommandContext context) {
        return namesPassword() || context.env(passwordVariable) != null;
    }

    /**
     * The password: from {@code --password-file}, {@code --password-command}, {@code CAIRN_PASSWORD} or the terminal.
     *
     * @param prompt what to ask, for example {@code password of access key 'me': }
     * @return raw bytes, to be overwritten after use
     * @throws CairnException if there is none and nobody to ask
     */
    public byte[] password(CommandContext context, String prompt) throws IOException {
        byte[] given = givenPassword(context, passwordFile, passwordCommand, passwordVariable);
        if (given != null) return given;
        byte[] typed = context.terminal().askSecret(prompt);
        if (typed != null) return typed;
        throw new CairnException(ExitCode.WRONG_PASSWORD, "no password given, and no terminal to ask on",
                "set " + passwordVariable + ", or use " + optionPrefix + "password-file, " + optionPrefix + "password-command or " + optionPrefix + "key-file");
    }

    /** Lets a far repository use the cache that these options mean; without, it is the usual one. */
    public RepoOptions with(CacheOptions options) {
        cache = options;
        return this;
    }

    CacheOptions cache() {
        return cache;
    }

    /** Says that the command reads the records of backups, and nothing that they lead to. */
    public RepoOptions recordsOnly() {
        recordsOnly = true;
        return this;
    }

    /** Whether trees or content will be read, which the index leads to. */
    boolean wantsTrees() {
        return !recordsOnly;
    }

    /** What holds up all that this command moves, by {@code --limit}: between it and repositories elsewhere, and streams. */
    public Throttle throttle(Output out) throws CairnException {
        return limit.throttle(out::warning);
    }

    /** @throws UsageException if there is a limit and nothing that it holds up, for all that was opened so far */
    public void requireUseOfLimit() throws UsageException {
        if (limit.isIdle()) {
            throw new UsageException("--limit is for what goes to and comes from elsewhere, and this repository is a folder here");
        }
    }

    /** The shell's words that ssh is called by. */
    String ssh(CommandContext context, String usual) {
        return ssh != null ? ssh : context.env("CAIRN_SSH") != null ? context.env("CAIRN_SSH") : usual;
    }

    String remoteProgram(CommandContext context) {
        String variable = context.env("CAIRN_REMOTE_PROGRAM");
        return remoteProgram != null ? remoteProgram : variable != null ? variable : "cairn";
    }

    private static String checked(String value, String option) throws UsageException {
        if (value.isEmpty()) throw new UsageException(option + " is empty");
        return value;
    }

    /**
     * A password from one of the ways in which options and environment give one.
     *
     * @return raw bytes, or null if none of them does
     */
    public static byte[] givenPassword(CommandContext context, String file, String command, String variable) throws IOException {
        if (file != null) return Passwords.fromFile(context, file);
        if (command != null) return Passwords.fromCommand(context, command);
        String value = context.env(variable);
        return value == null ? null : RawString.encode(value);
    }
}

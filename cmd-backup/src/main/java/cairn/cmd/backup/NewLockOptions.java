package cairn.cmd.backup;

import cairn.cli.CommandContext;
import cairn.cli.HelpSection;
import cairn.cli.NewSecret;
import cairn.cli.RepoOptions;
import cairn.cli.UsageException;
import cairn.posix.RawString;
import java.io.IOException;
import picocli.CommandLine.Option;

/** How a new access key is to be locked. */
final class NewLockOptions implements HelpSection {
    @Option(names = "--new-password-file", paramLabel = "FILE",
            description = "lock the new key by the password in the first line of a file; else $CAIRN_NEW_PASSWORD, else you are asked")
    private String passwordFile;

    @Option(names = "--new-password-command", paramLabel = "COMMAND", description = "lock the new key by the first line that a shell command prints")
    private String passwordCommand;

    @Option(names = "--new-key-file", paramLabel = "FILE", description = "lock the new key by a key file instead, which is made")
    private String keyFile;

    @Override
    public String heading() {
        return "the new key";
    }

    /** Whether any of the options was given. */
    boolean given() {
        return keyFile != null || passwordFile != null || passwordCommand != null;
    }

    /** Where the key file is to be made, or null for a password. */
    byte[] keyFile() throws UsageException {
        if (keyFile != null && (passwordFile != null || passwordCommand != null)) {
            throw new UsageException("a key is locked by a password or by a key file, not by both");
        }
        return keyFile == null ? null : RawString.encode(keyFile);
    }

    /** The new password, to be wiped. */
    byte[] password(CommandContext context) throws IOException {
        byte[] given = RepoOptions.givenPassword(context, passwordFile, passwordCommand, "CAIRN_NEW_PASSWORD");
        return given != null ? given : NewSecret.ask(context, "password of the new key",
                "set CAIRN_NEW_PASSWORD, or use --new-password-file, --new-password-command or --new-key-file");
    }
}

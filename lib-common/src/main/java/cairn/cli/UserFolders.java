package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;

/** Where a user's files of each kind lie, by the XDG base directory specification. */
final class UserFolders {
    private UserFolders() {}

    /** {@code $XDG_CONFIG_HOME/cairn}: key files. */
    static byte[] config(CommandContext context) throws CairnException {
        return folder(context, "XDG_CONFIG_HOME", "/.config");
    }

    /** {@code $XDG_STATE_HOME/cairn}: what the program remembers of what was done. */
    static byte[] state(CommandContext context) throws CairnException {
        return folder(context, "XDG_STATE_HOME", "/.local/state");
    }

    /** {@code $XDG_DATA_HOME/cairn}: the default repository. */
    static byte[] data(CommandContext context) throws CairnException {
        return folder(context, "XDG_DATA_HOME", "/.local/share");
    }

    /** {@code $XDG_CACHE_HOME/cairn}. */
    static byte[] cache(CommandContext context) throws CairnException {
        return folder(context, "XDG_CACHE_HOME", "/.cache");
    }

    /** A variable that holds no absolute path is ignored, as the specification says. */
    private static byte[] folder(CommandContext context, String variable, String belowHome) throws CairnException {
        String base = context.env(variable);
        if (base == null || !base.startsWith("/")) {
            String home = context.env("HOME");
            if (home == null || !home.startsWith("/")) {
                throw new CairnException(ExitCode.FAILED, "neither HOME nor " + variable + " names a folder", "set one of them");
            }
            base = home + belowHome;
        }
        return RawString.encode(base + "/cairn");
    }
}

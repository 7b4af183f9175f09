package cairn.cli;

import cairn.error.CairnException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Sys;

/**
 * Where snapshots are kept in mind and mounted. Those of root concern the whole machine, whoever's shell made them: they
 * are not in a home. {@code XDG_STATE_HOME} counts for root too, where it is set.
 */
public final class SnapshotFolders {
    private SnapshotFolders() {}

    /** What is known of them. */
    public static byte[] state(CommandContext context) throws CairnException {
        byte[] folder = Sys.euid() == 0 && context.env("XDG_STATE_HOME") == null ? RawString.encode("/var/lib/cairn") : UserFolders.state(context);
        return RawPath.join(folder, RawString.encode("snapshots"));
    }

    /** Below which they are mounted. */
    public static byte[] mounts(CommandContext context) throws CairnException {
        return Sys.euid() == 0 ? RawString.encode("/run/cairn/snapshots") : RawPath.join(state(context), RawString.encode("mounts"));
    }
}

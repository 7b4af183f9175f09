package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Sys;

/** The name of this machine, as backups of it carry it. */
public final class ThisHost {
    private ThisHost() {}

    public static String name() throws CairnException {
        try {
            return RawString.decode(Sys.hostname());
        } catch (PosixException e) {
            throw new CairnException(ExitCode.FAILED, "cannot find out this machine's name: " + e.reason(), "give one with --host", e);
        }
    }
}

package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** The command was called wrongly; the remedy is filled in by the dispatcher, which knows the command. */
public final class UsageException extends CairnException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(ExitCode.USAGE, message, null);
    }
}

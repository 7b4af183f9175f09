package cairn.remote;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** A conversation broke off: the same may succeed if it is begun again. */
public final class LostException extends CairnException {
    private static final long serialVersionUID = 1;

    public LostException(ExitCode exitCode, String message, String remedy, Throwable cause) {
        super(exitCode, message, remedy, cause);
    }
}

package cairn.error;

import java.io.IOException;

/**
 * An error that a user can do something about. The message is one line in lower case without a full stop: what
 * failed and on what; {@link #remedy()} says what to do. It knows its own exit status, so that help, man page and
 * code cannot drift apart. Anything else that is thrown is a bug or the machine's own {@link IOException}.
 */
public class CairnException extends IOException {
    private final ExitCode exitCode;
    private final String remedy;

    public CairnException(ExitCode exitCode, String message, String remedy) {
        this(exitCode, message, remedy, null);
    }

    /** @param remedy what the user can do, or null if nothing better than the message is known */
    public CairnException(ExitCode exitCode, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.remedy = remedy;
    }

    public final ExitCode exitCode() {
        return exitCode;
    }

    /** What the user can do about it, or null. */
    public final String remedy() {
        return remedy;
    }
}

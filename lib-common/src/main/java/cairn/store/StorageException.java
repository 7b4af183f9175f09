package cairn.store;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** A call to a storage that failed. */
public class StorageException extends CairnException {
    public StorageException(ExitCode exitCode, String message, String remedy, Throwable cause) {
        super(exitCode, message, remedy, cause);
    }

    public StorageException(String message, String remedy, Throwable cause) {
        this(ExitCode.FAILED, message, remedy, cause);
    }
}

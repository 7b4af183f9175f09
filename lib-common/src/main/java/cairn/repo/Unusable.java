package cairn.repo;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ForeignFileException;
import cairn.format.TooNewException;
import cairn.store.NotStoredException;

/**
 * Tells a stored file that cannot be used, where another copy or the next file may do, from a storage that fails: a broken
 * connection or a missing right says nothing of the file, and who took it for damage would go on as if the file were gone.
 */
public final class Unusable {
    private Unusable() {
    }

    /** Throws what is no matter of the file: it is not gone, damaged, of a bad sector, of another repository or too new. */
    public static void orThrow(CairnException e) throws CairnException {
        if (e.exitCode() != ExitCode.DAMAGED && !(e instanceof NotStoredException) && !(e instanceof ForeignFileException)
                && !(e instanceof TooNewException)) {
            throw e;
        }
    }
}

package cairn.tar;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** What came in is no tar archive, or not a whole one. Whatever wrote it failed, so that is the exit status. */
public final class TarException extends CairnException {
    private final boolean endedEarly;

    TarException(String message, String remedy, boolean endedEarly) {
        super(ExitCode.PRODUCER_FAILED, message, remedy);
        this.endedEarly = endedEarly;
    }

    /** Whether the input ended before the archive did: then its producer may know more of why. */
    public boolean endedEarly() {
        return endedEarly;
    }
}

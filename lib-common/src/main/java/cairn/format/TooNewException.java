package cairn.format;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** A file was written by a later version of the format; nothing is wrong with it. */
public final class TooNewException extends CairnException {
    public TooNewException(String what, int version, int known) {
        super(ExitCode.FAILED, what + " is of format version " + version + ", this program knows versions up to " + known,
                "use a newer cairn");
    }
}

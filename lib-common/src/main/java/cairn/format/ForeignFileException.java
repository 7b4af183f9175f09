package cairn.format;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** A file is whole, but not one of Cairn's, of another kind, or of another repository. */
public final class ForeignFileException extends CairnException {
    public ForeignFileException(String what, String why) {
        super(ExitCode.FAILED, what + " does not belong here: " + why, "move it away; cairn never writes such a file");
    }
}

package cairn.stream;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** A stream is not what a sender wrote: cut off, altered, out of order or made up. */
public final class StreamException extends CairnException {
    private static final long serialVersionUID = 1;

    /** @param how continues the sentence, as in "is cut off after 100 bytes" */
    public StreamException(String what, String how) {
        this(what, how, null);
    }

    public StreamException(String what, String how, Throwable cause) {
        super(ExitCode.FAILED, what + " " + how, "no backup was made of it; send it again", cause);
    }
}

package cairn.format;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** A file or blob of the repository is not what was written: cut off, altered or forged. It names which one. */
public final class DamagedException extends CairnException {
    private final String what;

    /** @param how continues the sentence, as in "is cut off after 100 bytes" */
    public DamagedException(String what, String how) {
        this(what, how, null);
    }

    public DamagedException(String what, String how, Throwable cause) {
        super(ExitCode.DAMAGED, what + " is damaged: it " + how, "run 'cairn verify' to see which backups are hit", cause);
        this.what = what;
    }

    /** The file or blob that is damaged. */
    public String what() {
        return what;
    }
}

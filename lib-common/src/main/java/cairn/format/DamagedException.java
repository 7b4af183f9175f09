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
        super(ExitCode.DAMAGED, what + " is damaged: it " + how, hint(what), cause);
        this.what = what;
    }

    /** Without keys nothing can be opened, so that no command can tell more. */
    private static String hint(String what) {
        return what.startsWith("key") && what.contains("/")
                ? "put back a copy of this file, or open the repository with another access key (--key) or a paper key (--key-file)"
                : "run 'cairn verify' to see which backups are hit";
    }

    /** The file or blob that is damaged. */
    public String what() {
        return what;
    }
}

package cairn.walk;

import cairn.posix.PosixException;

/** In which words people are told that an entry could not be saved. */
public final class Unsaved {
    private Unsaved() {
    }

    /** What the system refused, or that there is nothing any more. */
    public static String why(PosixException error) {
        return why(error, error.operation());
    }

    /** @param tried what could not be done to the entry, as a verb */
    public static String why(PosixException error, String tried) {
        return error.isNotFound() ? "vanished before it could be read" : "cannot " + tried + " it: " + error.reason();
    }
}

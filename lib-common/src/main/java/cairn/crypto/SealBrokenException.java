package cairn.crypto;

/** Something sealed does not open: another key, or altered since. */
public final class SealBrokenException extends Exception {
    private static final long serialVersionUID = 1;

    public SealBrokenException(Throwable cause) {
        super("broken seal", cause);
    }
}

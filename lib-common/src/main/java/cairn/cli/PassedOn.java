package cairn.cli;

/** Ends a command with the exit status of another one that it ran for the user. Nothing more is said. */
public final class PassedOn extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status 0 to 255 */
    public PassedOn(int status) {
        super("status " + status, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}

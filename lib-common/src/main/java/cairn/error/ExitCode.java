package cairn.error;

/**
 * Every exit status of every command, in one place; described for users in {@code cairn-exit-codes(7)}.
 * When several apply, the one that is declared on the error that ended the command wins.
 */
public enum ExitCode {
    DONE(0, "done"),
    FAILED(1, "failed"),
    USAGE(2, "wrong usage"),
    INCOMPLETE(3, "done, but some source entries could not be read or set"),
    DAMAGED(4, "verification found damage"),
    PRODUCER_FAILED(5, "the producing command failed"),
    NO_REPOSITORY(10, "no such repository"),
    REFUSED(11, "refused by the rights of the key"),
    WRONG_PASSWORD(12, "wrong password"),
    OTHERS_WRITING(13, "refused because others are writing"),
    NO_DAEMON(14, "no daemon"),
    JOB_FAILED(15, "the job failed"),
    INTERRUPTED(130, "interrupted"),
    /** As a shell sees a tool that SIGPIPE ended; nothing is printed. */
    CLOSED_PIPE(141, "the reader of its output closed the pipe");

    private final int status;
    private final String meaning;

    ExitCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** The process exit status, 0 to 255. */
    public int status() {
        return status;
    }

    /** What the status means, in a few words. */
    public String meaning() {
        return meaning;
    }
}

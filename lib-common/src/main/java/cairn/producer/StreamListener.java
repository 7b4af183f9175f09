package cairn.producer;

/** Hears what streams and their commands do. */
public interface StreamListener {
    /** A line that a command said on standard error; by another thread. */
    void said(String line);

    /**
     * A stream has ended.
     *
     * @param bytes that came
     * @param status of the command, as a shell has it; 0 for standard input
     */
    void ended(StreamSource source, long bytes, int status);

    /** Something odd that is no failure. */
    void warning(String message);
}

package cairn.store;

import java.io.IOException;

/** A file on its way: whoever wrote it went on before it was known to be durable. */
@FunctionalInterface
public interface Pending {
    /** A file that is there. */
    Pending DONE = () -> { };

    /**
     * Waits until the file is visible and durable; at every call with the same outcome.
     *
     * @throws IOException as {@link StoredWriter#publish} would have
     */
    void await() throws IOException;
}

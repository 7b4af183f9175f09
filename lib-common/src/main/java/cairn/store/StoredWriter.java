package cairn.store;

import java.io.Closeable;
import java.io.IOException;

/** A file on its way into a {@link Storage}. Not seen by anybody before {@link #publish}. For one thread at a time. */
public interface StoredWriter extends Closeable {

    /** Appends bytes. */
    void write(byte[] bytes, int start, int length) throws IOException;

    /** How many bytes were written so far. */
    long length();

    /**
     * Makes the file visible under {@code name} and durable, in one step.
     *
     * @param name below the folder that was given to {@link Storage#begin}
     * @throws AlreadyStoredException if there is a file of this name; it is durable then, too
     */
    void publish(String name) throws IOException;

    /**
     * As {@link #publish}, but it may return before the file is visible and durable. It becomes visible only when another
     * one is durable, and not at all if that failed.
     *
     * @param first a file that was written to the same storage
     */
    default Pending publishAfter(Pending first, String name) throws IOException {
        first.await();
        publish(name);
        return Pending.DONE;
    }

    /** Drops the file, unless it was published. */
    @Override
    void close() throws IOException;
}

package cairn.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a conversation runs over, such as a process that was started. */
public interface Link {
    InputStream in();

    OutputStream out();

    /** For messages: where the other end is. */
    String location();

    /**
     * Why the conversation ended before its time.
     *
     * @param cause what was seen of it here, or null if the other side just ended
     */
    IOException lost(IOException cause);

    /** Ends it; after this nobody is left behind. */
    void close() throws IOException;

    /** Ends it for who has changed nothing there and wants nothing more: what the other side does then is not waited for. */
    default void leave() throws IOException {
        close();
    }
}

package cairn.query;

import cairn.tree.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** Writes entries into an archive of another program. */
public interface ArchiveWriter extends Closeable {
    /** Names of users and groups, as the backup knows them. */
    record Names(Map<Long, byte[]> users, Map<Long, byte[]> groups) {
    }

    /** Hears of what is not in the archive as it was in the backup. */
    interface Listener {
        /** An entry that the format cannot hold. */
        void cannotHold(byte[] path, String why);

        /** A file that is damaged in the repository; zeros stand where its bytes cannot be read. */
        void damaged(byte[] path, IOException why);
    }

    /** @param path relative, without a slash at its end; {@code .} for the top folder itself */
    void add(byte[] path, Entry entry) throws IOException;

    /** Writes the end of the archive; the stream below stays open. */
    void finish() throws IOException;

    /** Gives up what the writer holds, without an end. */
    @Override
    void close() throws IOException;
}

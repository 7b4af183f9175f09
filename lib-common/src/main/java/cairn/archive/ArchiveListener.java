package cairn.archive;

import java.io.IOException;

/** Hears what a running backup does. Called from several threads. Paths are raw bytes, absolute. */
public interface ArchiveListener {
    /** An entry that could not be saved as it is; all else goes on. */
    void problem(byte[] path, String message);

    /** Something that the rules leave out: a special file system, the repository itself, an automount point. */
    void leftOut(byte[] path, String reason);

    /** A fact about the source that changes how it is treated, said once. */
    void note(String message);

    /** A file is being read. */
    void reading(byte[] path);

    /** All was read, and nothing is published yet: what this throws means that there is no backup. */
    default void allRead() throws IOException {
        // only what may turn out to have been unreadable all the time has to say something here
    }
}

package cairn.snapshot;

/** Hears what a snapshot's tools and scripts say. */
public interface SnapshotListener {
    /** A line for the log: what a tool printed. */
    void log(String line);

    /** Something that is not as it should be. */
    void warning(String message);
}

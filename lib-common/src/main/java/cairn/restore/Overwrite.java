package cairn.restore;

/** What happens to files that exist already. */
public enum Overwrite {
    /** They become what the backup holds; what is right already, by content, is neither fetched nor written. */
    ALWAYS,
    /** As {@link #ALWAYS}, but a file of the same size and time of modification is taken to have the same content. */
    IF_CHANGED,
    /** Only files that are older than in the backup. */
    IF_NEWER,
    /** Nothing that exists is touched. */
    NEVER
}

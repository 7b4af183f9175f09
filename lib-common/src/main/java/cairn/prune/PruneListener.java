package cairn.prune;

/** Hears what a running prune does. */
@FunctionalInterface
public interface PruneListener {
    void phase(String phase);

    /** Something that a person should know. */
    default void note(String message) {
    }
}

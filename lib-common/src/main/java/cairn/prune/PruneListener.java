package cairn.prune;

/** Hears what a running prune does. */
@FunctionalInterface
public interface PruneListener {
    void phase(String phase);
}

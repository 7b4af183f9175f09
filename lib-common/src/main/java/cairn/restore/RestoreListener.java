package cairn.restore;

/** Hears what a restore does. Called from several threads. Paths are raw, below the target. */
public interface RestoreListener {
    RestoreListener SILENT = new RestoreListener() {
    };

    /** What happened to an entry. */
    enum Action {
        CREATED, UPDATED, ATTRIBUTES, UNCHANGED, SKIPPED, DELETED
    }

    /** How much there is to do, once the plan is made. @param bytes of content that will be written */
    default void planned(long entries, long bytes) {
    }

    /** Content was written. */
    default void wrote(long bytes) {
    }

    /** An entry is as it should be (or in a dry run: would be). */
    default void done(Action action, byte[] path) {
    }

    /** Whether {@link #done} wants paths, which cost something to make; else it gets null. */
    default boolean wantsPaths() {
        return false;
    }

    /** An entry could not be restored; all others go on. */
    default void failed(byte[] path, String why) {
    }

    /** Something of an entry could not be set; called for the first of each kind. */
    default void notSet(Unset kind, byte[] path, String why) {
    }

    /** Something that the user should know. */
    default void notice(byte[] path, String what) {
    }
}

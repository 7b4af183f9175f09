package cairn.snapshot;

import cairn.posix.RawPath;
import java.io.IOException;

/** One method. It keeps nothing itself: all that it needs to check and to remove a snapshot stands in its state. */
interface Driver {
    /**
     * Makes the snapshot, writing to the state what has to be undone before it is done.
     *
     * @throws IOException if it could not be made; {@link #remove} then cleans up
     */
    View create(StateFile state, Volume volume, SnapshotRequest request) throws IOException;

    /** Removes what there is of it. Nothing is there any more: no error. */
    void remove(StateFile state) throws IOException;

    /** Why what was read from it must not be relied on, or null. */
    default String defect(StateFile state) throws IOException {
        return null;
    }

    /**
     * Where the content of a volume is found.
     *
     * @param root   the folder that shows it
     * @param inside which path of the file system the root is
     * @param byPath whether {@code inside} is a live path instead
     */
    record View(byte[] root, byte[] inside, boolean byPath) {
        /** Where a path of the same volume is found. */
        byte[] of(Volume volume) {
            return RawPath.join(root, Volume.below(byPath ? volume.path() : volume.inside(), inside));
        }

        boolean shows(Volume volume) {
            return RawPath.isWithin(byPath ? volume.path() : volume.inside(), inside);
        }
    }
}

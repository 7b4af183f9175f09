package cairn.snapshot;

import java.time.Instant;

/**
 * What is known of a snapshot.
 *
 * @param method null if its maker was killed before it chose one
 * @param origin what it is of
 * @param path   where that is found in it; null if it was not finished
 * @param taken  a moment before it was taken, or null
 * @param inUse  whether a program works with it at this moment
 * @param kept   whether it stays until somebody removes it
 * @param pid    of the program that made it
 */
public record SnapshotInfo(SnapshotId id, Method method, byte[] origin, byte[] path, Instant taken, boolean inUse, boolean kept, String pid) {
    /** Whether it was left by a run that did not come to its end. */
    public boolean stale() {
        return !inUse && !kept;
    }
}

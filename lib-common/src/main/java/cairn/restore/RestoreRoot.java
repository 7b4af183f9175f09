package cairn.restore;

import cairn.posix.RawPath;
import cairn.tree.Entry;
import java.util.List;

/**
 * A part of a backup and where it goes.
 *
 * @param entry    the entry itself
 * @param source   its path in the backup: absolute, normalised; "/" for all of it
 * @param saved    the paths that the backup was asked to save; what lies above them is only on the way
 * @param elsewhere paths in the backup that are left out because another root takes them
 * @param folder   the folder that it goes to; made if it is not there
 * @param name     what it is called there; null if a folder's contents go into {@code folder}
 * @param owners   gives local ids
 * @param filter   chooses what is restored
 */
public record RestoreRoot(Entry entry, byte[] source, List<byte[]> saved, List<byte[]> elsewhere, byte[] folder, byte[] name,
        Owners owners, PathFilter filter) {

    boolean isOnTheWay(byte[] path) {
        for (byte[] one : saved) {
            if (RawPath.isWithin(path, one)) {
                return false;
            }
        }
        return true;
    }
}

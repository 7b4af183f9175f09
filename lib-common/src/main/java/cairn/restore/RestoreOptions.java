package cairn.restore;

import cairn.posix.RawString;
import java.util.Set;

/**
 * How to restore.
 *
 * @param overwrite what happens to existing files
 * @param delete    remove from restored folders what the backup does not have
 * @param dryRun    change nothing, tell what would be done
 * @param xattrs    whether extended attributes are restored
 * @param verify    read everything back and compare
 * @param workers   threads that write, at least 1
 * @param spool     a folder for plans that outgrow memory
 * @param kept      directories that are never removed, whatever the backup says: the repository itself
 */
public record RestoreOptions(Overwrite overwrite, boolean delete, boolean dryRun, boolean xattrs, boolean verify, int workers, byte[] spool,
        Set<Kept> kept) {
    /** A directory. @param device as {@code Stat.dev()} */
    public record Kept(long device, long inode) {
    }

    public static RestoreOptions defaults() {
        return new RestoreOptions(Overwrite.ALWAYS, false, false, true, false, Math.max(2, Runtime.getRuntime().availableProcessors()),
                RawString.encode("/var/tmp"), Set.of());
    }

    public RestoreOptions withOverwrite(Overwrite value) {
        return new RestoreOptions(value, delete, dryRun, xattrs, verify, workers, spool, kept);
    }

    public RestoreOptions withDelete(boolean value) {
        return new RestoreOptions(overwrite, value, dryRun, xattrs, verify, workers, spool, kept);
    }

    public RestoreOptions withDryRun(boolean value) {
        return new RestoreOptions(overwrite, delete, value, xattrs, verify, workers, spool, kept);
    }

    public RestoreOptions withXattrs(boolean value) {
        return new RestoreOptions(overwrite, delete, dryRun, value, verify, workers, spool, kept);
    }

    public RestoreOptions withVerify(boolean value) {
        return new RestoreOptions(overwrite, delete, dryRun, xattrs, value, workers, spool, kept);
    }

    public RestoreOptions withWorkers(int value) {
        return new RestoreOptions(overwrite, delete, dryRun, xattrs, verify, value, spool, kept);
    }

    public RestoreOptions withSpool(byte[] value) {
        return new RestoreOptions(overwrite, delete, dryRun, xattrs, verify, workers, value, kept);
    }

    public RestoreOptions withKept(Set<Kept> value) {
        return new RestoreOptions(overwrite, delete, dryRun, xattrs, verify, workers, spool, value);
    }
}

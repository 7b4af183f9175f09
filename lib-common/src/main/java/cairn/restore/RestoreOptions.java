package cairn.restore;

import cairn.posix.RawString;

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
 */
public record RestoreOptions(Overwrite overwrite, boolean delete, boolean dryRun, boolean xattrs, boolean verify, int workers, byte[] spool) {
    public static RestoreOptions defaults() {
        return new RestoreOptions(Overwrite.ALWAYS, false, false, true, false, Math.max(2, Runtime.getRuntime().availableProcessors()),
                RawString.encode("/var/tmp"));
    }

    public RestoreOptions withOverwrite(Overwrite value) {
        return new RestoreOptions(value, delete, dryRun, xattrs, verify, workers, spool);
    }

    public RestoreOptions withDelete(boolean value) {
        return new RestoreOptions(overwrite, value, dryRun, xattrs, verify, workers, spool);
    }

    public RestoreOptions withDryRun(boolean value) {
        return new RestoreOptions(overwrite, delete, value, xattrs, verify, workers, spool);
    }

    public RestoreOptions withXattrs(boolean value) {
        return new RestoreOptions(overwrite, delete, dryRun, value, verify, workers, spool);
    }

    public RestoreOptions withVerify(boolean value) {
        return new RestoreOptions(overwrite, delete, dryRun, xattrs, value, workers, spool);
    }

    public RestoreOptions withWorkers(int value) {
        return new RestoreOptions(overwrite, delete, dryRun, xattrs, verify, value, spool);
    }

    public RestoreOptions withSpool(byte[] value) {
        return new RestoreOptions(overwrite, delete, dryRun, xattrs, verify, workers, value);
    }
}

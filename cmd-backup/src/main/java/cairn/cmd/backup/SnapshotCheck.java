package cairn.cmd.backup;

import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.snapshot.Snapshots;
import java.io.IOException;
import java.util.List;

/**
 * Whether what was read from snapshots may be relied on, asked before it counts. Reads of one that overflowed need not
 * fail: on ext4 a file whose folder cannot be read does not exist.
 */
interface SnapshotCheck {
    /** @throws CairnException if it must not be relied on */
    void check() throws IOException;

    /** Of the folders that stand for others: those of snapshots that were made before. */
    static SnapshotCheck of(CommandContext context, Output out, List<byte[]> folders) throws IOException {
        if (folders.isEmpty()) {
            return () -> { };
        }
        Snapshots snapshots;
        try {
            snapshots = SnapshotOptions.snapshots(context, out);
        } catch (CairnException e) {
            return () -> { }; // an account without a home knows of no snapshots
        }
        return () -> {
            for (byte[] folder : folders) {
                refuse(snapshots.defect(folder));
            }
        };
    }

    /** @param defect of a snapshot, or null */
    static void refuse(String defect) throws CairnException {
        if (defect != null) {
            throw new CairnException(ExitCode.FAILED, defect + "; there is no backup", "give it more room: --snapshot-size");
        }
    }

    /** What is read from snapshots. */
    interface Reading<T> {
        T run() throws Exception;
    }

    /** Runs what reads from them; where that fails because one of them did, says so instead. */
    default <T> T whileReading(Reading<T> reading) throws Exception {
        try {
            return reading.run();
        } catch (IOException e) {
            check();
            throw e;
        }
    }
}

package cairn.query;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/** Takes what is damaged, so that all else can be read on. */
@FunctionalInterface
public interface Damage {
    /** @param path of the folder of which not all can be read */
    void folder(byte[] path, CairnException why);

    /** Throws on what is no damage: a closed pipe, a right that is missing, a backup that was pruned meanwhile. */
    static void orThrow(CairnException e) throws CairnException {
        if (e.exitCode() != ExitCode.DAMAGED) {
            throw e;
        }
    }
}

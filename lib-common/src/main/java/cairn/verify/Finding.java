package cairn.verify;

import cairn.format.Hash;
import java.util.List;

/**
 * Something that a verification found.
 *
 * @param kind    what sort of thing, for programs: {@code pack-damaged}, {@code blob-missing} and so on
 * @param subject the file or blob
 * @param message what is wrong, a sentence's end
 * @param backups ids of the backups that it hits, as far as they were found
 */
public record Finding(Severity severity, String kind, String subject, String message, List<Hash> backups) {

    /** How bad it is. */
    public enum Severity {
        /** Worth knowing; nothing is lost. */
        NOTE,
        /** Something is not as it should be, and every backup can still be restored. */
        WARNING,
        /** Something of a backup is lost or altered. */
        DAMAGE
    }
}

package cairn.restore;

import java.util.Map;

/**
 * What a restore did.
 *
 * @param directories made
 * @param created     other entries that were not there before
 * @param updated     entries whose content was changed, or that took the place of something else
 * @param attributes  entries of which only attributes were changed
 * @param unchanged   entries that were right already
 * @param skipped     entries left alone because of the rule for existing files
 * @param deleted     entries that the backup does not have
 * @param written     bytes of content
 * @param fetched     bytes read from packs
 * @param verified    bytes read back and found right
 * @param failed      entries that are not as they should be
 * @param notSet      how often each kind could not be set
 */
public record RestoreSummary(long directories, long created, long updated, long attributes, long unchanged, long skipped, long deleted,
        long written, long fetched, long verified, long failed, Map<Unset, Long> notSet) {

    /** Whether everything is as in the backup. */
    public boolean complete() {
        return failed == 0 && notSet.isEmpty();
    }
}

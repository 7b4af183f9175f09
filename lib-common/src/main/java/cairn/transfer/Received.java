package cairn.transfer;

import cairn.format.Hash;
import cairn.record.RecordHead;

/**
 * A backup that was received.
 *
 * @param id      of the backup, as it is called here
 * @param head    the part of its record that stands in clear
 * @param again   whether the same was received before, so that nothing had to be done
 * @param stored  bytes that were added to the repository
 * @param skipped bytes that arrived and were there already
 * @param files   files of a repository that arrived, or entries of a plain stream
 * @param arrived bytes of the stream
 */
public record Received(Hash id, RecordHead head, boolean again, long stored, long skipped, long files, long arrived) {
}

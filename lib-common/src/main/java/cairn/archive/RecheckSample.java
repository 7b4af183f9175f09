package cairn.archive;

import cairn.tree.Entry;

/**
 * A stretch of an unchanged file that is read again to check the rule.
 *
 * @param offset a byte of the stretch: the whole item of content that covers it is read
 */
record RecheckSample(DirectoryHandle directory, Entry.File entry, byte[] path, long ctimeSeconds, int ctimeNanos, long offset) {
}

package cairn.tree;

import cairn.format.BlobId;

/**
 * What only change detection needs of an entry. Kept beside the tree, not in it, so that equal trees of two machines
 * are equal.
 *
 * @param deviceMajor  of the file system
 * @param stat         of a directory: the root of its own pieces of {@code ScanStat}; else null
 */
public record ScanStat(int deviceMajor, int deviceMinor, long inode, long ctimeSeconds, int ctimeNanos, BlobId stat) {
}

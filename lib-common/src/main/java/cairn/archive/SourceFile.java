package cairn.archive;

import cairn.tree.LinkGroup;

/**
 * A file that has to be read.
 *
 * @param path  absolute, for messages
 * @param device on which it is now
 * @param recordedDev the device to remember
 * @param known whether an older backup has a file at this path: counted as changed, not as new
 * @param size  bytes when the walk saw it
 */
record SourceFile(Slot slot, DirectoryHandle directory, byte[] name, byte[] path, LinkGroup linkGroup, long inode, long device,
        long recordedDev, boolean known, long size) {
}

package cairn.restore;

import cairn.tree.Attributes;
import cairn.tree.EntryType;

/**
 * An entry that has more to be done than can be done while the tree is walked: a directory, a file whose content comes
 * from packs, a further name of something.
 *
 * @param id         where it stands in the {@link NodeStore}
 * @param parent     the directory that it is in, or {@link #NONE} for a target
 * @param name       raw, without a slash
 * @param attributes with owner and group as they are here
 * @param size       of a file, holes included
 * @param flags      the constants below
 * @param pieces     of content that have to be written, 0 if not a file
 * @param device     of the inode that was there, or was made, while the tree was walked; 0 if there is none
 * @param inode      of the same
 */
record Node(long id, long parent, byte[] name, EntryType type, Attributes attributes, long size, int flags, int pieces, long device, long inode) {
    static final long NONE = -1;

    /** Something has this name already. */
    static final int EXISTED = 1;
    /** The directory is on the way only: its attributes are set where it was made, else left. */
    static final int ON_THE_WAY = 2;
    /** Some of the content of the existing file is right and is kept. */
    static final int KEEPS = 4;
    /** The existing file has other names. */
    static final int OTHER_NAMES = 8;
    /** New entries in this directory get attributes by themselves: default ACL, inode flags, set-gid. */
    static final int INHERITS = 32;
    /** Inode flags that forbid further names are set at the end. */
    static final int LATE_FLAGS = 128;

    boolean is(int flag) {
        return (flags & flag) != 0;
    }
}

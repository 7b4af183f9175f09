package cairn.tree;

/**
 * Names the inode that several entries of one backup share. Made from the path of its first entry in walk order, not
 * from the inode number, so that equal trees of two machines are equal. 16 bytes.
 */
public record LinkGroup(long high, long low) {
}

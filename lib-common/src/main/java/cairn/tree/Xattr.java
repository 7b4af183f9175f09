package cairn.tree;

/** One extended attribute (xattr(7)): the full name with its namespace, and the value, both as raw bytes. */
public record Xattr(byte[] name, byte[] value) {
}

package cairn.index;

/**
 * Where a copy of a blob is.
 *
 * @param offset of its frame in the pack, in bytes
 * @param stored bytes of the frame
 * @param plain bytes of the payload before compression
 */
public record Location(IndexedPack pack, int offset, int stored, int plain) {}

package cairn.restore;

import cairn.format.Hash;

/**
 * A stretch of a pack that is read at once, with the items that need it.
 *
 * @param pack  null for what is in no pack
 * @param from  first byte of the stretch
 * @param to    end of the stretch
 * @param items {@link PlannedItem}s in order of their blobs
 * @param count how many
 * @param number of the pack, or one of the constants of {@link ItemPlanner}
 */
record Segment(Hash pack, int from, int to, byte[] items, int count, int number) {
}

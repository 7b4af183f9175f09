package cairn.prune;

import cairn.format.Hash;

/** How much of a pack is needed, in bytes. */
final class PackUsage {
    final Hash pack;
    final long size;
    long live;

    PackUsage(Hash pack, long size) {
        this.pack = pack;
        this.size = size;
    }

    long waste() {
        return live == 0 ? size : Math.max(0, size - live);
    }

    double wasteShare() {
        return (double) waste() / size;
    }
}

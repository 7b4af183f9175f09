package cairn.prune;

import cairn.format.Hash;
import java.time.Instant;

/** How much of a pack is needed, in bytes. */
final class PackUsage {
    final Hash pack;
    final long size;
    /** When the storage got it. */
    final Instant since;
    long live;
    /** Whether a blob of it is needed that somebody else claims to have as well, and nobody can be believed about it by all. */
    boolean contested;

    PackUsage(Hash pack, long size, Instant since) {
        this.pack = pack;
        this.size = size;
        this.since = since;
    }

    long waste() {
        return live == 0 ? size : Math.max(0, size - live);
    }

    double wasteShare() {
        return (double) waste() / size;
    }
}

package cairn.index;

import cairn.format.BlobId;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The copies of blobs on which a writer relies: rule 4 of the concurrency rules, and trust between writers. Each pack
 * of each index file is judged once. For any number of threads.
 */
public final class Presence {
    private static final byte RELIED_ON = 1;
    private static final byte NOT = 2;

    private final IndexSet index;
    private final Judge judge;
    private final Map<IndexReader, byte[]> verdicts = new ConcurrentHashMap<>();

    /** Decides about a pack. */
    @FunctionalInterface
    public interface Judge {
        /**
         * Whether copies in this pack count: it has no mark and no tombstone, and who says so is trusted.
         *
         * @param fileSigner who signed the index file (32 bytes), or null if it is not signed
         * @param pack its signer is who first said so
         */
        boolean reliesOn(byte[] fileSigner, IndexedPack pack);
    }

    public Presence(IndexSet index, Judge judge) {
        this.index = index;
        this.judge = judge;
    }

    /** A copy that counts, or null. */
    public Location find(BlobId id) throws IOException {
        Location[] found = new Location[1];
        index.lookup(id, (file, pack, offset, stored, plain) -> {
            if (!reliesOn(file, pack)) {
                return true;
            }
            found[0] = new Location(file.pack(pack), offset, stored, plain);
            return false;
        });
        return found[0];
    }

    /** Whether there is a copy that counts. */
    public boolean has(BlobId id) throws IOException {
        boolean[] found = new boolean[1];
        index.lookup(id, (file, pack, offset, stored, plain) -> !(found[0] = reliesOn(file, pack)));
        return found[0];
    }

    private boolean reliesOn(IndexReader file, int pack) {
        byte[] known = verdicts.computeIfAbsent(file, f -> new byte[f.packs()]);
        if (known[pack] == 0) { // two threads may judge the same pack: the same way
            known[pack] = judge.reliesOn(file.signer(), file.pack(pack)) ? RELIED_ON : NOT;
        }
        return known[pack] == RELIED_ON;
    }
}

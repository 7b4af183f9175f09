package cairn.repo;

import cairn.chunk.SipHash;
import cairn.crypto.Rng;
import cairn.format.BlobId;
import cairn.format.Bytes;

/**
 * Turns ids into 128 bits by which tables keep them, with a secret that each table draws anew. Ids are a keyed hash, but
 * whoever writes a pack can put any 32 bytes into it as an id: two that share their first half, for example, which a table
 * that kept halves would take for one, so that a prune would not see that the other is needed.
 */
public final class IdHash {
    private final long[] keys = new long[4];

    public IdHash() {
        byte[] random = Rng.bytes(32);
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Bytes.getLong(random, 8 * i);
        }
    }

    public long first(BlobId id) {
        return chain(keys[0], keys[1], id);
    }

    /** Never 0. */
    public long second(BlobId id) {
        return chain(keys[2], keys[3], id) | 1;
    }

    private static long chain(long key0, long key1, BlobId id) {
        long hash = SipHash.of(key0, key1, id.a());
        hash = SipHash.of(key0 ^ hash, key1, id.b());
        hash = SipHash.of(key0 ^ hash, key1, id.c());
        return SipHash.of(key0 ^ hash, key1, id.d());
    }
}

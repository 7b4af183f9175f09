package cairn.index;

import cairn.format.Hash;
import java.util.Arrays;

/**
 * A pack as an index file tells of it.
 *
 * @param hash its name
 * @param kind the code of its kind: 1 data, 2 trees
 * @param size bytes of the file
 * @param signer 32 bytes: the key on whose word the blobs are in this pack; not to be changed
 */
public record IndexedPack(Hash hash, int kind, long size, byte[] signer) {
    public IndexedPack {
        if (signer.length != IndexFile.SIGNER) {
            throw new IllegalArgumentException("a public key has 32 bytes, not " + signer.length);
        }
        if (size < 0 || kind < 0 || kind > 255) {
            throw new IllegalArgumentException("pack of kind " + kind + " and size " + size);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexedPack o
                && hash.equals(o.hash)
                && kind == o.kind
                && size == o.size
                && Arrays.equals(signer, o.signer);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }
}

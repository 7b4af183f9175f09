package cairn.pack;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.hash.Blake3;
import java.util.List;

/**
 * Makes blob ids: keyed BLAKE3-256, with a key for each kind of blob, of the references (32 bytes each) and the plain
 * payload. For one thread.
 */
public final class BlobHasher {
    private final Blake3 blake3;
    private final byte[] out = new byte[BlobId.BYTES];
    private byte[] refBytes = new byte[0];

    /** Gives hashers keyed for a repository. */
    @FunctionalInterface
    public interface Source {
        BlobHasher forKind(BlobKind kind);
    }

    /** @param key 32 bytes, of the repository and the kind */
    public BlobHasher(byte[] key) {
        blake3 = Blake3.keyed(key);
    }

    /** The id of a blob without references. */
    public BlobId id(byte[] payload, int offset, int length) {
        blake3.hash(payload, offset, length, out, 0);
        return BlobId.read(out, 0);
    }

    /** The id of a blob whose references stand in an array, 32 bytes each. */
    public BlobId id(byte[] refs, int refsOffset, int refCount, byte[] payload, int offset, int length) {
        if (refCount == 0) {
            return id(payload, offset, length);
        }
        blake3.reset();
        blake3.update(refs, refsOffset, refCount * BlobId.BYTES);
        blake3.update(payload, offset, length);
        blake3.digest(out, 0);
        return BlobId.read(out, 0);
    }

    /** The id of a blob with references. */
    public BlobId id(List<BlobId> refs, byte[] payload, int offset, int length) {
        int bytes = refs.size() * BlobId.BYTES;
        if (refBytes.length < bytes) {
            refBytes = new byte[bytes];
        }
        for (int i = 0; i < refs.size(); i++) {
            refs.get(i).write(refBytes, i * BlobId.BYTES);
        }
        return id(refBytes, 0, refs.size(), payload, offset, length);
    }
}

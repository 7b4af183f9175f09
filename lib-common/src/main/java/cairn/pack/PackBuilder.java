package cairn.pack;

import cairn.crypto.Aead;
import cairn.crypto.Rng;
import cairn.crypto.SealBrokenException;
import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.Bytes;
import cairn.format.ByteWriter;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.pack.PackFormat.BlobEntry;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects sealed blobs in memory until there are enough for a pack, then writes it. Each blob is sealed as it comes,
 * and opened again and compared while what went in is still at hand, so that a fault of memory or of a library is
 * found while the source still exists. For one thread at a time.
 */
public final class PackBuilder {
    private final RepositoryId repository;
    private final PackKind kind;
    private final PackSeal.Source seals;
    private final Signer signer;
    private final int target;
    private final ByteWriter frames;
    private final List<PackAssembly.Placed> blobs = new ArrayList<>();
    private final Set<Integer> nonces = new HashSet<>();
    private final byte[] random = new byte[4 << 10];
    private int drawn = random.length;
    private byte[] aad = new byte[256];
    private byte[] check = new byte[64 << 10];
    private PackSeal seal;
    private Aead aead;

    /** A pack that is in the storage, durable. */
    public record Written(Hash pack, PackKind kind, long bytes, List<BlobEntry> entries) {
    }

    /** @param target bytes from which on a pack is full */
    public PackBuilder(RepositoryId repository, PackKind kind, PackSeal.Source seals, Signer signer, int target) {
        this.repository = repository;
        this.kind = kind;
        this.seals = seals;
        this.signer = signer;
        this.target = target;
        this.frames = new ByteWriter(1 << 20, target + (1 << 20));
    }

    public PackKind kind() {
        return kind;
    }

    public boolean isEmpty() {
        return blobs.isEmpty();
    }

    public boolean isFull() {
        return frames.size() >= target;
    }

    /**
     * Adds a blob.
     *
     * @param codec {@link Codec}; the payload is what it made
     * @param plain bytes of the payload before compression
     */
    void add(BlobId id, BlobKind blobKind, List<BlobId> refs, int codec, byte[] payload, int offset, int length, int plain) {
        if (blobs.isEmpty()) {
            seal = seals.fresh();
            aead = seal == null ? null : new Aead(seal.key());
        }
        int nonce = drawNonce();
        int start = frames.size();
        frames.u8(blobKind.code()).u8(codec).u16(0).u32(nonce).u32(plain).u32(refs.size());
        for (BlobId ref : refs) {
            frames.id(ref);
        }
        if (aead == null) {
            frames.bytes(payload, offset, length);
        } else {
            int refBytes = refs.size() * BlobId.BYTES;
            int aadLength = PackFormat.associatedDataBytes(refs.size());
            if (aad.length < aadLength) {
                aad = new byte[aadLength];
            }
            PackFormat.associatedData(aad, repository, id, blobKind, codec, plain, frames.array(), frames.size() - refBytes, refs.size());
            int at = frames.size();
            frames.grow(length + PackFormat.TAG);
            aead.seal(nonce & 0xFFFFFFFFL, aad, 0, aadLength, payload, offset, length, frames.array(), at);
            prove(nonce, aadLength, at, payload, offset, length);
        }
        blobs.add(new PackAssembly.Placed(id, nonce, start, frames.size() - start, plain));
    }

    private int drawNonce() {
        int nonce;
        do {
            if (drawn == random.length) {
                Rng.random().nextBytes(random); // four bytes at a time cost more than a small blob's seal
                drawn = 0;
            }
            nonce = Bytes.getInt(random, drawn);
            drawn += 4;
        } while (!nonces.add(nonce));
        return nonce;
    }

    private void prove(int nonce, int aadLength, int at, byte[] payload, int offset, int length) {
        if (check.length < length) {
            check = new byte[length];
        }
        try {
            int back = aead.open(nonce & 0xFFFFFFFFL, aad, 0, aadLength, frames.array(), at, length + PackFormat.TAG, check, 0);
            if (back == length && Arrays.equals(check, 0, length, payload, offset, offset + length)) {
                return;
            }
        } catch (SealBrokenException broken) {
            // reported below, as any other difference
        }
        throw new IllegalStateException("what was sealed does not open to the same bytes: check this machine's memory");
    }

    /** Writes the pack and begins a new one. The pack is durable when this returns. */
    public Written finish(Storage storage) throws IOException {
        Written written = PackAssembly.write(storage, repository, kind, seal == null ? List.of() : List.of(seal.section()), blobs, frames, signer);
        frames.clear();
        blobs.clear();
        nonces.clear();
        seal = null;
        aead = null;
        return written;
    }
}

package cairn.pack;

import cairn.crypto.Aead;
import cairn.crypto.Rng;
import cairn.crypto.SealBrokenException;
import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.ByteWriter;
import cairn.format.Bytes;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.hash.Blake3;
import cairn.pack.PackFormat.BlobEntry;
import cairn.store.Storage;
import cairn.store.StoredWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
    private final List<Placed> blobs = new ArrayList<>();
    private final Set<Integer> nonces = new HashSet<>();
    private byte[] aad = new byte[256];
    private byte[] check = new byte[64 << 10];
    private PackSeal seal;
    private Aead aead;

    private record Placed(BlobId id, int nonce, int start, int stored, int plain) {
    }

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
        this.frames = new ByteWriter(Math.min(target + (1 << 20), 1 << 20));
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
        blobs.add(new Placed(id, nonce, start, frames.size() - start, plain));
    }

    private int drawNonce() {
        int nonce;
        do {
            nonce = Rng.nextInt();
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
        blobs.sort(Comparator.comparingLong(blob -> blob.nonce & 0xFFFFFFFFL));
        ByteWriter head = new ByteWriter(256);
        PackFormat.putHead(head, repository, kind, seal == null ? null : seal.section());
        ByteWriter directory = new ByteWriter(blobs.size() * PackFormat.ENTRY + 4);
        List<BlobEntry> entries = new ArrayList<>(blobs.size());
        Blake3 hasher = Blake3.hasher();
        try (StoredWriter out = storage.begin(Kind.PACK.folder() + "/")) {
            write(out, hasher, head.array(), 0, head.size());
            int offset = head.size();
            for (Placed blob : blobs) {
                write(out, hasher, frames.array(), blob.start, blob.stored);
                BlobEntry entry = new BlobEntry(blob.id, offset, blob.stored, blob.plain);
                entries.add(entry);
                directory.id(entry.id()).u32(offset).u32(blob.stored).u32(blob.plain);
                offset = Math.addExact(offset, blob.stored);
            }
            directory.u32(blobs.size());
            write(out, hasher, directory.array(), 0, directory.size());
            Hash hash = Hash.of(hasher.digest());
            byte[] footer = Envelope.footer(Kind.PACK, repository, hash, signer);
            out.write(footer, 0, footer.length);
            long bytes = out.length();
            out.publish(PackFormat.name(hash));
            reset();
            return new Written(hash, kind, bytes, entries);
        }
    }

    private void reset() {
        frames.clear();
        blobs.clear();
        nonces.clear();
        seal = null;
        aead = null;
    }

    private static void write(StoredWriter out, Blake3 hasher, byte[] bytes, int offset, int length) throws IOException {
        hasher.update(bytes, offset, length);
        out.write(bytes, offset, length);
    }
}

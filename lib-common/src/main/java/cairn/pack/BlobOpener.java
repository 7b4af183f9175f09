package cairn.pack;

import cairn.crypto.Aead;
import cairn.crypto.SealBrokenException;
import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.RepositoryId;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Opens frames: takes off seal, padding and compression, and checks the blob id, so that nothing is ever handed out
 * that is not what was asked for. For one thread; reuses its buffers.
 */
public final class BlobOpener implements AutoCloseable {
    private final RepositoryId repository;
    private final BlobHasher.Source hashers;
    private final BlobHasher[] hasher = new BlobHasher[BlobKind.values().length];
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private byte[] aad = new byte[256];
    private byte[] opened = new byte[64 << 10];
    private byte[] plain = new byte[64 << 10];
    private byte[] lastKey;
    private Aead aead;

    public BlobOpener(RepositoryId repository, BlobHasher.Source hashers) {
        this.repository = repository;
        this.hashers = hashers;
    }

    /** An opened blob: its bytes stand in {@link #payload()} from 0 to {@code length}, until the next one is opened. */
    public record Opened(BlobKind kind, List<BlobId> refs, int length) {
    }

    /**
     * Opens the frame of a blob.
     *
     * @param key the key of the frame's section; null if the pack is not sealed
     */
    public Opened open(byte[] key, byte[] frame, int offset, int length, BlobId id) throws DamagedException {
        String what = "blob " + id;
        PackFormat.Frame head = PackFormat.readFrame(frame, offset, length, what);
        int at = offset + head.payloadOffset();
        int sealed = length - head.payloadOffset();
        byte[] payload = frame;
        if (key != null) {
            if (sealed < PackFormat.TAG) {
                throw new DamagedException(what, "is cut off");
            }
            sealed = unseal(key, head, frame, offset, at, sealed, id);
            payload = opened;
            at = 0;
        }
        if ((head.codec() & PackFormat.PADDED) != 0) {
            int inner = sealed < 4 ? -1 : Bytes.getInt(payload, at);
            if (inner < 0 || inner > sealed - 4) {
                throw new DamagedException(what, "has a padding that no version of cairn writes");
            }
            at += 4;
            sealed = inner;
        }
        decompress(head, payload, at, sealed, what);
        BlobKind kind = head.kind();
        BlobHasher keyed = hasher[kind.ordinal()];
        if (keyed == null) {
            keyed = hashers.forKind(kind);
            hasher[kind.ordinal()] = keyed;
        }
        if (!keyed.id(frame, offset + PackFormat.FRAME_HEADER, head.refs(), plain, 0, head.plain()).equals(id)) {
            throw new DamagedException(what, "does not have the content that its name stands for");
        }
        List<BlobId> refs = head.refs() == 0 ? List.of() : new ArrayList<>(head.refs());
        for (int i = 0; i < head.refs(); i++) {
            refs.add(BlobId.read(frame, offset + PackFormat.FRAME_HEADER + i * BlobId.BYTES));
        }
        return new Opened(kind, refs, head.plain());
    }

    /** The bytes of the blob that was opened last, from 0 on. */
    public byte[] payload() {
        return plain;
    }

    private int unseal(byte[] key, PackFormat.Frame head, byte[] frame, int offset, int at, int sealed, BlobId id) throws DamagedException {
        if (aead == null || !Arrays.equals(key, lastKey)) {
            aead = new Aead(key);
            lastKey = key;
        }
        int aadLength = PackFormat.associatedDataBytes(head.refs());
        if (aad.length < aadLength) {
            aad = new byte[aadLength];
        }
        PackFormat.associatedData(aad, repository, id, head.kind(), head.codec(), head.plain(), frame, offset + PackFormat.FRAME_HEADER, head.refs());
        if (opened.length < sealed) {
            opened = new byte[Math.max(sealed, opened.length * 2)];
        }
        try {
            return aead.open(head.nonce() & 0xFFFFFFFFL, aad, 0, aadLength, frame, at, sealed, opened, 0);
        } catch (SealBrokenException broken) {
            throw new DamagedException("blob " + id, "has a broken seal", broken);
        }
    }

    private void decompress(PackFormat.Frame head, byte[] payload, int at, int length, String what) throws DamagedException {
        int size = head.plain();
        if (plain.length < size) {
            plain = new byte[Math.max(size, plain.length * 2)];
        }
        switch (head.codec() & ~PackFormat.PADDED) {
            case Codec.STORED -> {
                if (length != size) {
                    throw new DamagedException(what, "is not as long as it says");
                }
                System.arraycopy(payload, at, plain, 0, size);
            }
            case Codec.ZSTD -> {
                try {
                    if (zstd.decompressByteArray(plain, 0, size, payload, at, length) != size) {
                        throw new DamagedException(what, "is not as long as it says");
                    }
                } catch (ZstdException e) {
                    throw new DamagedException(what, "does not decompress: " + e.getMessage(), e);
                }
            }
            default -> throw new DamagedException(what, "is compressed in a way that this version does not know");
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}

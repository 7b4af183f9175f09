package cairn.repo;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.index.Location;
import cairn.pack.BlobOpener;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import cairn.store.NotStoredException;
import java.io.IOException;
import java.util.List;

/** Reads single blobs, from whichever copy is good. For one thread; reuses its buffers. */
public final class BlobReader implements AutoCloseable {
    private final Repository repository;
    private final BlobOpener opener;
    private byte[] frame = new byte[64 << 10];

    BlobReader(Repository repository) {
        this.repository = repository;
        this.opener = new BlobOpener(repository.id(), repository.keys()::hasher);
    }

    /** Reads and opens a blob; its bytes stand in {@link #payload()} until the next call. */
    public BlobOpener.Opened read(BlobId id) throws IOException {
        List<Location> copies = repository.locations(id);
        IOException first = null;
        for (Location copy : copies) {
            try {
                if (frame.length < copy.stored()) {
                    frame = new byte[Math.max(copy.stored(), frame.length * 2)];
                }
                if (copy.pack().kind() == PackKind.TREE.code()) {
                    repository.expect(copy);
                }
                repository.storage().read(PackFormat.name(copy.pack().hash()), copy.offset(), frame, 0, copy.stored());
                BlobOpener.Opened opened = open(copy.pack().hash(), frame, 0, copy.stored(), id);
                if ((opened.kind() == BlobKind.DATA) != (copy.pack().kind() == PackKind.DATA.code())) {
                    throw new DamagedException("blob " + id, "lies in a pack of another kind");
                }
                return opened;
            } catch (NotStoredException gone) {
                repository.foundBad(copy.pack().hash());
                first = first != null ? first : repository.isTombstoned(copy.pack().hash())
                        ? new CairnException(ExitCode.FAILED, "blob " + id + " was pruned meanwhile", "choose a backup that 'cairn list' shows now", gone)
                        : new DamagedException("blob " + id, "lies in the pack " + copy.pack().hash() + ", which is missing", gone);
            } catch (CairnException damaged) {
                Unusable.orThrow(damaged);
                repository.foundBad(copy.pack().hash());
                first = first != null ? first : damaged;
            }
        }
        throw first != null ? first : new DamagedException("blob " + id, "is in no pack that the index knows");
    }

    /** Opens a frame that the caller has read; its bytes stand in {@link #payload()} until the next call. */
    public BlobOpener.Opened open(Hash pack, byte[] buffer, int offset, int length, BlobId id) throws IOException {
        if (length < PackFormat.FRAME_HEADER) {
            throw new DamagedException("blob " + id, "is cut off");
        }
        return opener.open(repository.packKeys().keyFor(pack, buffer, offset), buffer, offset, length, id);
    }

    /** The bytes of the blob that was read last, from 0 on. */
    public byte[] payload() {
        return opener.payload();
    }

    @Override
    public void close() {
        opener.close();
    }
}

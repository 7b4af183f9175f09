package cairn.restore;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.index.Location;
import cairn.pack.BlobHasher;
import cairn.pack.BlobOpener;
import cairn.pack.PackFormat;
import cairn.repo.BlobReader;
import cairn.repo.Repository;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.util.List;

/** Restores from an opened repository. */
public final class RepositorySource implements RestoreSource {
    private final Repository repository;

    public RepositorySource(Repository repository) {
        this.repository = repository;
    }

    @Override
    public TreeReader trees() {
        return repository.trees();
    }

    @Override
    public Place locate(BlobId id) throws IOException {
        List<Location> copies = repository.locations(id);
        if (copies.isEmpty()) {
            return null;
        }
        Location best = copies.getFirst();
        return new Place(best.pack().hash(), best.offset(), best.stored());
    }

    @Override
    public boolean isFar() {
        return repository.storage().isFar();
    }

    @Override
    public void expect(Hash pack, long offset, int length) {
        repository.storage().expect(PackFormat.name(pack), offset, length);
    }

    @Override
    public void read(Hash pack, long offset, byte[] buffer, int start, int length) throws IOException {
        repository.storage().read(PackFormat.name(pack), offset, buffer, start, length);
    }

    @Override
    public Reader newReader() {
        BlobReader reader = repository.newReader();
        return new Reader() {
            @Override
            public int open(Hash pack, byte[] buffer, int offset, int length, BlobId id) throws IOException {
                return data(reader.open(pack, buffer, offset, length, id), id);
            }

            @Override
            public int read(BlobId id) throws IOException {
                return data(reader.read(id), id);
            }

            private int data(BlobOpener.Opened opened, BlobId id) throws IOException {
                if (opened.kind() != BlobKind.DATA) {
                    throw new DamagedException("blob " + id, "is of the kind " + opened.kind() + ", not " + BlobKind.DATA);
                }
                return opened.length();
            }

            @Override
            public byte[] payload() {
                return reader.payload();
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    @Override
    public BlobHasher newHasher() {
        return repository.keys().hasher(BlobKind.DATA);
    }
}

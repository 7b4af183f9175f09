package cairn.transfer;

import cairn.format.BlobId;
import cairn.format.DamagedException;
import cairn.index.IndexImage;
import cairn.index.IndexedPack;
import cairn.pack.PackFormat;
import cairn.pack.PackReader;
import cairn.repo.Repository;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares what an index file claims with the directories of the packs that are here. Needs no key. */
final class IndexClaims {
    private final Repository repository;

    IndexClaims(Repository repository) {
        this.repository = repository;
    }

    /** One pack's blobs, in the order of their offsets; of an id the first half, which is random enough. */
    private record Directory(int[] offsets, long[] ids, int[] stored, int[] plain) {
        static Directory of(List<PackFormat.BlobEntry> entries) {
            int count = entries.size();
            Directory directory = new Directory(new int[count], new long[2 * count], new int[count], new int[count]);
            for (int i = 0; i < count; i++) {
                PackFormat.BlobEntry entry = entries.get(i);
                directory.offsets[i] = entry.offset();
                directory.ids[2 * i] = entry.id().a();
                directory.ids[2 * i + 1] = entry.id().b();
                directory.stored[i] = entry.stored();
                directory.plain[i] = entry.plain();
            }
            return directory;
        }

        boolean has(BlobId id, int offset, int itsStored, int itsPlain) {
            int i = Arrays.binarySearch(offsets, offset);
            return i >= 0 && ids[2 * i] == id.a() && ids[2 * i + 1] == id.b() && stored[i] == itsStored && plain[i] == itsPlain;
        }
    }

    /** @throws DamagedException if the file tells of a pack that is not here, or of a blob that is not where it says */
    void check(String name, IndexImage index) throws IOException {
        List<Directory> directories = new ArrayList<>();
        for (IndexedPack pack : index.packs()) {
            directories.add(directory(name, pack));
        }
        index.each((id, pack, offset, stored, plain) -> {
            if (!directories.get(pack).has(id, offset, stored, plain)) {
                throw new DamagedException(name, "tells of the blob " + id.hex().substring(0, 8) + ", which is not where it says");
            }
        });
    }

    private Directory directory(String name, IndexedPack pack) throws IOException {
        StoredFile file = repository.storage().stat(PackFormat.name(pack.hash())).orElse(null);
        if (file == null || file.size() != pack.size()) {
            throw new DamagedException(name, "tells of the pack " + pack.hash().hex().substring(0, 8) + ", which is not here");
        }
        return Directory.of(PackReader.readDirectory(repository.storage(), repository.id(), pack.hash(), file).entries());
    }
}

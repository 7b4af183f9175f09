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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares what an index file claims with the directories of the packs that are here. Needs no key. */
final class IndexClaims {
    private final Repository repository;

    IndexClaims(Repository repository) {
        this.repository = repository;
    }

    /** One pack's blobs by their offset. */
    private record Directory(Map<Integer, PackFormat.BlobEntry> blobs) {
    }

    /** @throws DamagedException if the file tells of a pack that is not here, or of a blob that is not where it says */
    void check(String name, IndexImage index) throws IOException {
        List<Directory> directories = new ArrayList<>();
        for (IndexedPack pack : index.packs()) {
            directories.add(directory(name, pack));
        }
        index.each((id, pack, offset, stored, plain) -> {
            PackFormat.BlobEntry entry = directories.get(pack).blobs.get(offset);
            if (entry == null || !entry.equals(new PackFormat.BlobEntry(id, offset, stored, plain))) {
                throw wrong(name, id);
            }
        });
    }

    private Directory directory(String name, IndexedPack pack) throws IOException {
        StoredFile file = repository.storage().stat(PackFormat.name(pack.hash())).orElse(null);
        if (file == null || file.size() != pack.size()) {
            throw new DamagedException(name, "tells of the pack " + pack.hash().hex().substring(0, 8) + ", which is not here");
        }
        PackReader.Directory directory = PackReader.readDirectory(repository.storage(), repository.id(), pack.hash(), file);
        Map<Integer, PackFormat.BlobEntry> blobs = HashMap.newHashMap(directory.entries().size());
        directory.entries().forEach(entry -> blobs.put(entry.offset(), entry));
        return new Directory(blobs);
    }

    private static DamagedException wrong(String name, BlobId id) {
        return new DamagedException(name, "tells of the blob " + id.hex().substring(0, 8) + ", which is not where it says");
    }
}

package cairn.prune;

import cairn.format.Hash;
import cairn.index.IndexedPack;
import cairn.index.Location;
import cairn.index.Presence;
import cairn.index.SessionIndex;
import cairn.pack.FrameCopier;
import cairn.pack.PackBuilder;
import cairn.pack.PackFormat;
import cairn.pack.PackFormat.BlobEntry;
import cairn.pack.PackKind;
import cairn.pack.PackReader;
import cairn.repo.BlobIdSet;
import cairn.repo.PackBlobs;
import cairn.repo.Repository;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Copies what is still needed out of packs that are to be deleted (rule 8). Blobs stay sealed as they are: the new pack
 * lists the sections that they came with, so no key is needed.
 */
final class Repacker {
    private static final int PACK_SIZE = 16 << 20;

    private final Repository repository;
    private final BlobIdSet reached;
    private final Predicate<Hash> staying;
    private final SessionIndex index;
    private final Map<PackKind, FrameCopier> copiers = new EnumMap<>(PackKind.class);
    private long copied;

    /** @param staying whether a pack exists and nobody has marked it */
    Repacker(Repository repository, BlobIdSet reached, Predicate<Hash> staying) throws IOException {
        this.repository = repository;
        this.reached = reached;
        this.staying = staying;
        Presence presence = new Presence(repository.index(), (fileSigner, pack) -> staying.test(pack.hash()));
        this.index = new SessionIndex(repository.storage(), repository.id(), repository.keys().signer(), repository.index(), presence,
                SessionIndex.MOST_RECENT);
    }

    /** Copies what is needed, and makes it durable and findable. @return bytes of the new packs */
    long copyFrom(Set<Hash> packs, BooleanSupplier cancelled) throws IOException {
        for (Hash pack : packs) {
            if (cancelled.getAsBoolean()) {
                break;
            }
            copy(pack);
        }
        for (FrameCopier copier : copiers.values()) {
            if (!copier.isEmpty()) {
                finish(copier);
            }
        }
        index.flush();
        return copied;
    }

    private void copy(Hash pack) throws IOException {
        Optional<StoredFile> file = repository.storage().stat(PackFormat.name(pack));
        if (file.isEmpty()) {
            return;
        }
        PackReader.Directory directory = PackReader.readDirectory(repository.storage(), repository.id(), pack, file.get());
        FrameCopier copier = copiers.computeIfAbsent(directory.head().kind(),
                kind -> new FrameCopier(repository.id(), kind, repository.keys().signer(), PACK_SIZE));
        for (BlobEntry entry : directory.entries()) {
            if (reached.contains(entry.id()) && !elsewhere(entry) && index.claim(entry.id())) {
                copier.add(repository.storage(), pack, directory.head(), entry);
                if (copier.isFull()) {
                    finish(copier);
                }
            }
        }
    }

    private boolean elsewhere(BlobEntry entry) throws IOException {
        for (Location copy : repository.locations(entry.id())) {
            if (staying.test(copy.pack().hash())) {
                return true;
            }
        }
        return false;
    }

    private void finish(FrameCopier copier) throws IOException {
        PackBuilder.Written written = copier.finish(repository.storage());
        copied += written.bytes();
        index.written(new IndexedPack(written.pack(), written.kind().code(), written.bytes(), repository.keys().signer().publicKey()),
                new PackBlobs(written.entries()));
    }
}

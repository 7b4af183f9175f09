package cairn.prune;

import cairn.format.BlobKind;
import cairn.format.DamagedException;
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
import cairn.repo.BlobReader;
import cairn.repo.PackBlobs;
import cairn.repo.Repository;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Copies what is still needed out of packs that are to be deleted (rule 8). Blobs stay sealed as they are: the new pack
 * lists the sections that they came with, so no key is needed.
 *
 * <p>The new pack is signed by whoever prunes, so nothing may gain trust by being copied, and no copy may go for one that
 * is believed less. With a key that reads, what comes from writers that not everybody trusts is opened first. Without,
 * a pack stays as it is if it has a blob that others claim to have, too.
 */
final class Repacker implements AutoCloseable {
    private static final int PACK_SIZE = 16 << 20;

    private final Repository repository;
    private final Need need;
    private final Predicate<Hash> staying;
    private final SessionIndex index;
    private final BlobReader reader;
    private final Map<PackKind, FrameCopier> copiers = new EnumMap<>(PackKind.class);
    private final Set<Hash> refused = new HashSet<>();
    private byte[] frame = new byte[64 << 10];
    private long copied;

    /** @param staying whether a pack exists and nobody has marked it */
    Repacker(Repository repository, Need need, Predicate<Hash> staying) throws IOException {
        this.repository = repository;
        this.need = need;
        this.staying = staying;
        this.reader = repository.keys().canRead() ? repository.newReader() : null;
        Presence presence = new Presence(repository.index(), (fileSigner, pack) -> false);
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

    /** Packs that must not be deleted: what is needed of them could not be copied. */
    Set<Hash> refused() {
        return refused;
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
            if (!need.needs(pack, entry.id())) {
                continue;
            }
            List<Location> copies = repository.locations(entry.id());
            List<Location> here = copies.stream().filter(copy -> copy.pack().hash().equals(pack)).toList();
            if (elsewhere(copies, here)) {
                continue;
            }
            if (!mayCopy(pack, directory, entry, copies, here)) {
                refused.add(pack);
                return;
            }
            if (index.claim(entry.id())) {
                copier.add(repository.storage(), pack, directory.head(), entry);
                if (copier.isFull()) {
                    finish(copier);
                }
            }
        }
    }

    /** Whether there is a copy that stays and is believed as much by everybody: by a trusted key, or by the same writer. */
    private boolean elsewhere(List<Location> copies, List<Location> here) throws IOException {
        for (Location copy : copies) {
            if (staying.test(copy.pack().hash())
                    && (repository.trusted(copy.pack()) || here.stream().anyMatch(own -> sameWriter(own, copy)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameWriter(Location a, Location b) {
        return Arrays.equals(a.pack().signer(), b.pack().signer());
    }

    private boolean mayCopy(Hash pack, PackReader.Directory directory, BlobEntry entry, List<Location> copies, List<Location> here) throws IOException {
        if (here.stream().anyMatch(own -> repository.trusted(own.pack()))) {
            return true;
        }
        if (reader == null) {
            return copies.stream().allMatch(copy -> here.stream().anyMatch(own -> sameWriter(own, copy)));
        }
        if (frame.length < entry.stored()) {
            frame = new byte[entry.stored()];
        }
        try {
            repository.storage().read(PackFormat.name(pack), entry.offset(), frame, 0, entry.stored());
            boolean data = reader.open(pack, frame, 0, entry.stored(), entry.id()).kind() == BlobKind.DATA;
            return data == (directory.head().kind() == PackKind.DATA);
        } catch (DamagedException forged) {
            return false;
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }

    private void finish(FrameCopier copier) throws IOException {
        PackBuilder.Written written = copier.finish(repository.storage());
        copied += written.bytes();
        index.written(new IndexedPack(written.pack(), written.kind().code(), written.bytes(), repository.keys().signer().publicKey()),
                new PackBlobs(written.entries()));
    }
}

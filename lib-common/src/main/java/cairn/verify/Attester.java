package cairn.verify;

import cairn.error.CairnException;
import cairn.format.Hash;
import cairn.format.Signer;
import cairn.index.IndexReader;
import cairn.index.IndexedPack;
import cairn.index.PackIndexer;
import cairn.pack.PackFormat;
import cairn.pack.PackReader;
import cairn.repo.BlobReader;
import cairn.repo.Marks;
import cairn.repo.PackBlobs;
import cairn.repo.Repository;
import cairn.repo.Trust;
import cairn.repo.Unusable;
import cairn.store.NotStoredException;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Lets all clients rely on what was read and found to be what its writer says: packs of writers that are not trusted by
 * themselves. Only a full key can tell, since it opens every blob. The packs are listed in an index file that it signs, on
 * its own word: what their writers, or anybody else, tell of the same packs gains nothing by that.
 */
public final class Attester {
    private final Repository repository;
    private final Marks marks;
    private final PackIndexer indexer;
    private final Set<Hash> known;
    private int good;

    private Attester(Repository repository) throws IOException {
        this.repository = repository;
        this.marks = repository.marks();
        this.indexer = new PackIndexer(repository.storage(), repository.id(), repository.keys().signer());
        this.known = new HashSet<>();
        Trust trust = repository.keys().trust();
        for (IndexReader file : repository.index().files()) {
            for (int i = 0; file.signer() != null && trust.forContent(file.signer()) && i < file.packs(); i++) {
                IndexedPack pack = file.pack(i);
                if (repository.trusted(pack)) {
                    known.add(pack.hash());
                }
            }
        }
    }

    /** Null for a key whose word does not count. */
    public static Attester of(Repository repository) throws IOException {
        Signer signer = repository.keys().signer();
        return signer != null && repository.keys().canRead() && repository.keys().trust().forContent(signer.publicKey()) ? new Attester(repository) : null;
    }

    /** Takes a pack of which every blob was opened and named again. For any thread. */
    synchronized void add(Hash pack, byte[] file, int size, PackReader.Directory directory) throws IOException {
        if (!directory.head().envelope().signed()) {
            return;
        }
        int at = size - Signer.PUBLIC_KEY_BYTES - Signer.SIGNATURE_BYTES;
        byte[] writer = Arrays.copyOfRange(file, at, at + Signer.PUBLIC_KEY_BYTES);
        if (!known.contains(pack) && !repository.keys().trust().forContent(writer) && !marks.revokesPack(pack) && !marks.packSuspect(pack)) {
            indexer.add(new IndexedPack(pack, directory.head().kind().code(), size, repository.keys().signer().publicKey()),
                    new PackBlobs(directory.entries()));
            good++;
        }
    }

    /**
     * Reads packs and opens all that they hold, to take those that are good.
     *
     * @return those that are not: what they hold is not what they say
     */
    public List<Hash> readAll(Collection<Hash> packs, BooleanSupplier cancelled) throws IOException {
        List<Hash> bad = new ArrayList<>();
        byte[] buffer = new byte[0];
        try (BlobReader reader = repository.newReader()) {
            for (Hash pack : packs) {
                Optional<StoredFile> file = known.contains(pack) || cancelled.getAsBoolean() ? Optional.empty()
                        : repository.storage().stat(PackFormat.name(pack));
                if (file.isEmpty()) {
                    continue;
                }
                int size = (int) Math.min(file.get().size(), PackReader.LARGEST_PACK);
                buffer = buffer.length < size ? new byte[size] : buffer;
                try {
                    repository.storage().read(PackFormat.name(pack), 0, buffer, 0, size);
                    PackReader.Directory directory = PackReader.check(buffer, size, repository.id(), pack, repository.checker());
                    for (PackFormat.BlobEntry entry : directory.entries()) {
                        directory.head().kind().require(reader.open(pack, buffer, entry.offset(), entry.stored(), entry.id()).kind(),
                                PackFormat.name(pack));
                    }
                    add(pack, buffer, size, directory);
                } catch (NotStoredException gone) {
                    // pruned meanwhile
                } catch (CairnException wrong) {
                    Unusable.orThrow(wrong);
                    bad.add(pack);
                }
            }
        }
        return bad;
    }

    /** Publishes what was found. @return how many packs may be relied on that could not before */
    public synchronized int finish() throws IOException {
        indexer.flush();
        return good;
    }
}

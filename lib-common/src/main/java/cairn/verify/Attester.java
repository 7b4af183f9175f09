package cairn.verify;

import cairn.crypto.Rng;
import cairn.format.Hash;
import cairn.format.Signer;
import cairn.index.IndexedPack;
import cairn.index.PackIndexer;
import cairn.mark.Mark;
import cairn.pack.PackReader;
import cairn.repo.Marks;
import cairn.repo.PackBlobs;
import cairn.repo.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lets all clients rely on what a verification has read and found to be what its writer says: packs of writers that are
 * not trusted by themselves. Only a full key can tell, since it opens every blob. First the packs are listed in an index
 * file that it signs, because their writers' own are not believed either; then a mark says that they are good.
 */
final class Attester {
    private static final int MOST_A_MARK = 100_000;

    private final Repository repository;
    private final Marks marks;
    private final PackIndexer indexer;
    private final List<Hash> good = new ArrayList<>();

    private Attester(Repository repository) throws IOException {
        this.repository = repository;
        this.marks = repository.marks();
        this.indexer = new PackIndexer(repository.storage(), repository.id(), repository.keys().signer());
    }

    /** Null for a key whose word does not count. */
    static Attester of(Repository repository) throws IOException {
        Signer signer = repository.keys().signer();
        boolean counts = signer != null && repository.keys().canRead() && repository.keys().trust().forAttestation(signer.publicKey());
        return counts ? new Attester(repository) : null;
    }

    /** Takes a pack of which every blob was opened and named again. For any thread. */
    synchronized void add(Hash pack, byte[] file, int size, PackReader.Directory directory) throws IOException {
        if (!directory.head().envelope().signed()) {
            return;
        }
        int at = size - Signer.PUBLIC_KEY_BYTES - Signer.SIGNATURE_BYTES;
        byte[] writer = Arrays.copyOfRange(file, at, at + Signer.PUBLIC_KEY_BYTES);
        IndexedPack indexed = new IndexedPack(pack, directory.head().kind().code(), size, writer);
        if (!repository.trusted(marks, indexed) && !marks.revokesPack(pack) && !marks.packSuspect(pack)) {
            indexer.add(indexed, new PackBlobs(directory.entries()));
            good.add(pack);
        }
    }

    /** Publishes what was found. @return how many packs may be relied on that could not before */
    synchronized int finish() throws IOException {
        indexer.flush();
        for (int from = 0; from < good.size(); from += MOST_A_MARK) {
            List<Hash> subjects = good.subList(from, Math.min(good.size(), from + MOST_A_MARK)).stream().sorted().toList();
            byte[] file = new Mark(Mark.Type.ATTESTED, Rng.bytes(16), subjects, "read and found good").encode(repository.id(), repository.keys().signer());
            repository.storage().write(Mark.name(Mark.decode(file, repository.id(), null, "the new mark").name()), file);
        }
        return good.size();
    }
}

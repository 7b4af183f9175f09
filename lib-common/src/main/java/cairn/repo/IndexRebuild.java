package cairn.repo;

import cairn.error.CairnException;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.Signer;
import cairn.index.IndexReader;
import cairn.index.IndexedPack;
import cairn.index.PackIndexer;
import cairn.pack.PackFormat;
import cairn.pack.PackReader;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes index files for packs that no index file lists, from the directories at the end of those packs: the index can be
 * lost, wholly or in part, at the price of this. Without a key that signs, the files are not signed: enough to read.
 */
final class IndexRebuild {
    private IndexRebuild() {
    }

    /** @return how many packs are listed now that were not before */
    static int run(Repository repository) throws IOException {
        List<StoredFile> unlisted = unlisted(repository);
        if (unlisted.isEmpty()) {
            return 0;
        }
        // a damaged file that nobody has noticed may have the very name of the one that is to be written
        repository.index().checkAll(repository.checker(), new HashSet<>());
        unlisted = unlisted(repository);
        deleteLeftOut(repository);
        Storage storage = repository.storage();
        PackIndexer indexer = new PackIndexer(storage, repository.id(), repository.keys().signer());
        int done = 0;
        for (StoredFile file : unlisted) {
            Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
            try {
                PackReader.Directory directory = PackReader.readDirectory(storage, repository.id(), hash, file);
                byte[] signer = signer(repository, hash, file);
                if (signer != null) {
                    indexer.add(new IndexedPack(hash, directory.head().kind().code(), file.size(), signer), new PackBlobs(directory.entries()));
                    done++;
                }
            } catch (CairnException unusable) {
                Unusable.orThrow(unusable); // what it held is missing, which whoever needs it will say
            }
        }
        indexer.flush();
        return done;
    }

    private static List<StoredFile> unlisted(Repository repository) throws IOException {
        Set<Hash> known = new HashSet<>();
        for (IndexReader file : repository.index().files()) {
            if (repository.keys().signer() != null && file.signer() == null) {
                continue; // made without a key: no writer relies on it
            }
            // whoever is not trusted speaks for its own packs only: else it could hide from us what others' packs hold
            boolean forAll = file.signer() == null || repository.keys().trust().forContent(file.signer()) || repository.keys().trust().forMarks(file.signer());
            for (int i = 0; i < file.packs(); i++) {
                if (forAll || Arrays.equals(file.pack(i).signer(), file.signer())) {
                    known.add(file.pack(i).hash());
                }
            }
        }
        Marks marks = repository.marks();
        List<StoredFile> unlisted = new ArrayList<>();
        repository.storage().list(Kind.PACK.folder() + "/", file -> {
            Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
            if (hash != null && PackFormat.name(hash).equals(file.name()) && !known.contains(hash) && !marks.packTombstoned(hash)) {
                unlisted.add(file);
            }
        });
        return unlisted;
    }

    private static void deleteLeftOut(Repository repository) throws IOException {
        for (String name : repository.index().leftOut()) {
            try {
                repository.storage().delete(name);
            } catch (NotStoredException gone) {
                // merged or deleted meanwhile
            }
            repository.index().leaveOutNoMore(name);
        }
    }

    /** Who signed a pack, or null if the signature is not right. It covers the hash that the pack is named by. */
    private static byte[] signer(Repository repository, Hash hash, StoredFile file) throws IOException {
        byte[] end = new byte[Signer.PUBLIC_KEY_BYTES + Signer.SIGNATURE_BYTES];
        repository.storage().read(file.name(), file.size() - end.length, end, 0, end.length);
        byte[] signer = Arrays.copyOf(end, Signer.PUBLIC_KEY_BYTES);
        byte[] signature = Arrays.copyOfRange(end, Signer.PUBLIC_KEY_BYTES, end.length);
        return repository.checker().verify(signer, Envelope.message(Kind.PACK, repository.id(), hash), signature) ? signer : null;
    }
}

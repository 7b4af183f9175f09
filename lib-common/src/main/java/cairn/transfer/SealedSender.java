package cairn.transfer;

import cairn.format.BlobId;
import cairn.format.ByteWriter;
import cairn.format.Hash;
import cairn.format.Signer;
import cairn.index.IndexedPack;
import cairn.index.Location;
import cairn.index.PackIndexer;
import cairn.pack.PackFormat.BlobEntry;
import cairn.pack.PackKind;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.BlobIdSet;
import cairn.repo.GraphWalk;
import cairn.repo.LocalTrees;
import cairn.repo.Marks;
import cairn.repo.PackBlobs;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.spool.HeldFolder;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import cairn.stream.SealedFrames;
import cairn.stream.StreamStorage;
import cairn.stream.StreamWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A repository that is a sealed stream: an archiver that runs on it sends its backup. What the receiver has is told to it
 * as an index file, so that it is not sent again; without a base it has nothing.
 */
public final class SealedSender implements AutoCloseable {
    private static final int MOST_AT_ONCE = 256 << 10;

    private final HeldFolder folder;
    private final Repository repository;
    private Backup base;

    private SealedSender(HeldFolder folder, Repository repository) {
        this.folder = folder;
        this.repository = repository;
    }

    /**
     * Begins to send everything.
     *
     * @param settings of the repository that the stream is for
     * @param scratch  folder for temporary files, or null for the system's
     */
    public static SealedSender whole(StreamWriter out, RepositoryKeys keys, Map<String, String> settings, Path scratch) throws IOException {
        HeldFolder folder = HeldFolder.make(scratch, "send");
        Storage local = LocalFolder.create(folder.path().toString());
        return new SealedSender(folder, new Repository(new StreamStorage(out, local, null, Set.of()), keys, settings));
    }

    /**
     * Begins to send what a base does not have.
     *
     * @param source   where the base is, opened by a key that reads; its storage is closed with this
     * @param base     a backup that the receiver has
     */
    public static SealedSender above(StreamWriter out, Repository source, RecordFile base, Map<String, String> settings, Path scratch)
            throws IOException {
        HeldFolder folder = HeldFolder.make(scratch, "send");
        try {
            Storage local = LocalFolder.create(folder.path().toString());
            out.write(SealedFrames.BASE, new ByteWriter(32).hash(base.written()).toBytes());
            tell(source, base, local, scratch);
            StreamStorage storage = new StreamStorage(out, local, source.storage(), Set.of(RecordFile.name(base.id())));
            return new SealedSender(folder, new Repository(storage, source.keys(), settings));
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /** Chooses a backup of those whose trees this client keeps, oldest first. */
    @FunctionalInterface
    public interface Choice {
        LocalTrees.Kept of(List<LocalTrees.Kept> kept) throws IOException;
    }

    /**
     * Begins to send what one of this client's own backups does not have, by the trees that it keeps on its disk: for a key
     * that cannot read, or where the repository is not at hand.
     *
     * @param cache where the trees are kept
     */
    public static SealedSender aboveOwn(StreamWriter out, RepositoryKeys keys, Map<String, String> settings, Path cache, Choice choice)
            throws IOException {
        HeldFolder folder = HeldFolder.make(cache, "send");
        Storage local = LocalFolder.create(folder.path().toString());
        Repository repository = new Repository(new StreamStorage(out, local, null, Set.of()), keys, settings);
        SealedSender sender = new SealedSender(folder, repository);
        try {
            LocalTrees.attach(repository, cache);
            LocalTrees trees = repository.localTrees();
            LocalTrees.Kept kept = choice.of(trees == null ? List.of() : trees.kept());
            out.write(SealedFrames.BASE, new ByteWriter(32).hash(kept.written()).toBytes());
            sender.base = new Backup(kept.record(), kept.body(), false);
            tell(trees, kept, local, keys, cache);
            return sender;
        } catch (IOException | RuntimeException e) {
            sender.close();
            throw e;
        }
    }

    /** Where the receiver has a blob is not known, and nobody asks: only that it has it. */
    private static void tell(LocalTrees trees, LocalTrees.Kept kept, Storage local, RepositoryKeys keys, Path scratch) throws IOException {
        IndexedPack somewhere = new IndexedPack(Hash.ZERO, PackKind.DATA.code(), 0, keys.signer().publicKey());
        PackIndexer indexer = new PackIndexer(local, keys.repository(), keys.signer());
        Map<IndexedPack, List<BlobEntry>> known = new HashMap<>();
        int[] count = {0};
        try (BlobIdSet seen = new BlobIdSet(scratch)) {
            trees.walk(kept, seen, (id, here) -> {
                known.computeIfAbsent(somewhere, pack -> new ArrayList<>()).add(new BlobEntry(id, 0, 0, 0));
                if (++count[0] % MOST_AT_ONCE == 0) {
                    flush(indexer, known);
                }
            });
        }
        flush(indexer, known);
    }

    /** Writes index files of all that a backup needs. */
    private static void tell(Repository source, RecordFile base, Storage local, Path scratch) throws IOException {
        Signer signer = source.keys().signer();
        PackIndexer indexer = new PackIndexer(local, source.id(), signer);
        Map<IndexedPack, List<BlobEntry>> known = new HashMap<>();
        int[] count = {0};
        Marks marks = source.marks();
        try (BlobIdSet seen = new BlobIdSet(scratch)) {
            GraphWalk walk = new GraphWalk(source, seen, pack -> !marks.revokesPack(pack));
            GraphWalk.Visitor visitor = new GraphWalk.Visitor() {
                @Override
                public void blob(BlobId id, List<Location> copies) throws IOException {
                    if (copies.isEmpty()) {
                        return; // not to be relied on: it is sent again
                    }
                    Location copy = copies.getFirst();
                    known.computeIfAbsent(copy.pack(), pack -> new ArrayList<>()).add(new BlobEntry(id, copy.offset(), copy.stored(), copy.plain()));
                    if (++count[0] % MOST_AT_ONCE == 0) {
                        flush(indexer, known);
                    }
                }

                @Override
                public void unreadable(BlobId id, IOException why) {
                    // what it leads to is sent again
                }
            };
            walk.walk(base.head().tree(), base.signer(), visitor);
            walk.walk(base.head().stat(), base.signer(), visitor);
        }
        flush(indexer, known);
    }

    private static void flush(PackIndexer indexer, Map<IndexedPack, List<BlobEntry>> known) throws IOException {
        for (Map.Entry<IndexedPack, List<BlobEntry>> pack : known.entrySet()) {
            indexer.add(pack.getKey(), new PackBlobs(pack.getValue()));
        }
        indexer.flush();
        known.clear();
    }

    /** The backup of this client that it begins from, for {@link cairn.archive.Archiver#above}; null if it was given or there is none. */
    public Backup base() {
        return base;
    }

    /** What an archiver runs on. */
    public Repository repository() {
        return repository;
    }

    @Override
    public void close() throws IOException {
        try {
            repository.close();
        } finally {
            folder.close();
        }
    }
}

package cairn.transfer;

import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.index.Location;
import cairn.index.Presence;
import cairn.key.KeyList;
import cairn.pack.PackFormat;
import cairn.pack.PackReader;
import cairn.record.RecordFile;
import cairn.remote.Places.Place;
import cairn.remote.Questions;
import cairn.repo.BlobIdSet;
import cairn.repo.GraphWalk;
import cairn.repo.Marks;
import cairn.repo.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Answers one client where blobs are: those in packs that it signed, and those that its own backups lead to, wherever they
 * lie now (a prune moves blobs of many clients into packs of its own). With {@code share-hashes} on, in addition, whether
 * anybody has a blob. What a backup of its own leads to it may read, there and nowhere else. For any number of threads.
 */
final class ClientQuestions implements Questions, AutoCloseable {
    private static final byte[] NOBODY = new byte[32];

    private final Repository repository;
    private final KeyList list;
    private final KeyList.Member client;
    private final ClientFiles files;
    private final boolean sharesHashes;
    private final Path scratch;
    /** Blobs that the client was told of and may read: by pack, where they begin and how long they are. */
    private final Map<Hash, TreeMap<Integer, Integer>> granted = new HashMap<>();
    private BlobIdSet reached;
    private Presence presence;

    ClientQuestions(Repository repository, KeyList list, KeyList.Member client, ClientFiles files, boolean sharesHashes, Path scratch) {
        this.repository = repository;
        this.list = list;
        this.client = client;
        this.files = files;
        this.sharesHashes = sharesHashes;
        this.scratch = scratch;
    }

    @Override
    public synchronized List<Place> find(BlobId id) throws IOException {
        Marks marks = repository.marks();
        List<Place> places = new ArrayList<>();
        boolean own = false;
        List<Location> copies = new ArrayList<>(repository.index().locations(id));
        copies.removeIf(copy -> marks.packTombstoned(copy.pack().hash()));
        boolean byTrusted = copies.stream().anyMatch(copy -> mayRelyOn(copy.pack().signer()));
        for (Location copy : copies) {
            Hash pack = copy.pack().hash();
            if (byTrusted && !mayRelyOn(copy.pack().signer())) {
                continue; // it would only tell who else has the same
            }
            if (files.sees(PackFormat.name(pack))) {
                places.add(new Place(copy, NOBODY));
            } else if (own || (own = leadsTo(id))) {
                granted.computeIfAbsent(pack, p -> new TreeMap<>()).put(copy.offset(), copy.stored());
                places.add(new Place(copy, NOBODY));
            }
        }
        if (places.isEmpty() && sharesHashes) {
            Location shared = presence().find(id);
            if (shared != null) {
                places.add(new Place(shared, NOBODY));
            }
        }
        return places;
    }

    private boolean mayRelyOn(byte[] signer) {
        return files.isOwn(signer) || list.trustsContentOf(signer);
    }

    /** Whether an own backup leads to a blob; walks them all at the first call. */
    private boolean leadsTo(BlobId id) throws IOException {
        if (reached == null) {
            reached = new BlobIdSet(scratch);
            GraphWalk walk = new GraphWalk(repository, reached, pack -> true);
            GraphWalk.Visitor nothing = new GraphWalk.Visitor() {
                @Override
                public void blob(BlobId blob, List<Location> copies) {
                }

                @Override
                public void unreadable(BlobId blob, IOException why) {
                }
            };
            for (RecordFile record : repository.records().readable(repository.marks())) {
                if (Arrays.equals(record.signer(), client.signingKey())) {
                    walk.walk(record.head().tree(), record.signer(), nothing);
                    walk.walk(record.head().stat(), record.signer(), nothing);
                }
            }
        }
        return reached.contains(id);
    }

    /** What the clients of this repository rely on: that of full keys, or of all where they trust each other. */
    private Presence presence() throws IOException {
        if (presence == null) {
            Marks marks = repository.marks();
            presence = new Presence(repository.index(), (fileSigner, pack) -> fileSigner != null && list.trustsContentOf(fileSigner)
                    && list.trustsContentOf(pack.signer()) && !marks.revokesPack(pack.hash()) && !marks.packSuspect(pack.hash()));
        }
        return presence;
    }

    /** Whether the client was told of a blob in a pack that it may read. */
    synchronized boolean knows(Hash pack) {
        return granted.containsKey(pack);
    }

    /** Whether a stretch of a pack is made of blobs that the client may read. */
    synchronized boolean mayRead(Hash pack, long offset, long length) {
        TreeMap<Integer, Integer> blobs = granted.get(pack);
        if (blobs == null || length <= 0) {
            return false;
        }
        Map.Entry<Integer, Integer> at = blobs.floorEntry((int) Math.min(Integer.MAX_VALUE, offset));
        long end = offset + length;
        while (at != null && (long) at.getKey() + at.getValue() < end) {
            long next = (long) at.getKey() + at.getValue();
            Integer stored = blobs.get((int) next);
            at = stored == null ? null : Map.entry((int) next, stored);
        }
        return at != null && (long) at.getKey() + at.getValue() >= end;
    }

    /** Bytes of the head of a pack, which whoever reads a blob in it needs. */
    int headOf(Hash pack) throws IOException {
        return PackReader.readHead(repository.storage(), repository.id(), pack).bytes();
    }

    @Override
    public void close() throws IOException {
        if (reached != null) {
            reached.close();
        }
    }
}

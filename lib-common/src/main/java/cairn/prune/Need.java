package cairn.prune;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.index.Location;
import cairn.pack.PackFormat;
import cairn.record.RecordFile;
import cairn.repo.BlobIdSet;
import cairn.repo.GraphWalk;
import cairn.repo.Marks;
import cairn.repo.ReachedBlobs;
import cairn.repo.Repository;
import cairn.store.NotStoredException;
import cairn.store.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What records lead to, and how much of each pack that is. Whoever may write can claim to have a blob that somebody else
 * has, so for each writer the copy is needed that it relied on: that of a trusted key, or else its own ({@link
 * Repository#rank}). Writers that nobody but themselves trusts are walked one by one.
 */
final class Need implements AutoCloseable {
    private final Repository repository;
    private final Path scratch;
    private ReachedBlobs reached;
    /** Pairs of a pack and a blob in it. */
    private BlobIdSet needed;
    private final Map<Hash, PackUsage> packs = new HashMap<>();
    /** Packs that this prune is about to delete. */
    private Set<Hash> going;
    private Marks marks;

    Need(Repository repository, Path scratch, Set<Hash> going) throws IOException {
        this.repository = repository;
        this.going = going;
        this.scratch = scratch;
        this.reached = new ReachedBlobs(repository, scratch);
        this.needed = new BlobIdSet(scratch);
        repository.rebuildIndex();
        refresh();
    }

    /**
     * Takes up packs that came meanwhile, and drops those that went.
     *
     * @return whether something that is needed was in one that went
     */
    private boolean refresh() throws IOException {
        Map<Hash, PackUsage> listed = new HashMap<>();
        repository.storage().list(Kind.PACK.folder() + "/", file -> {
            Hash hash = packOf(file);
            if (hash != null) {
                listed.put(hash, packs.getOrDefault(hash, new PackUsage(hash, file.size(), file.modified())));
            }
        });
        boolean lost = packs.values().stream().anyMatch(pack -> pack.live > 0 && !listed.containsKey(pack.pack));
        packs.clear();
        packs.putAll(listed);
        return lost;
    }

    private static Hash packOf(StoredFile file) {
        Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
        return hash != null && PackFormat.name(hash).equals(file.name()) ? hash : null;
    }

    /** Forgets what was reached. */
    void restart(Set<Hash> nowGoing) throws IOException {
        going = nowGoing;
        reached.close();
        needed.close();
        reached = new ReachedBlobs(repository, scratch);
        needed = new BlobIdSet(scratch);
        packs.clear();
        refresh();
    }

    /** Adds everything that records lead to. @throws CairnException if something is missing: then nothing is safe to delete */
    void reach(List<Hash> records) throws IOException {
        reach(records, false);
    }

    /**
     * Adds what is still there of all that incomplete records lead to. No other record may be reached after these: what
     * is missing counts as reached, and what a newer copy of it leads to would not be found any more.
     */
    void reachRest(List<Hash> records) throws IOException {
        reach(records, true);
    }

    private void reach(List<Hash> records, boolean incomplete) throws IOException {
        marks = repository.marks();
        for (Hash id : records) {
            RecordFile record;
            try {
                record = repository.records().get(id);
            } catch (NotStoredException gone) {
                continue; // deleted by another prune since it was listed: no root any more
            }
            byte[] writer = reached.writer(record);
            GraphWalk walk = new GraphWalk(repository, reached.of(writer), packs::containsKey, true);
            GraphWalk.Visitor visitor = visitor(writer, incomplete);
            walk.walk(record.head().tree(), writer, visitor);
            walk.walk(record.head().stat(), writer, visitor);
        }
    }

    private GraphWalk.Visitor visitor(byte[] writer, boolean incomplete) {
        return new GraphWalk.Visitor() {
            @Override
            public void blob(BlobId id, List<Location> copies) throws IOException {
                if (copies.isEmpty() && incomplete) {
                    return;
                }
                if (copies.isEmpty()) {
                    throw new CairnException(ExitCode.DAMAGED, "cannot prune: blob " + id + " is needed and in no pack",
                            "run 'cairn verify' to see which backups are hit, and forget those first");
                }
                Location best = best(copies, writer);
                if (needed.add(pair(best.pack().hash(), id))) {
                    PackUsage usage = packs.get(best.pack().hash());
                    usage.live += best.stored() + PackFormat.ENTRY;
                    usage.contested |= !repository.trusted(best.pack())
                            && copies.stream().anyMatch(copy -> !Arrays.equals(copy.pack().signer(), best.pack().signer()));
                }
            }

            @Override
            public void unreadable(BlobId id, IOException why) throws IOException {
                if (!incomplete) {
                    throw why;
                }
            }
        };
    }

    /**
     * Of the copies that are believed most the one to keep; one in a pack that was found damaged only if there is no other.
     * All prunes choose alike: the oldest, so that what came again from another client lies in packs that nothing needs. One
     * that somebody else has marked comes last, behind those that go here: those are copied, while the other may count on a
     * copy that goes here.
     */
    private Location best(List<Location> copies, byte[] writer) {
        int most = repository.rank(copies.getFirst(), writer);
        return copies.stream().filter(copy -> repository.rank(copy, writer) == most).min(Comparator
                .<Location, Boolean>comparing(copy -> repository.suspect(marks, copy.pack().hash()))
                .thenComparingInt(copy -> !marks.packMarked(copy.pack().hash()) ? 0 : going.contains(copy.pack().hash()) ? 1 : 2)
                .thenComparing(copy -> packs.get(copy.pack().hash()).since)
                .thenComparing(copy -> copy.pack().hash())).orElseThrow();
    }

    /**
     * Takes up what changed in the storage.
     *
     * @param now the marks as they are when those of this prune can be seen by all
     * @return whether what is needed was found in packs that another prune has marked or deleted since: then it must be
     *     looked for anew, because the other one may count on copies that go here
     */
    boolean refresh(Marks now, Set<Hash> nowGoing) throws IOException {
        boolean marked = packs.values().stream().filter(pack -> pack.live > 0).map(pack -> pack.pack)
                .anyMatch(pack -> now.revokesPack(pack) && !marks.revokesPack(pack) && !nowGoing.contains(pack));
        return refresh() || marked;
    }

    /** Packs that hold something of which several clients say to have it, and nobody that all believe. */
    List<Hash> contested() {
        return packs.values().stream().filter(pack -> pack.contested && !marks.packSuspect(pack.pack)).map(pack -> pack.pack).sorted().toList();
    }

    private static BlobId pair(Hash pack, BlobId id) {
        return new BlobId(pack.a() ^ id.a(), pack.b() ^ id.b(), pack.c() ^ id.c(), pack.d() ^ id.d());
    }

    /** Whether somebody relies on the copy of a blob in a pack. */
    boolean needs(Hash pack, BlobId id) {
        return needed.contains(pair(pack, id));
    }

    /** Packs that nothing needs, and of the others those with most waste, until the rest wastes little enough. Marked ones are left out. */
    List<PackUsage> choose(Marks marks, double maxUnused) {
        List<PackUsage> chosen = new ArrayList<>();
        List<PackUsage> partly = new ArrayList<>();
        long waste = 0;
        for (PackUsage pack : packs.values()) {
            if (marks.packMarked(pack.pack) || marks.packSuspect(pack.pack) && pack.live > 0) {
                continue; // what is needed of a damaged pack cannot be copied
            }
            if (pack.live == 0) {
                chosen.add(pack);
            } else if (repository.keys().canRead() || !pack.contested) { // without reading nobody can tell whose copy is right
                partly.add(pack);
                waste += pack.waste();
            }
        }
        partly.sort(Comparator.comparingDouble(PackUsage::wasteShare).reversed());
        double limit = stored() * maxUnused;
        for (PackUsage pack : partly) {
            if (waste <= limit) {
                break;
            }
            chosen.add(pack);
            waste -= pack.waste();
        }
        return chosen;
    }

    boolean exists(Hash pack) {
        return packs.containsKey(pack);
    }

    /** Whether something that is needed has its best copy in a pack. */
    boolean isNeeded(Hash pack) {
        PackUsage usage = packs.get(pack);
        return usage != null && usage.live > 0;
    }

    /** Bytes of a pack; 0 if it is not there. */
    long size(Hash pack) {
        PackUsage usage = packs.get(pack);
        return usage == null ? 0 : usage.size;
    }

    /** Bytes of all packs. */
    long stored() {
        return packs.values().stream().mapToLong(pack -> pack.size).sum();
    }

    /** Bytes of them that are needed. */
    long live() {
        return packs.values().stream().mapToLong(pack -> pack.live).sum();
    }

    @Override
    public void close() {
        reached.close();
        needed.close();
    }
}

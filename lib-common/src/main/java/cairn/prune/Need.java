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
import cairn.repo.Repository;
import cairn.store.NotStoredException;
import cairn.store.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What records lead to, and how much of each pack that is. Each blob counts for the pack of its most trusted copy, so
 * that of several copies the better one stays.
 */
final class Need implements AutoCloseable {
    private final Repository repository;
    private final Path scratch;
    private BlobIdSet reached;
    private final Map<Hash, PackUsage> packs = new HashMap<>();

    Need(Repository repository, Path scratch) throws IOException {
        this.repository = repository;
        this.scratch = scratch;
        this.reached = new BlobIdSet(scratch);
        refresh();
    }

    /** Takes up packs that came meanwhile, and drops those that went. */
    void refresh() throws IOException {
        Map<Hash, PackUsage> listed = new HashMap<>();
        repository.storage().list(Kind.PACK.folder() + "/", file -> {
            Hash hash = packOf(file);
            if (hash != null) {
                listed.put(hash, packs.getOrDefault(hash, new PackUsage(hash, file.size())));
            }
        });
        packs.clear();
        packs.putAll(listed);
    }

    private static Hash packOf(StoredFile file) {
        Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
        return hash != null && PackFormat.name(hash).equals(file.name()) ? hash : null;
    }

    /** Forgets what was reached. */
    void restart() throws IOException {
        reached.close();
        reached = new BlobIdSet(scratch);
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
        GraphWalk walk = new GraphWalk(repository, reached, packs::containsKey);
        GraphWalk.Visitor visitor = new GraphWalk.Visitor() {
            @Override
            public void blob(BlobId id, List<Location> copies) throws IOException {
                if (copies.isEmpty() && incomplete) {
                    return;
                }
                if (copies.isEmpty()) {
                    throw new CairnException(ExitCode.DAMAGED, "cannot prune: blob " + id + " is needed and in no pack",
                            "run 'cairn verify' to see which backups are hit, and forget those first");
                }
                packs.get(copies.getFirst().pack().hash()).live += copies.getFirst().stored() + PackFormat.ENTRY;
            }

            @Override
            public void unreadable(BlobId id, IOException why) throws IOException {
                if (!incomplete) {
                    throw why;
                }
            }
        };
        for (Hash id : records) {
            try {
                RecordFile record = repository.records().get(id);
                walk.walk(record.head().tree(), visitor);
                walk.walk(record.head().stat(), visitor);
            } catch (NotStoredException gone) {
                // deleted by another prune since it was listed: no root any more
            }
        }
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
            } else {
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

    BlobIdSet reached() {
        return reached;
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
    }
}

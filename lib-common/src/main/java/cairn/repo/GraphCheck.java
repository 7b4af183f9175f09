package cairn.repo;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.index.Location;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether all that a backup needs is in the repository, before it is made visible. Needs no key. Each blob must have a
 * copy in a pack that is there and that nobody has marked; whole subtrees count as there where an older backup, which is
 * there and not marked, has them too (rule 3).
 *
 * <p>The new tree and that of the older backup are walked side by side, level by level, and only where they differ: so a
 * backup in which nothing changed is checked at once, however large it is.
 */
public final class GraphCheck {
    private final Repository repository;
    private final Predicate<Hash> revoked;
    private final Path scratch;
    private final Map<Hash, Boolean> packs = new HashMap<>();

    /**
     * @param revoked whether a pack is marked or gone
     * @param scratch folder for temporary files, or null for the system's
     */
    public GraphCheck(Repository repository, Predicate<Hash> revoked, Path scratch) {
        this.repository = repository;
        this.revoked = revoked;
        this.scratch = scratch;
    }

    /**
     * Looks for a blob that is missing.
     *
     * @param roots of the new backup
     * @param known roots of an older backup that may be relied on; empty if there is none
     * @return the first that was found missing, or null if all are there
     */
    public BlobId missing(List<BlobId> roots, List<BlobId> known) throws IOException {
        try (BlobIdSet seen = new BlobIdSet(scratch)) {
            List<BlobId> older = new ArrayList<>(known);
            older.removeAll(roots);
            for (BlobId root : known) {
                seen.add(root);
            }
            Level fresh = new Level();
            for (BlobId root : roots) {
                if (seen.add(root) && !fresh.take(root)) {
                    return root;
                }
            }
            while (!fresh.trees.isEmpty()) {
                Set<BlobId> olderBelow = below(older, seen);
                Level next = new Level();
                for (Location tree : fresh.trees) {
                    for (BlobId id : references(tree)) {
                        if (olderBelow.remove(id) || !seen.add(id)) {
                            continue;
                        }
                        if (!next.take(id)) {
                            return id;
                        }
                    }
                }
                older = List.copyOf(olderBelow);
                fresh = next;
            }
            return null;
        }
    }

    /** Blobs of a level of the new tree that lead further. */
    private final class Level {
        final List<Location> trees = new ArrayList<>();

        /** Whether the blob is there. */
        boolean take(BlobId id) throws IOException {
            for (Location copy : repository.locations(id)) {
                if (isThere(copy.pack().hash())) {
                    if (copy.pack().kind() != PackKind.DATA.code()) {
                        trees.add(copy);
                    }
                    return true;
                }
            }
            return false;
        }
    }

    private boolean isThere(Hash pack) throws IOException {
        Boolean known = packs.get(pack);
        if (known == null) {
            known = !revoked.test(pack) && repository.storage().stat(PackFormat.name(pack)).isPresent();
            packs.put(pack, known);
        }
        return known;
    }

    private List<BlobId> references(Location copy) throws IOException {
        return new GraphWalk(repository, null, pack -> true).references(copy);
    }

    /** What pieces of the older tree refer to. One that cannot be read costs time: what it leads to is looked up blob by blob. */
    private Set<BlobId> below(List<BlobId> pieces, BlobIdSet seen) throws IOException {
        Set<BlobId> found = new HashSet<>();
        for (BlobId piece : pieces) {
            for (Location copy : repository.locations(piece)) {
                if (copy.pack().kind() == PackKind.DATA.code()) {
                    break;
                }
                try {
                    for (BlobId id : references(copy)) {
                        if (seen.add(id)) {
                            found.add(id);
                        }
                    }
                    break;
                } catch (CairnException unreadable) {
                    Unusable.orThrow(unreadable); // another copy may do
                }
            }
        }
        return found;
    }
}

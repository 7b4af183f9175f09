package cairn.repo;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.index.Location;
import cairn.pack.FrameCopier;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import cairn.pack.PackReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rule 5 for a writer that was fenced and whose source is gone, so that it cannot make anew what is missing: in a new
 * session it looks up everything that its backup leads to, where it may rely on it. What lies only in packs that somebody
 * has marked meanwhile, mostly its own, which no record led to yet, it copies out of these as long as they are there,
 * sealed as it is. If nothing is gone the backup can be published in that session.
 */
public final class LookAgain {
    private static final int OWN = 1;

    private final Repository repository;
    private final WriteSession session;
    private final Path scratch;
    private final byte[] own;
    private final Map<Hash, Boolean> there = new HashMap<>();
    private final Map<PackKind, FrameCopier> copiers = new EnumMap<>(PackKind.class);
    private Hash opened;
    private PackFormat.Head head;

    /**
     * @param session begun after the other one was found fenced
     * @param scratch for what does not fit in memory; null for the system's folder
     */
    public LookAgain(Repository repository, WriteSession session, Path scratch) {
        this.repository = repository;
        this.session = session;
        this.scratch = scratch;
        this.own = repository.keys().signer().publicKey();
    }

    /** Whether all that some roots lead to is there; then this session has all of it, durable. */
    public boolean finds(List<BlobId> roots) throws IOException {
        boolean[] gone = new boolean[1];
        GraphWalk.Visitor visitor = new GraphWalk.Visitor() {
            @Override
            public void blob(BlobId id, List<Location> copies) throws IOException {
                gone[0] |= !gone[0] && !has(id, copies);
            }

            @Override
            public void unreadable(BlobId id, IOException why) {
                gone[0] = true;
            }
        };
        try (BlobIdSet seen = new BlobIdSet(scratch)) {
            GraphWalk walk = new GraphWalk(repository, seen, this::isThere, true);
            for (BlobId root : roots) {
                walk.walk(root, own, visitor);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (gone[0]) {
            return false;
        }
        for (FrameCopier copier : copiers.values()) {
            if (!copier.isEmpty()) {
                session.copied(copier.finish(repository.storage()));
            }
        }
        return true;
    }

    private boolean has(BlobId id, List<Location> copies) throws IOException {
        List<Location> believed = copies.stream().filter(copy -> repository.rank(copy, own) <= OWN).toList();
        if (believed.isEmpty()) {
            return false;
        }
        if (believed.stream().allMatch(copy -> session.marks().packMarked(copy.pack().hash()))) {
            try {
                copy(id, believed.getFirst());
            } catch (CairnException gone) {
                Unusable.orThrow(gone);
                return false;
            }
        }
        return true;
    }

    private void copy(BlobId id, Location from) throws IOException {
        if (!session.claim(id)) {
            return;
        }
        Hash pack = from.pack().hash();
        if (!pack.equals(opened)) {
            head = PackReader.readHead(repository.storage(), repository.id(), pack);
            opened = pack;
        }
        FrameCopier copier = copiers.computeIfAbsent(head.kind(),
                kind -> new FrameCopier(repository.id(), kind, repository.keys().signer(), repository.packSize()));
        copier.add(repository.storage(), pack, head, new PackFormat.BlobEntry(id, from.offset(), from.stored(), from.plain()));
        if (copier.isFull()) {
            session.copied(copier.finish(repository.storage()));
        }
    }

    private boolean isThere(Hash pack) {
        return there.computeIfAbsent(pack, hash -> {
            try {
                return !session.marks().packTombstoned(hash) && !repository.suspect(session.marks(), hash)
                        && repository.storage().stat(PackFormat.name(hash)).isPresent();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}

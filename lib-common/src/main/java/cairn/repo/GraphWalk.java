package cairn.repo;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.index.Location;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Walks from the roots of records to every blob they need, along the references that stand in clear: needs no key and
 * sees no name, attribute or content. Each blob is met once.
 */
public final class GraphWalk {
    private final Repository repository;
    private final BlobIdSet seen;
    private final Predicate<Hash> usable;
    private final boolean strict;
    private byte[] frame = new byte[64 << 10];

    /** Hears of each blob. */
    public interface Visitor {
        /** A blob with its copies in usable packs, the most believed first; none if it is missing. */
        void blob(BlobId id, List<Location> copies) throws IOException;

        /** A tree blob whose references cannot be read in any copy: what it leads to is not known. */
        void unreadable(BlobId id, IOException why) throws IOException;
    }

    /** One that tries all copies, for whoever deletes nothing. */
    public GraphWalk(Repository repository, BlobIdSet seen, Predicate<Hash> usable) {
        this(repository, seen, usable, false);
    }

    /**
     * @param seen   blobs that were met already, also by earlier walks
     * @param usable whether a pack counts as a place where a blob is
     * @param strict whether references are read only from copies that are believed as much as the best one: for whoever
     *     deletes what is not reached
     */
    public GraphWalk(Repository repository, BlobIdSet seen, Predicate<Hash> usable, boolean strict) {
        this.repository = repository;
        this.seen = seen;
        this.usable = usable;
        this.strict = strict;
    }

    /**
     * Walks everything below a root that was not met yet.
     *
     * @param writer who signed the record that leads there: which copies are believed first, {@link Repository#rank}
     */
    public void walk(BlobId root, byte[] writer, Visitor visitor) throws IOException {
        Marks marks = repository.marks();
        ToIntFunction<Location> rank = copy -> repository.rank(copy, writer);
        Deque<BlobId> todo = new ArrayDeque<>();
        if (seen.add(root)) {
            todo.push(root);
        }
        while (!todo.isEmpty()) {
            BlobId id = todo.pop();
            List<Location> copies = repository.locations(id).stream().filter(copy -> usable.test(copy.pack().hash()))
                    .sorted(Comparator.comparingInt(rank).thenComparing(copy -> marks.packMarked(copy.pack().hash()))).toList();
            visitor.blob(id, copies);
            if (copies.isEmpty() || copies.getFirst().pack().kind() == PackKind.DATA.code()) {
                continue;
            }
            IOException why = null;
            boolean read = false;
            for (Location copy : copies) {
                if (strict && rank.applyAsInt(copy) > rank.applyAsInt(copies.getFirst())) {
                    break;
                }
                try {
                    pushReferences(copy, todo);
                    read = true;
                    break;
                } catch (CairnException damaged) {
                    Unusable.orThrow(damaged);
                    why = damaged;
                }
            }
            if (!read) {
                visitor.unreadable(id, why);
            }
        }
    }

    private void pushReferences(Location copy, Deque<BlobId> todo) throws IOException {
        List<BlobId> fresh = new ArrayList<>();
        for (BlobId id : references(copy)) {
            if (seen.add(id)) {
                todo.push(id);
                fresh.add(id);
            }
        }
        repository.expect(fresh, true);
    }

    /** The references that stand in clear beside a copy of a tree blob. */
    List<BlobId> references(Location copy) throws IOException {
        String name = PackFormat.name(copy.pack().hash());
        if (frame.length < copy.stored()) {
            frame = new byte[copy.stored()];
        }
        repository.expect(copy);
        repository.storage().read(name, copy.offset(), frame, 0, copy.stored());
        PackFormat.Frame head = PackFormat.readFrame(frame, 0, copy.stored(), name);
        if (head.kind() == BlobKind.DATA) {
            throw new DamagedException("a blob in " + name, "is data in a pack of trees");
        }
        List<BlobId> references = new ArrayList<>(head.refs());
        for (int i = 0; i < head.refs(); i++) {
            references.add(BlobId.read(frame, PackFormat.FRAME_HEADER + i * BlobId.BYTES));
        }
        return references;
    }
}

package cairn.repo;

import cairn.crypto.Rng;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.Signer;
import cairn.index.Location;
import cairn.mark.Mark;
import cairn.pack.PackFormat;
import cairn.record.RecordFile;
import cairn.store.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Backups whose session was fenced (rule 10): while they were made, what they rely on may have been deleted. A walk tells
 * whether it was.
 *
 * <p>Only what lies in packs that nobody has marked counts as there for good: who marked a pack before the record came
 * may still be about to delete it, and does not know the record. Who marks one later lists the records after that and
 * keeps what this one needs. So marks are read after the record was seen.
 */
public final class Doubt {
    /** What a walk found. */
    public enum State {
        /** All is there, and will stay. */
        COMPLETE,
        /** Something is gone. */
        BROKEN,
        /** All is there, but some of it in packs that are marked: a later walk will know. */
        OPEN
    }

    private final Repository repository;
    private final Marks marks;
    private final Path scratch;
    private final Set<Hash> present = new HashSet<>();

    /** To be made after the records were listed. @param scratch for what does not fit in memory; null for the system's folder */
    public Doubt(Repository repository, Path scratch) throws IOException {
        this.repository = repository;
        this.scratch = scratch;
        this.marks = Marks.load(repository.storage(), repository.id(), repository.checker(), repository.keys().trust());
    }

    /** Whether a record's session was fenced and no walk has found all of it yet. */
    public boolean concerns(RecordFile record) {
        return concerns(record, marks);
    }

    static boolean concerns(RecordFile record, Marks marks) {
        return marks.fenced(record.head().session()) && !marks.foundComplete(record.id());
    }

    /** Walks through all that a record leads to. */
    public State judge(RecordFile record) throws IOException {
        if (present.isEmpty()) {
            repository.storage().list(Kind.PACK.folder() + "/", this::add);
        }
        boolean[] gone = new boolean[1];
        boolean[] marked = new boolean[1];
        try (BlobIdSet seen = new BlobIdSet(scratch)) {
            GraphWalk walk = new GraphWalk(repository, seen, present::contains);
            GraphWalk.Visitor visitor = new GraphWalk.Visitor() {
                @Override
                public void blob(BlobId id, List<Location> copies) {
                    gone[0] |= copies.isEmpty();
                    marked[0] |= copies.stream().allMatch(copy -> marks.revokesPack(copy.pack().hash()));
                }

                @Override
                public void unreadable(BlobId id, IOException why) {
                    gone[0] = true;
                }
            };
            walk.walk(record.head().tree(), record.signer(), visitor);
            walk.walk(record.head().stat(), record.signer(), visitor);
        }
        return gone[0] ? State.BROKEN : marked[0] ? State.OPEN : State.COMPLETE;
    }

    private void add(StoredFile file) {
        Hash pack = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
        if (pack != null && PackFormat.name(pack).equals(file.name())) {
            present.add(pack);
        }
    }

    /** What to say of a broken one. */
    public String told(RecordFile record) {
        String id = record.id().hex().substring(0, 8);
        return "the backup " + id + " is incomplete: its writer was silent for so long that a prune deleted what it relied on; "
                + "what is left of it is kept until 'cairn forget " + id + "'";
    }

    /** Notes for all that a record was found complete, if this key's word counts. */
    public void noteComplete(RecordFile record) throws IOException {
        Signer signer = repository.keys().signer();
        if (signer != null && repository.keys().trust().forMarks(signer.publicKey())) {
            byte[] file = new Mark(Mark.Type.COMPLETE, Rng.bytes(16), List.of(record.id()), "").encode(repository.id(), signer);
            repository.storage().write(Mark.name(Mark.decode(file, repository.id(), null, "the new mark").name()), file);
        }
    }
}

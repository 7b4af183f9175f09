package cairn.repo;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.mark.Mark;
import cairn.session.SessionId;
import cairn.store.NotStoredException;
import cairn.store.OversizeException;
import cairn.store.Storage;
import cairn.store.StoredFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The marks of a repository as they were at one moment. A writer reads them after it has published its session and
 * before it reads the index (rule 2), so that whoever marks a pack later is bound to see the session and wait.
 */
public final class Marks {
    private static final int TRIES = 100;

    private final Set<Hash> packs = new HashSet<>();
    private final Set<Hash> packTombstones = new HashSet<>();
    private final Set<Hash> records = new HashSet<>();
    private final Set<Hash> recordTombstones = new HashSet<>();
    private final Set<SessionId> fenced = new HashSet<>();
    private final Set<Hash> complete = new HashSet<>();
    private final List<Mark.Signed> all = new ArrayList<>();
    private final Set<Hash> suspects = new HashSet<>();
    private Instant lastFinding = Instant.MIN;
    private CairnException unreadable;

    private Marks() {
    }

    /** Reads all marks that count. One that is damaged is left out, which {@link #requireWhole} tells. */
    public static Marks load(Storage storage, RepositoryId repository, SignatureChecker checker, Trust trust) throws IOException {
        Marks marks = new Marks();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < TRIES; i++) {
            if (marks.read(storage, repository, checker, trust, seen) || storage.listsOneState()) {
                return marks;
            }
        }
        throw new CairnException(ExitCode.OTHERS_WRITING, "marks come and go too fast in '" + storage.location() + "'", "try again");
    }

    /**
     * Reads what a listing shows and was not read yet. A listing takes time: while it runs, a prune may publish a
     * tombstone in the part that has passed and take the mark out of the part that is to come, and whoever knew neither
     * would take the pack for present. Tombstones stay, so another listing shows them.
     *
     * @return whether there was nothing new, and nothing was gone before it could be read
     */
    private boolean read(Storage storage, RepositoryId repository, SignatureChecker checker, Trust trust, Set<String> seen) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        storage.list(Kind.MARK.folder() + "/", files::add);
        boolean same = true;
        for (StoredFile file : files) {
            String name = file.name();
            if (seen.contains(name) || Hash.parse(name.substring(name.lastIndexOf('/') + 1)) == null) {
                continue; // known, or a file that somebody else put there
            }
            same = false;
            byte[] content;
            try {
                content = storage.readAll(name, Mark.LARGEST);
            } catch (NotStoredException gone) {
                continue;
            } catch (OversizeException e) {
                unreadable = e;
                seen.add(name);
                continue;
            }
            seen.add(name);
            try {
                Mark.Signed signed = Mark.decode(content, repository, checker, name);
                if (signed.signer() != null && trust.forMarks(signed.signer())) {
                    add(signed, file.modified());
                }
            } catch (CairnException e) {
                unreadable = e;
            }
        }
        return same;
    }

    private void add(Mark.Signed signed, Instant since) {
        all.add(signed);
        List<Hash> subjects = signed.mark().subjects();
        switch (signed.mark().type()) {
            case PACKS -> packs.addAll(subjects);
            case RECORDS -> records.addAll(subjects);
            case PACK_TOMBSTONE -> packTombstones.addAll(subjects);
            case RECORD_TOMBSTONE -> recordTombstones.addAll(subjects);
            case FENCE -> subjects.forEach(subject -> fenced.add(new SessionId(subject.a(), subject.b())));
            case COMPLETE -> complete.addAll(subjects);
            case FINDING -> {
                suspects.addAll(subjects);
                lastFinding = lastFinding.isBefore(since) ? since : lastFinding;
            }
        }
    }

    /**
     * To be called by whoever relies on what is not marked, or deletes.
     *
     * @throws CairnException if a mark could not be read: what it forbids is not known
     */
    public void requireWhole() throws CairnException {
        if (unreadable != null) {
            throw new CairnException(ExitCode.DAMAGED, unreadable.getMessage() + "; what this mark forbids is not known",
                    "while nothing else uses the repository, move it away together with all of index/, which is then made again from the packs",
                    unreadable);
        }
    }

    /** The subject that stands for a session in a fence. */
    public static Hash subject(SessionId session) {
        return new Hash(session.high(), session.low(), 0, 0);
    }

    public List<Mark.Signed> all() {
        return all;
    }

    /** Whether a pack is marked or gone: no writer may rely on it. */
    public boolean revokesPack(Hash pack) {
        return packs.contains(pack) || packTombstones.contains(pack);
    }

    /** Whether a verification found damage in a pack: what it holds is written again, and other copies are preferred. */
    public boolean packSuspect(Hash pack) {
        return suspects.contains(pack);
    }

    /** When the storage got the last finding; {@link Instant#MIN} if there is none. A backup from before may miss something. */
    public Instant lastFinding() {
        return lastFinding;
    }

    public boolean packTombstoned(Hash pack) {
        return packTombstones.contains(pack);
    }

    public boolean packMarked(Hash pack) {
        return packs.contains(pack);
    }

    /** Whether a record is marked or gone: it is nobody's base and is not shown. */
    public boolean revokesRecord(Hash record) {
        return records.contains(record) || recordTombstones.contains(record);
    }

    public boolean fenced(SessionId session) {
        return fenced.contains(session);
    }

    /** Whether a record of a fenced session was found complete by a walk. */
    public boolean foundComplete(Hash record) {
        return complete.contains(record);
    }
}

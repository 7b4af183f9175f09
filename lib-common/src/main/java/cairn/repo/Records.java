package cairn.repo;

import cairn.error.CairnException;
import cairn.format.DamagedException;
import cairn.format.ForeignFileException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.SignatureChecker;
import cairn.format.TooNewException;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The records of a repository, read once each; they never change. */
public final class Records {
    private final Storage storage;
    private final RepositoryKeys keys;
    private final SignatureChecker checker;
    private final Supplier<LocalTrees> local;
    private final Map<Hash, RecordFile> read = new HashMap<>();
    private final Map<Hash, Hash> writers = new HashMap<>();

    /** @param local what this client knows of its own backups, or gives null */
    Records(Storage storage, RepositoryKeys keys, SignatureChecker checker, Supplier<LocalTrees> local) {
        this.storage = storage;
        this.keys = keys;
        this.checker = checker;
        this.local = local;
    }

    /**
     * The records that were there at one moment.
     *
     * @param since when the storage got each of them, by its clock
     */
    public record Listing(Map<Hash, Instant> since) {
        public Listing {
            since = Map.copyOf(since);
        }
    }

    /** The records that the storage lists now. */
    public Listing listing() throws IOException {
        Map<Hash, Instant> found = new HashMap<>();
        storage.list(Kind.RECORD.folder() + "/", file -> {
            Hash id = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
            if (id != null) {
                found.put(id, file.modified());
            }
        });
        return new Listing(found);
    }

    /** The names of all records that the storage lists now. */
    public List<Hash> list() throws IOException {
        return new ArrayList<>(listing().since().keySet());
    }

    /** One record. @throws NotStoredException if it is gone */
    public synchronized RecordFile get(Hash id) throws IOException {
        RecordFile known = read.get(id);
        if (known == null) {
            String name = RecordFile.name(id);
            known = RecordFile.decode(storage.readAll(name, RecordFile.LARGEST), keys.repository(), checker, name);
            if (!known.id().equals(id)) {
                throw new DamagedException(name, "does not have the hash that it is named by");
            }
            if (known.received() != null && keys.trust().forReceipts(known.receiver()) && !keys.trust().forTimes(known.receiver())) {
                known = known.withoutReceipt(); // by a key that was stolen: the backup is what it is, but not when
            }
            read.put(id, known);
        }
        return known;
    }

    /**
     * The record that {@link #counts} of a backup that its writer knows by a hash, or null. Of all others nothing is
     * believed, so only of this one signatures are checked.
     */
    public RecordFile ofWriter(Hash written) throws IOException {
        for (Hash id : list()) {
            try {
                if (written(id).equals(written) && counts(get(id))) {
                    return get(id);
                }
            } catch (CairnException unreadable) {
                Unusable.orThrow(unreadable); // if it is the one that is looked for, that is as good as missing
            }
        }
        return null;
    }

    /** What a record says that its writer knows it by; nobody vouches for it. */
    private synchronized Hash written(Hash id) throws IOException {
        RecordFile known = read.get(id);
        Hash said = known != null ? known.written() : writers.get(id);
        if (said == null) {
            String name = RecordFile.name(id);
            said = RecordFile.decode(storage.readAll(name, RecordFile.LARGEST), keys.repository(), null, name).written();
            writers.put(id, said);
        }
        return said;
    }

    /**
     * Whether a record is a backup of this repository. Anybody who has the storage could put one there that he signed
     * himself, or an envelope of his own around that of somebody else, with another time. Prune keeps what these lead to
     * all the same: the key may have been added since the key list was read.
     */
    public boolean counts(RecordFile record) {
        return keys.trust().forRecords(record.signer()) && (record.received() == null || keys.trust().forReceipts(record.receiver()));
    }

    /** That a record does not {@link #counts count}. */
    public static CairnException foreign(RecordFile record) {
        return new ForeignFileException("'" + RecordFile.name(record.id()) + "'", "it is signed by none of the repository's keys that may make backups");
    }

    /** All records that count and are neither marked nor gone, oldest first. Those that vanish meanwhile are left out. */
    public List<RecordFile> all(Marks marks) throws IOException {
        return all(listing(), marks, damaged -> {
            throw damaged;
        });
    }

    /** As {@link #all}; those that are damaged are left out, for whoever can do without any single one. */
    public List<RecordFile> readable(Marks marks) throws IOException {
        return readable(listing(), marks);
    }

    /** As {@link #readable(Marks)}, of those that were listed. */
    public List<RecordFile> readable(Listing listed, Marks marks) throws IOException {
        return all(listed, marks, damaged -> { });
    }

    private interface Damage {
        void found(CairnException damaged) throws CairnException;
    }

    private List<RecordFile> all(Listing listed, Marks marks, Damage damage) throws IOException {
        List<RecordFile> records = new ArrayList<>();
        for (Hash id : listed.since().keySet()) {
            if (!marks.revokesRecord(id)) {
                try {
                    RecordFile record = get(id);
                    if (counts(record)) {
                        records.add(record);
                    }
                } catch (NotStoredException gone) {
                    // deleted between the listing and now: as if it had never been listed
                } catch (TooNewException tooNew) {
                    throw tooNew; // nothing is wrong with it: who knows too little must not leave it out
                } catch (CairnException damaged) {
                    Unusable.orThrow(damaged);
                    damage.found(damaged);
                }
            }
        }
        records.sort(Records::byTime);
        return records;
    }

    /** No chain of comparators: an AOT cache cannot hold their lambdas. */
    private static int byTime(RecordFile one, RecordFile other) {
        int order = one.time().compareTo(other.time());
        return order != 0 ? order : one.id().compareTo(other.id());
    }

    /**
     * A record with its sealed part opened. A key that cannot read knows those of its own newest backups, from its {@link
     * LocalTrees}.
     *
     * @throws CairnException of {@link cairn.error.ExitCode#REFUSED} if it is none of these
     */
    public Backup open(RecordFile record, Marks marks) throws IOException {
        boolean doubt = Doubt.concerns(record, marks);
        LocalTrees own = keys.canRead() ? null : local.get();
        RecordBody known = own == null ? null : own.body(record);
        return new Backup(record, known != null ? known : record.body(keys.recordKey(record.section())), doubt);
    }
}

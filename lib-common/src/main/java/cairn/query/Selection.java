package cairn.query;

import cairn.error.CairnException;
import cairn.format.Hash;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.Records;
import cairn.repo.Repository;
import cairn.store.NotStoredException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Chooses backups by what they are. Several kinds of condition must all hold, of several values of one kind any; an
 * empty list asks for nothing.
 *
 * @param paths  raw; a backup counts if its tree has one of them
 * @param before begun before this time; or null
 */
public record Selection(List<String> hosts, List<String> names, List<String> kinds, List<String> tags, List<byte[]> paths, Instant before) {
    public static final Selection ALL = new Selection(List.of(), List.of(), List.of(), List.of(), List.of(), null);

    /** Hears of a record that cannot be read. */
    public interface Unreadable {
        void record(Hash id, IOException why);
    }

    public Selection {
        hosts = List.copyOf(hosts);
        names = List.copyOf(names);
        kinds = List.copyOf(kinds);
        tags = List.copyOf(tags);
        paths = List.copyOf(paths);
    }

    /**
     * The backups chosen, oldest first: partial and doubtful ones too, those that were forgotten not.
     *
     * @throws CairnException if a record cannot be read
     */
    public List<Backup> select(Repository repository) throws IOException {
        List<Backup> chosen = new ArrayList<>();
        for (RecordFile record : repository.records().all(repository.marks())) {
            add(repository, record, chosen);
        }
        return chosen;
    }

    /** As {@link #select(Repository)}, but damaged records are told and passed over. */
    public List<Backup> select(Repository repository, Unreadable unreadable) throws IOException {
        List<Backup> chosen = new ArrayList<>();
        for (Hash id : repository.records().list()) {
            if (repository.marks().revokesRecord(id)) {
                continue;
            }
            try {
                RecordFile record = repository.records().get(id);
                if (repository.records().counts(record)) {
                    add(repository, record, chosen);
                } else {
                    unreadable.record(id, Records.foreign(record));
                }
            } catch (NotStoredException gone) {
                continue; // deleted between the listing and now
            } catch (CairnException damaged) {
                Damage.orThrow(damaged);
                unreadable.record(id, damaged);
            }
        }
        chosen.sort(Selection::byTime);
        return chosen;
    }

    /** No chain of comparators: an AOT cache cannot hold their lambdas. */
    private static int byTime(Backup one, Backup other) {
        int order = one.time().compareTo(other.time());
        return order != 0 ? order : one.id().compareTo(other.id());
    }

    private void add(Repository repository, RecordFile record, List<Backup> chosen) throws IOException {
        if (before == null || record.time().isBefore(before)) {
            Backup backup = repository.records().open(record, repository.marks());
            if (matches(backup) && holdsPath(repository, backup)) {
                chosen.add(backup);
            }
        }
    }

    /** Whether a backup fulfils all conditions but that of the paths, for which its tree must be read. */
    public boolean matches(Backup backup) {
        return (hosts.isEmpty() || hosts.contains(backup.body().host()))
                && (names.isEmpty() || names.contains(backup.body().name()))
                && (kinds.isEmpty() || kinds.contains(backup.body().kind()))
                && (tags.isEmpty() || !Collections.disjoint(tags, backup.body().tags()))
                && (before == null || backup.time().isBefore(before));
    }

    private boolean holdsPath(Repository repository, Backup backup) throws IOException {
        for (byte[] path : paths) {
            if (TreePath.find(repository, backup, path) != null) {
                return true;
            }
        }
        return paths.isEmpty();
    }
}

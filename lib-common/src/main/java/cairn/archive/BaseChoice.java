package cairn.archive;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.record.RecordHead.Token;
import cairn.repo.Backup;
import cairn.repo.Marks;
import cairn.repo.Records;
import cairn.repo.Repository;
import cairn.repo.WriteSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Chooses the backups whose entries may be taken over: the newest complete one of the same host, name and kind, of the
 * same paths if there is one; and before it an interrupted one that is newer, whose finished files need not be read
 * again. Backups without a name that are of other paths stand in other groups; they are looked at if there is none in the
 * same. Only backups by writers whose content may be relied on, and none in doubt (rule 3). A key that cannot read
 * chooses among those whose trees it keeps on its own disk.
 */
final class BaseChoice {
    private static final int MOST_OPENED = 16;

    private BaseChoice() {
    }

    static List<Backup> choose(Repository repository, WriteSession session, BackupLabel label) throws IOException {
        Records.Listing listed = session.records();
        List<RecordFile> records = repository.records().readable(listed, session.marks());
        Token group = label.group(repository);
        List<Backup> same = choose(repository, session.marks(), listed, records, label, record -> record.head().group().equals(group));
        return same.isEmpty() && label.name().isEmpty()
                ? choose(repository, session.marks(), listed, records, label, record -> !record.head().group().equals(group)) : same;
    }

    private static List<Backup> choose(Repository repository, Marks marks, Records.Listing listed, List<RecordFile> records, BackupLabel label,
            Predicate<RecordFile> candidates) throws IOException {
        Backup partial = null;
        Backup other = null;
        int opened = 0;
        for (RecordFile record : records.reversed()) {
            if (!candidates.test(record) || !repository.keys().trust().forContent(record.signer()) || opened == MOST_OPENED) {
                continue;
            }
            opened++;
            if (listed.since().get(record.id()).isBefore(marks.lastFinding())) {
                continue; // what was found damaged since then may be what it leads to: all is read again, once
            }
            Backup backup;
            try {
                backup = repository.records().open(record, marks);
            } catch (DamagedException damaged) {
                continue; // nobody's base
            } catch (CairnException unknown) {
                if (unknown.exitCode() != ExitCode.REFUSED) {
                    throw unknown;
                }
                continue; // this key cannot read, and the backup is none of those that it keeps the trees of
            }
            RecordBody body = backup.body();
            if (backup.inDoubt() || !body.host().equals(label.host()) || !body.name().equals(label.name()) || !body.kind().equals(label.kind())) {
                continue;
            }
            boolean same = samePaths(body.paths(), label.paths());
            if (backup.partial()) {
                partial = partial == null && same ? backup : partial;
            } else if (same) {
                return list(partial, backup);
            } else if (other == null) {
                other = backup;
            }
        }
        return list(partial, other);
    }

    private static List<Backup> list(Backup first, Backup second) {
        List<Backup> bases = new ArrayList<>(2);
        if (first != null) {
            bases.add(first);
        }
        if (second != null) {
            bases.add(second);
        }
        return bases;
    }

    private static boolean samePaths(List<byte[]> a, List<byte[]> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!Arrays.equals(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }
}

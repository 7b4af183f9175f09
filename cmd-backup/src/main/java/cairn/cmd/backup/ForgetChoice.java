package cairn.cmd.backup;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteWriter;
import cairn.format.Hash;
import cairn.query.Selection;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.record.RecordHead.Token;
import cairn.repo.Repository;
import cairn.store.NotStoredException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What {@code forget} chooses from. It goes by what stands in clear in records: who signed them, tokens and times. So a
 * key that cannot read can do it too, and a sealed part that does not open, which any writer can make, stops nothing.
 */
final class ForgetChoice {
    private final Repository repository;
    private final Selection selection;

    /** @param body what is sealed; null if the key cannot read it, or it is damaged */
    record Candidate(RecordFile record, RecordBody body) {
        Hash id() {
            return record.id();
        }
    }

    /** @param selection by names and tags needs a key that reads them */
    ForgetChoice(Repository repository, Selection selection) throws CairnException {
        boolean byNames = !(selection.hosts().isEmpty() && selection.names().isEmpty() && selection.kinds().isEmpty() && selection.tags().isEmpty()
                && selection.paths().isEmpty());
        if (byNames && !repository.keys().canRead()) {
            throw new CairnException(ExitCode.REFUSED, repository.keys().cannotRead().getMessage() + ", so it cannot choose by names, tags or paths",
                    "leave these options out, or use a key of the role 'full'");
        }
        this.repository = repository;
        this.selection = selection;
    }

    /** All that the selection chooses, oldest first. */
    List<Candidate> all() throws IOException {
        List<Candidate> all = new ArrayList<>();
        if (selection.equals(Selection.ALL) || !repository.keys().canRead()) {
            for (RecordFile record : repository.records().readable(repository.marks())) {
                if (selection.before() == null || record.time().isBefore(selection.before())) {
                    all.add(candidate(record));
                }
            }
            return all;
        }
        selection.select(repository, (id, why) -> { }).forEach(backup -> all.add(new Candidate(backup.record(), backup.body())));
        all.sort(Comparator.comparing((Candidate each) -> each.record().time()).thenComparing(Candidate::id));
        return all;
    }

    /** The backup whose id begins with some digits, at least four, if there is just one; else null. */
    Candidate byId(String digits) throws IOException {
        if (!digits.matches("[0-9a-fA-F]{4,64}")) {
            return null;
        }
        Hash found = null;
        for (Hash id : repository.records().list()) {
            if (id.hex().startsWith(digits.toLowerCase(Locale.ROOT)) && !repository.marks().revokesRecord(id)) {
                if (found != null) {
                    return null;
                }
                found = id;
            }
        }
        try {
            return found == null ? null : candidate(repository.records().get(found));
        } catch (NotStoredException gone) {
            return null;
        }
    }

    Candidate candidate(RecordFile record) throws IOException {
        try {
            return new Candidate(record, repository.records().open(record, repository.marks()).body());
        } catch (CairnException e) {
            if (e.exitCode() == ExitCode.REFUSED || e.exitCode() == ExitCode.DAMAGED) {
                return new Candidate(record, null);
            }
            throw e;
        }
    }

    /** @param keepTags the tags that the policy asks for: shown to it as tags where the record has their tokens */
    cairn.retention.Candidate forRetention(Candidate candidate, List<String> keepTags) throws CairnException {
        RecordFile record = candidate.record();
        if (!keepTags.isEmpty() && !repository.keys().names()) {
            throw new CairnException(ExitCode.REFUSED, "this key knows no tags, so it cannot keep backups by them", "use a key of the role 'full'");
        }
        Set<String> tags = new HashSet<>();
        for (String tag : keepTags) {
            if (record.head().tags().contains(repository.keys().token("tag", tag))) {
                tags.add(tag);
            }
        }
        Token group = record.head().group();
        byte[] bytes = new ByteWriter(64).bytes(record.signer()).u64(group.high()).u64(group.low()).toBytes();
        return new cairn.retention.Candidate(record.id().hex(), bytes, record.time(), tags, record.head().sequence(), record.head().partial());
    }
}

package cairn.prune;

import cairn.format.Hash;
import cairn.record.RecordFile;
import cairn.repo.Doubt;
import cairn.repo.Records;
import cairn.repo.Repository;
import cairn.store.NotStoredException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The records whose content a prune keeps. Those in doubt (rule 10) are looked at first: what of a broken one is still
 * there is kept, but that something is missing keeps nobody from pruning.
 *
 * @param whole  records that must have everything
 * @param broken records in doubt that have not
 */
record Roots(List<Hash> whole, List<Hash> broken) {
    static Roots of(Repository repository, List<Hash> records, Path scratch, boolean dryRun, PruneListener listener) throws IOException {
        Doubt doubt = new Doubt(repository, scratch);
        List<Hash> whole = new ArrayList<>();
        List<Hash> broken = new ArrayList<>();
        for (Hash id : records) {
            RecordFile record;
            try {
                record = repository.records().get(id);
            } catch (NotStoredException gone) {
                continue; // deleted by another prune since it was listed: no root any more
            }
            boolean counts = repository.records().counts(record);
            Doubt.State state = !counts || doubt.concerns(record) ? doubt.judge(record) : null;
            if (state == Doubt.State.BROKEN) {
                listener.note(counts ? doubt.told(record) : Records.foreign(record).getMessage());
                broken.add(id);
            } else {
                whole.add(id);
            }
            if (state == Doubt.State.COMPLETE && counts && !dryRun) {
                doubt.noteComplete(record);
            }
        }
        return new Roots(whole, broken);
    }

    List<Hash> all() {
        List<Hash> all = new ArrayList<>(whole);
        all.addAll(broken);
        return all;
    }
}

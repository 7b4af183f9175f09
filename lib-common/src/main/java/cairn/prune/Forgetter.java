package cairn.prune;

import cairn.format.Hash;
import cairn.mark.Mark;
import cairn.repo.Repository;
import java.io.IOException;
import java.util.List;

/**
 * Marks records for deletion. From then on no list shows them and no writer bases a backup on them; a prune deletes
 * them, by the same rules as packs, and gives the space back.
 */
public final class Forgetter {
    private static final int MOST_A_MARK = 100_000;

    private Forgetter() {
    }

    public static void forget(Repository repository, List<Hash> records, String why) throws IOException {
        for (int from = 0; from < records.size(); from += MOST_A_MARK) {
            LiveSessions.publish(repository, Mark.Type.RECORDS, records.subList(from, Math.min(records.size(), from + MOST_A_MARK)), why);
        }
        repository.refresh();
    }
}

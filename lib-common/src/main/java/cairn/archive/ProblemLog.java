package cairn.archive;

import cairn.record.RecordBody;
import cairn.record.RecordBody.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Passes on what a run tells, and keeps its problems for the record. For any number of threads. */
final class ProblemLog implements ArchiveListener {
    /** A record has to stay small, whatever the names are. */
    private static final long MOST_BYTES = 4 << 20;

    private final ArchiveCounts counts;
    private final ArchiveListener listener;
    private final List<Problem> problems = new ArrayList<>();
    private long bytes;

    ProblemLog(ArchiveCounts counts, ArchiveListener listener) {
        this.counts = counts;
        this.listener = listener;
    }

    @Override
    public void problem(byte[] path, String message) {
        counts.problems.increment();
        synchronized (problems) {
            bytes += path.length + 4L * message.length();
            if (problems.size() < RecordBody.MOST_PROBLEMS && bytes < MOST_BYTES) {
                problems.add(new Problem(path, message));
            }
        }
        listener.problem(path, message);
    }

    @Override
    public void leftOut(byte[] path, String reason) {
        listener.leftOut(path, reason);
    }

    @Override
    public void note(String message) {
        listener.note(message);
    }

    @Override
    public void reading(byte[] path) {
        listener.reading(path);
    }

    @Override
    public void allRead() throws IOException {
        listener.allRead();
    }

    /** The first ones. */
    List<Problem> all() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    void clear() {
        synchronized (problems) {
            problems.clear();
            bytes = 0;
        }
    }
}

package cairn.scan;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.spool.Spool;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Mappings;
import cairn.walk.Sources;
import cairn.walk.Visitor;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries of a scan, read from its lines and walked: in the order of a walk whatever order they came in, sorted on
 * disk if there are many. Each is looked at again by directory handles, so that nothing that was swapped meanwhile leads
 * elsewhere, and left out with a problem if it is of another type now. Folders on the way are added.
 */
public final class ScanInput implements AutoCloseable {
    private static final int MOST_PROBLEMS = 1000;
    private static final String NOT_ENDED = "is incomplete: the list of entries ended without its end record, so its maker was stopped or a filter dropped it";
    private static final String PART = "is incomplete: the list holds only what changed since the backup ";

    private record Problem(byte[] path, String message) {
    }

    private final Sources sources;
    private final List<byte[]> roots = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private boolean manyRoots;
    private long moreProblems;
    private long entries;
    private boolean ended;
    private String changedSince;

    private ScanInput(Sources sources) {
        this.sources = sources;
    }

    /**
     * Reads lines to their end.
     *
     * @param in       is not closed
     * @param mappings where the entries really are, if not where the lines say
     * @throws CairnException if something is no line of a scan, or there is nothing in it
     */
    public static ScanInput read(InputStream in, Mappings mappings, Spool spool) throws IOException {
        Sources sources = new Sources(mappings, spool);
        try {
            ScanInput input = new ScanInput(sources);
            input.readAll(in);
            if (sources.isEmpty()) {
                throw new CairnException(ExitCode.FAILED, "nothing to save: the list of entries is empty",
                        "pipe the output of 'cairn scan' in, or name a file or folder");
            }
            return input;
        } catch (IOException | RuntimeException e) {
            sources.close();
            throw e;
        }
    }

    private void readAll(InputStream in) throws IOException {
        LineParser parser = new LineParser();
        byte[] buffer = new byte[1 << 16];
        int filled = 0;
        long number = 0;
        while (true) {
            int got = in.read(buffer, filled, buffer.length - filled);
            int searched = filled;
            filled += Math.max(got, 0);
            int from = 0;
            for (int i = searched; i < filled; i++) {
                if (buffer[i] == '\n') {
                    take(parser, buffer, from, i, ++number, true);
                    from = i + 1;
                }
            }
            if (got < 0) {
                take(parser, buffer, from, filled, ++number, false);
                return;
            }
            System.arraycopy(buffer, from, buffer, 0, filled - from);
            filled -= from;
            if (filled > ScanLine.LONGEST) {
                throw mistake(number + 1, "is longer than 8 MiB");
            }
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
        }
    }

    /** @param whole whether the line ended as lines do; one that does not was cut off, and so is the end record */
    private void take(LineParser parser, byte[] buffer, int from, int to, long number, boolean whole) throws IOException {
        boolean blank = true;
        for (int i = from; i < to; i++) {
            blank &= buffer[i] == ' ' || buffer[i] == '\t' || buffer[i] == '\r';
        }
        if (blank) {
            return;
        }
        ScanLine line;
        try {
            line = parser.parse(buffer, from, to);
        } catch (LineParser.SyntaxException e) {
            if (!whole && number > 1) {
                return;
            }
            throw mistake(number, e.getMessage());
        }
        switch (line.kind()) {
            case ENTRY -> entry(line);
            case PROBLEM -> problem(line.path(), "could not be scanned: " + (line.message() == null ? "no reason given" : line.message()));
            case END -> {
                ended = true;
                changedSince = line.changedSince() == null ? changedSince : line.changedSince();
            }
            case GONE, OTHER -> { }
        }
    }

    private static CairnException mistake(long number, String why) {
        return new CairnException(ExitCode.FAILED, "line " + number + " of the list of entries " + why,
                "each line is one object as 'cairn scan' prints it (with jq: jq -c); see cairn-scan(5)");
    }

    private void entry(ScanLine line) throws IOException {
        entries++;
        sources.addEntry(line.path(), line.entryType(), line.closed());
        if (line.source()) {
            manyRoots |= roots.size() == Sources.MOST_TOLD;
            if (!manyRoots) {
                roots.add(line.path());
            }
        }
    }

    private void problem(byte[] path, String message) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(path, message));
        } else {
            moreProblems++;
        }
    }

    /** Lines with an entry. */
    public long entries() {
        return entries;
    }

    /** What a backup of the entries names as its paths: what the scan was asked for, as far as it is still there. */
    public List<byte[]> paths() throws IOException {
        return sources.above(manyRoots ? List.of() : roots);
    }

    /** Whether the lines are those of a whole source, so that the backup can count as complete. */
    public boolean complete() {
        return ended && changedSince == null;
    }

    /** Walks the entries, and tells what the scan could not read. As often as wanted. */
    public void walk(WalkOptions options, Visitor visitor) throws IOException {
        Walk.run(sources, options, new Telling(visitor));
    }

    private void tell(Visitor visitor) throws IOException {
        byte[] first = paths().getFirst();
        if (!ended) {
            visitor.told(first, NOT_ENDED);
        } else if (changedSince != null) {
            visitor.told(first, PART + changedSince);
        }
        for (Problem problem : problems) {
            visitor.told(problem.path(), problem.message());
        }
        if (moreProblems > 0) {
            visitor.told(RawPath.ROOT, "has " + moreProblems + " more entries that could not be scanned");
        }
    }

    @Override
    public void close() {
        sources.close();
    }

    /** Passes everything on, and tells what the scan told once the root is entered. */
    private final class Telling implements Visitor {
        private final Visitor to;

        Telling(Visitor to) {
            this.to = to;
        }

        @Override
        public void enterDirectory(Directory directory) throws IOException {
            to.enterDirectory(directory);
            if (directory.depth() == 0) {
                tell(to);
            }
        }

        @Override
        public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
            to.entry(directory, name, stat);
        }

        @Override
        public void leaveDirectory(Directory directory) throws IOException {
            to.leaveDirectory(directory);
        }

        @Override
        public void leftOut(byte[] path, LeftOut reason, String detail) throws IOException {
            to.leftOut(path, reason, detail);
        }

        @Override
        public void problem(byte[] path, PosixException error) throws IOException {
            to.problem(path, error);
        }

        @Override
        public void changed(byte[] path, int expected, int found) throws IOException {
            to.changed(path, expected, found);
        }

        @Override
        public void told(byte[] path, String message) throws IOException {
            to.told(path, message);
        }
    }
}

package cairn.query;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.posix.RawPath;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import cairn.walk.pattern.PatternSet;
import cairn.walk.pattern.Verdict;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Looks for names in many backups at once. All are walked side by side: where several have the same subtree at a path,
 * it is walked once for all of them, so that a hundred backups of what hardly changes cost little more than one.
 * Memory: a piece for each different tree of the folders on one path.
 */
public final class Finder {
    private final Repository repository;
    private final List<Backup> backups;
    private final PatternSet patterns;

    /** Takes what is found. */
    public interface Found {
        /**
         * @param path    absolute
         * @param newest  the entry in the newest of the backups
         * @param holders numbers of the backups that have something at this path; not to be kept
         */
        void found(byte[] path, Entry newest, BitSet holders) throws IOException;

        /** A folder that cannot be read to its end in these backups. */
        void damaged(byte[] path, BitSet holders, CairnException why);
    }

    /** A tree, the backups that have it at the path, and its entry in hand. */
    private static final class Source {
        final BitSet holders;
        final TreeReader.DirectoryCursor cursor;

        Source(BitSet holders, TreeReader.DirectoryCursor cursor) {
            this.holders = holders;
            this.cursor = cursor;
        }
    }

    private record Level(byte[] path, PriorityQueue<Source> sources) {
    }

    /** @param backups oldest first */
    public Finder(Repository repository, List<Backup> backups, PatternSet patterns) {
        this.repository = repository;
        this.backups = List.copyOf(backups);
        this.patterns = patterns;
    }

    /** Goes through all paths in order. */
    public void run(Found found) throws IOException {
        Map<BlobId, BitSet> roots = new LinkedHashMap<>();
        for (int i = 0; i < backups.size(); i++) {
            try {
                if (TreePath.root(repository, backups.get(i)) instanceof Entry.Directory root) {
                    roots.computeIfAbsent(root.tree(), id -> new BitSet()).set(i);
                }
            } catch (CairnException e) {
                Damage.orThrow(e);
                found.damaged(RawPath.ROOT, only(i), e);
            }
        }
        Deque<Level> levels = new ArrayDeque<>();
        levels.push(open(RawPath.ROOT, roots, found));
        while (!levels.isEmpty()) {
            Level level = levels.peek();
            if (level.sources.isEmpty()) {
                levels.pop();
                continue;
            }
            Level below = next(level, found);
            if (below != null) {
                levels.push(below);
            }
        }
    }

    private static BitSet only(int backup) {
        BitSet one = new BitSet();
        one.set(backup);
        return one;
    }

    private Level open(byte[] path, Map<BlobId, BitSet> trees, Found found) throws IOException {
        PriorityQueue<Source> sources = new PriorityQueue<>((a, b) -> Arrays.compareUnsigned(a.cursor.entry().name(), b.cursor.entry().name()));
        Level level = new Level(path, sources);
        for (Map.Entry<BlobId, BitSet> tree : trees.entrySet()) {
            advance(new Source(tree.getValue(), repository.trees().directory(tree.getKey())), level, found);
        }
        return level;
    }

    private static void advance(Source source, Level level, Found found) throws IOException {
        try {
            if (source.cursor.next()) {
                level.sources.add(source);
            }
        } catch (CairnException e) {
            Damage.orThrow(e);
            found.damaged(level.path, source.holders, e);
        }
    }

    /** Takes the next name of all trees of a folder. @return what is below it, or null */
    private Level next(Level level, Found found) throws IOException {
        byte[] name = level.sources.peek().cursor.entry().name();
        byte[] path = RawPath.join(level.path, name);
        BitSet holders = new BitSet();
        Entry newest = null;
        int newestHolder = -1;
        Map<BlobId, BitSet> below = new LinkedHashMap<>();
        while (!level.sources.isEmpty() && Arrays.equals(level.sources.peek().cursor.entry().name(), name)) {
            Source source = level.sources.poll();
            Entry entry = source.cursor.entry();
            holders.or(source.holders);
            if (source.holders.length() > newestHolder) {
                newestHolder = source.holders.length();
                newest = entry;
            }
            if (entry instanceof Entry.Directory directory) {
                below.computeIfAbsent(directory.tree(), id -> new BitSet()).or(source.holders);
            }
            advance(source, level, found);
        }
        if (patterns.matchEntry(path, !below.isEmpty()) == Verdict.MATCHED) {
            found.found(path, newest, holders);
        }
        return below.isEmpty() || !patterns.mayMatchBelow(path) ? null : open(path, below, found);
    }
}

package cairn.walk.pattern;

import cairn.walk.PathFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Patterns in the order of their importance, the last one that matches decides: the rules of gitignore(5), told for
 * users in cairn-patterns(7). Paths and patterns are raw bytes; a path has no slash at its end and no empty, {@code .}
 * or {@code ..} component. Immutable, so safe for any number of threads.
 *
 * <p>Three kinds of anchor. A pattern without a slash (one at the end apart) is compared with the last component of a
 * path. One that starts with a slash is compared with the path below the <i>root</i>, one with a slash elsewhere with
 * the path below the <i>source</i>. In gitignore(5) both are the folder of the file that holds the patterns; in Cairn
 * the root is {@code /} and the source is what is being backed up: {@link #at}.
 */
public final class PatternSet implements PathFilter {
    private static final byte[] NOWHERE = {};

    private final Pattern[] patterns;
    private final PatternGroup names;
    private final PatternGroup rooted;
    private final PatternGroup sourced;
    private final byte[] root;
    private final byte[] source;

    PatternSet(List<Pattern> patterns, byte[] root) {
        this.patterns = patterns.toArray(Pattern[]::new);
        this.root = withoutSlash(root);
        this.source = this.root;
        names = new PatternGroup(this.patterns, Pattern.Anchor.NAME);
        rooted = new PatternGroup(this.patterns, Pattern.Anchor.ROOT);
        sourced = new PatternGroup(this.patterns, Pattern.Anchor.SOURCE);
    }

    private PatternSet(PatternSet other, byte[] source) {
        patterns = other.patterns;
        names = other.names;
        rooted = other.rooted;
        sourced = other.sourced;
        root = other.root;
        this.source = withoutSlash(source);
    }

    /**
     * Reads the lines of a pattern file. Comments, blank lines and trailing spaces go as in {@link PatternFile}.
     *
     * @param base the folder that patterns with a slash are relative to; only paths below it match. Empty or
     *             {@code /} is the root.
     */
    public static PatternSet parse(List<byte[]> lines, byte[] base) {
        List<Pattern> patterns = new ArrayList<>();
        for (byte[] line : lines) {
            byte[] text = PatternFile.patternOf(line);
            if (text != null) {
                patterns.add(new Pattern(text));
            }
        }
        return new PatternSet(patterns, base);
    }

    /** The same patterns, those with a slash in the middle relative to this source. Costs nothing. */
    @Override
    public PatternSet at(byte[] newSource) {
        return new PatternSet(this, newSource);
    }

    public boolean isEmpty() {
        return patterns.length == 0;
    }

    public int size() {
        return patterns.length;
    }

    /** The text of a pattern, as written; numbers start at 0. */
    public byte[] text(int number) {
        return patterns[number].text();
    }

    /** One line in lower case for each pattern that can match nothing, which is a mistake worth a warning. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (Pattern pattern : patterns) {
            if (pattern.problem() != null) {
                problems.add(new Problem(pattern.text(), pattern.problem()));
            }
        }
        return List.copyOf(problems);
    }

    /** A pattern that can match nothing, and why. */
    public record Problem(byte[] pattern, String reason) {
    }

    /**
     * Judges a path with all folders above it: a match of one of them decides, and what is below a matched folder
     * cannot be taken out again by a {@code !} pattern.
     *
     * @param path absolute, or relative to the root
     */
    public Verdict match(byte[] path, boolean directory) {
        return verdict(decisive(path, directory));
    }

    /** Judges a path alone, for a walk that does not enter matched folders. */
    public Verdict matchEntry(byte[] path, boolean directory) {
        return verdict(lastMatch(path, path.length, directory));
    }

    @Override
    public boolean excludes(byte[] path, boolean directory) {
        return matchEntry(path, directory) == Verdict.MATCHED;
    }

    private Verdict verdict(int number) {
        return number < 0 ? Verdict.NONE : patterns[number].negated() ? Verdict.NEGATED : Verdict.MATCHED;
    }

    /** The number of the pattern that decides in {@link #match}, or -1. */
    public int decisive(byte[] path, boolean directory) {
        for (int i = below(root, path, path.length); i >= 0 && i < path.length; i++) {
            if (path[i] == '/') {
                int number = lastMatch(path, i, true);
                if (number >= 0 && !patterns[number].negated()) {
                    return number;
                }
            }
        }
        return lastMatch(path, path.length, directory);
    }

    private int lastMatch(byte[] path, int end, boolean directory) {
        int relative = below(root, path, end);
        if (relative < 0 || relative >= end) {
            return -1;
        }
        int name = end;
        while (name > relative && path[name - 1] != '/') {
            name--;
        }
        int best = names.lastMatch(path, name, end, directory, -1);
        best = rooted.lastMatch(path, relative, end, directory, best);
        int inSource = source == root ? relative : below(source, path, end);
        if (inSource >= 0 && inSource < end) {
            best = sourced.lastMatch(path, inSource, end, directory, best);
        }
        return best;
    }

    /**
     * Whether something below this folder may match a plain pattern. Never wrongly false, so that a search may leave
     * out folders without reading them.
     */
    public boolean mayMatchBelow(byte[] path) {
        byte[] folder = withoutSlash(path);
        for (Pattern pattern : patterns) {
            if (pattern.negated() || pattern.glob() == null) {
                continue;
            }
            byte[] base = switch (pattern.anchor()) {
                case NAME -> NOWHERE;
                case ROOT -> root;
                case SOURCE -> source;
            };
            if (pattern.anchor() == Pattern.Anchor.NAME || mayLeadTo(folder, base, pattern.glob().prefix())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a path that starts with base and prefix can lie below the folder. */
    private static boolean mayLeadTo(byte[] folder, byte[] base, byte[] prefix) {
        int at = below(base, folder, folder.length);
        if (at < 0) {
            return below(folder, base, base.length) >= 0;
        }
        int common = Math.min(folder.length - at, prefix.length);
        if (!Arrays.equals(folder, at, at + common, prefix, 0, common)) {
            return false;
        }
        boolean prefixGoesOn = prefix.length > folder.length - at;
        return !prefixGoesOn || folder.length == at || prefix[folder.length - at] == '/';
    }

    /** Where the part of the path below the folder starts, its length if they are the same, or -1. */
    private static int below(byte[] folder, byte[] path, int end) {
        int slash = folder.length;
        if (end < slash || !Arrays.equals(folder, 0, slash, path, 0, slash)) {
            return -1;
        }
        if (end == slash) {
            return end;
        }
        if (path[slash] == '/') {
            return slash + 1;
        }
        return slash == 0 ? 0 : -1;
    }

    private static byte[] withoutSlash(byte[] folder) {
        int length = folder.length;
        while (length > 0 && folder[length - 1] == '/') {
            length--;
        }
        return length == folder.length ? folder.clone() : Arrays.copyOf(folder, length);
    }
}

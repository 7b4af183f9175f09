package cairn.walk.pattern;

import java.util.Arrays;

/**
 * One pattern of gitignore(5): {@code !} in front, then the body, then {@code /} if it is for directories only.
 * A body without a slash is compared with names; one with a slash with paths.
 */
final class Pattern {
    /** What the body is compared with. */
    enum Anchor {
        /** The last component of a path: no slash in the body. */
        NAME,
        /** The path below the root: a slash in front, or {@code **}{@code /}, which takes any number of folders. */
        ROOT,
        /** The path below the source: a slash somewhere else. */
        SOURCE
    }

    private final byte[] text;
    private final boolean negated;
    private final boolean directoryOnly;
    private final Anchor anchor;
    private final Glob glob;
    private final String problem;

    /** Reads one pattern, exactly as given: a {@code #} or a space at the end is part of it. */
    Pattern(byte[] text) {
        this.text = text;
        int from = 0;
        int to = text.length;
        negated = from < to && text[from] == '!';
        if (negated) {
            from++;
        }
        directoryOnly = from < to && text[to - 1] == '/';
        if (directoryOnly) {
            to--;
        }
        boolean slash = false;
        for (int i = from; i < to && !slash; i++) {
            slash = text[i] == '/';
        }
        if (!slash) {
            anchor = Anchor.NAME;
        } else if (text[from] == '/') {
            anchor = Anchor.ROOT;
            from++;
        } else {
            anchor = startsWithAnyFolder(text, from, to) ? Anchor.ROOT : Anchor.SOURCE;
        }
        byte[] body = Arrays.copyOfRange(text, from, to);
        Tokens tokens = Tokens.parse(body);
        problem = tokens.problem() != null ? tokens.problem() : problemOf(tokens);
        glob = problem != null ? null : new Glob(tokens);
    }

    private static boolean startsWithAnyFolder(byte[] text, int from, int to) {
        return to - from > 2 && text[from] == '*' && text[from + 1] == '*' && text[from + 2] == '/';
    }

    /** Paths have no empty, {@code .} or {@code ..} components, so a pattern that asks for one is a mistake. */
    private static String problemOf(Tokens tokens) {
        if (tokens.list().isEmpty() && tokens.lastLoop() == Tokens.NO_LOOP) {
            return "it is empty";
        }
        int dots = 0;
        int others = 0;
        for (Tokens.Token token : tokens.list()) {
            int only = token.set().single();
            others += token.loop() == Tokens.NO_LOOP ? 0 : 1;
            if (only != '/') {
                dots += only == '.' ? 1 : 0;
                others += only == '.' ? 0 : 1;
                continue;
            }
            if (others == 0 && dots <= 2) {
                return problemOf(dots);
            }
            dots = 0;
            others = 0;
        }
        return others == 0 && dots <= 2 && tokens.lastLoop() == Tokens.NO_LOOP ? problemOf(dots) : null;
    }

    private static String problemOf(int dots) {
        return dots == 0 ? "it has two slashes in a row" : "no path has a component '" + ".".repeat(dots) + "'";
    }

    /** Why this pattern can match nothing, or null if it can. */
    String problem() {
        return problem;
    }

    /** The pattern as it was written. */
    byte[] text() {
        return text.clone();
    }

    boolean negated() {
        return negated;
    }

    boolean directoryOnly() {
        return directoryOnly;
    }

    Anchor anchor() {
        return anchor;
    }

    /** The compiled body, or null if it can match nothing. */
    Glob glob() {
        return glob;
    }
}

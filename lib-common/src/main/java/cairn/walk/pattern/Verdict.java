package cairn.walk.pattern;

/** What a {@link PatternSet} says about a path. */
public enum Verdict {
    /** No pattern matches. */
    NONE,
    /** The last pattern that matches is a plain one: the path is what the patterns ask for. */
    MATCHED,
    /** The last pattern that matches starts with {@code !}: the path is taken out again. */
    NEGATED
}

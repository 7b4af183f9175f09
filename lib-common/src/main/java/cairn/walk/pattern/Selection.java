package cairn.walk.pattern;

/**
 * What a command takes out of a tree: everything that the includes ask for (everything, if there are none), less what
 * the excludes match. A folder that is asked for brings all below it; folders on the way to it are not asked for, but
 * must be passed.
 */
public record Selection(PatternSet includes, PatternSet excludes) {
    /** The same for a part of the tree that starts elsewhere: see {@link PatternSet#at}. */
    public Selection at(byte[] source) {
        return new Selection(includes.at(source), excludes.at(source));
    }

    /** Whether the entry itself is wanted. */
    public boolean selects(byte[] path, boolean directory) {
        return (includes.isEmpty() || includes.match(path, directory) == Verdict.MATCHED)
                && excludes.match(path, directory) != Verdict.MATCHED;
    }

    /** Whether a folder may hold anything that is wanted. Never wrongly false. */
    public boolean enters(byte[] folder) {
        return excludes.match(folder, true) != Verdict.MATCHED
                && (includes.isEmpty() || includes.mayMatchBelow(folder)
                        || includes.match(folder, true) == Verdict.MATCHED);
    }
}

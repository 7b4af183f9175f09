package cairn.walk.pattern;

import java.util.Arrays;

/**
 * All patterns of a set that are compared with the same text, arranged so that a text meets only those that can match.
 *
 * <p>Each pattern is filed under the hash of its longest literal end: a whole literal or a prefix under the hash of
 * the text's first bytes, a suffix under the hash of its last bytes. A look-up runs over the text once from either
 * side, no further than the longest literal, and probes the table only at lengths that occur. Patterns that are literal
 * at neither end ({@code *foo*}, {@code ?x?}) are tried one by one. Ten thousand names and suffixes cost no more than
 * ten.
 */
final class PatternGroup {
    private static final int SUFFIX_SALT = 0x5bd1e995;

    private final Glob[] globs;
    private final boolean[] directoryOnly;
    private final int[] keys;
    private final int[] heads;
    private final int[] next;
    private final int[] others;
    private final boolean[] prefixLengths;
    private final boolean[] suffixLengths;
    private final boolean[] exactLengths;

    /** Takes the patterns with this anchor, each under its number in {@code all}. */
    PatternGroup(Pattern[] all, Pattern.Anchor anchor) {
        globs = new Glob[all.length];
        directoryOnly = new boolean[all.length];
        keys = new int[all.length];
        next = new int[all.length];
        int[] unkeyed = new int[all.length];
        int unkeyedCount = 0;
        int members = 0;
        int longestPrefix = 0;
        int longestSuffix = 0;
        int longestExact = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i].anchor() != anchor || all[i].glob() == null) {
                continue;
            }
            globs[i] = all[i].glob();
            directoryOnly[i] = all[i].directoryOnly();
            members++;
            if (globs[i].isExact()) {
                longestExact = Math.max(longestExact, globs[i].prefix().length);
            } else if (usesPrefix(globs[i])) {
                longestPrefix = Math.max(longestPrefix, globs[i].prefix().length);
            } else {
                longestSuffix = Math.max(longestSuffix, globs[i].suffix().length);
            }
        }
        exactLengths = new boolean[longestExact + 1];
        prefixLengths = new boolean[longestPrefix + 1];
        suffixLengths = new boolean[longestSuffix + 1];
        heads = new int[Integer.highestOneBit(Math.max(members, 1)) * 4];
        Arrays.fill(heads, -1);
        for (int i = 0; i < all.length; i++) {
            if (globs[i] == null) {
                continue;
            }
            byte[] literal = usesPrefix(globs[i]) ? globs[i].prefix() : globs[i].suffix();
            if (literal.length == 0) {
                unkeyed[unkeyedCount++] = i;
                continue;
            }
            if (globs[i].isExact()) {
                exactLengths[literal.length] = true;
                keys[i] = hashForward(literal);
            } else if (usesPrefix(globs[i])) {
                prefixLengths[literal.length] = true;
                keys[i] = hashForward(literal);
            } else {
                suffixLengths[literal.length] = true;
                keys[i] = hashBackward(literal) ^ SUFFIX_SALT;
            }
            int slot = slotOf(keys[i]);
            next[i] = heads[slot];
            heads[slot] = i;
        }
        others = Arrays.copyOf(unkeyed, unkeyedCount);
    }

    private static boolean usesPrefix(Glob glob) {
        return glob.isExact() || glob.prefix().length >= glob.suffix().length;
    }

    /**
     * The number of the last pattern that matches {@code text[from..to)}, or {@code best} if none above it does.
     *
     * @param best a number known from another group, or -1
     */
    int lastMatch(byte[] text, int from, int to, boolean directory, int best) {
        int length = to - from;
        int found = best;
        boolean exact = length < exactLengths.length && exactLengths[length];
        int reach = exact ? length : Math.min(length, prefixLengths.length - 1);
        int hash = 0;
        for (int i = 1; i <= reach; i++) {
            hash = hash * 31 + text[from + i - 1];
            if (i < prefixLengths.length && prefixLengths[i] || exact && i == length) {
                found = probe(hash, text, from, to, directory, found);
            }
        }
        reach = Math.min(length, suffixLengths.length - 1);
        hash = 0;
        for (int i = 1; i <= reach; i++) {
            hash = hash * 31 + text[to - i];
            if (suffixLengths[i]) {
                found = probe(hash ^ SUFFIX_SALT, text, from, to, directory, found);
            }
        }
        for (int k = others.length - 1; k >= 0 && others[k] > found; k--) {
            if (matches(others[k], text, from, to, directory)) {
                found = others[k];
            }
        }
        return found;
    }

    /** Chains run from the last pattern to the first, so the first match is the best. */
    private int probe(int key, byte[] text, int from, int to, boolean directory, int best) {
        for (int i = heads[slotOf(key)]; i > best; i = next[i]) {
            if (keys[i] == key && matches(i, text, from, to, directory)) {
                return i;
            }
        }
        return best;
    }

    private boolean matches(int i, byte[] text, int from, int to, boolean directory) {
        return (directory || !directoryOnly[i]) && globs[i].matches(text, from, to);
    }

    private int slotOf(int key) {
        int mixed = key * 0x9E3779B9;
        return (mixed ^ mixed >>> 15) & heads.length - 1;
    }

    private static int hashForward(byte[] literal) {
        int hash = 0;
        for (byte b : literal) {
            hash = hash * 31 + b;
        }
        return hash;
    }

    private static int hashBackward(byte[] literal) {
        int hash = 0;
        for (int i = literal.length - 1; i >= 0; i--) {
            hash = hash * 31 + literal[i];
        }
        return hash;
    }
}

package cairn.walk;

import java.io.IOException;
import java.util.Arrays;

/** The next place that a walk shall find, seen from where the walk is. Only this one is in memory. */
final class Upcoming {
    private final Wanted wanted;
    private Wanted.Item head;
    /** How many of the first names of {@link #head} are those of the directories that the walk is in, but for the root. */
    private int common;

    Upcoming(Wanted wanted) throws IOException {
        this.wanted = wanted;
        head = wanted.next();
    }

    /** Takes the root, if it is wanted; else null. */
    Wanted.Item takeRoot() throws IOException {
        return head != null && head.names().length == 0 ? take(null) : null;
    }

    /** The name in a directory, in which the walk is, that leads to the next place; null if that lies elsewhere. */
    byte[] nameIn(Directory directory) {
        return head != null && common == directory.depth && head.names().length > common ? head.names()[common] : null;
    }

    /** Takes the entry of a directory in which the walk is, if it is the next place; else null. */
    Wanted.Item take(Directory in, byte[] name) throws IOException {
        return leadsTo(in, name) && head.names().length == in.depth + 1 ? take(in) : null;
    }

    /** Whether the next place is an entry of a directory, in which the walk is, or lies below it. */
    boolean leadsTo(Directory in, byte[] name) {
        byte[] next = nameIn(in);
        return next != null && Arrays.equals(next, name);
    }

    /** Passes over all places below an entry that was not entered. */
    void skip(Directory in, byte[] name) throws IOException {
        while (leadsTo(in, name)) {
            advance(in);
        }
    }

    /** The walk is in one directory more. */
    void enter(Directory directory) {
        if (directory.depth > 0 && head != null && common == directory.depth - 1 && head.names().length > common
                && Arrays.equals(head.names()[common], directory.name())) {
            common++;
        }
    }

    /** The walk is about to leave a directory: passes over what is still below it. */
    void leave(Directory directory) throws IOException {
        while (head != null && common >= directory.depth && directory.depth > 0) {
            advance(directory);
        }
        common = Math.min(common, Math.max(0, directory.depth - 1));
    }

    private Wanted.Item take(Directory in) throws IOException {
        Wanted.Item taken = head;
        advance(in);
        while (head != null && Arrays.equals(head.names(), taken.names(), Arrays::compareUnsigned)) {
            taken = head.tree() ? head : taken;
            advance(in);
        }
        return taken;
    }

    private void advance(Directory in) throws IOException {
        head = wanted.next();
        common = 0;
        if (head != null && in != null) {
            common = common(in);
        }
    }

    /** How many names of the head are those of the directories down to this one. */
    private int common(Directory directory) {
        byte[][] names = head.names();
        int same = directory.depth;
        for (Directory each = directory; each.depth > 0; each = each.parent()) {
            if (each.depth > names.length || !Arrays.equals(names[each.depth - 1], each.name())) {
                same = each.depth - 1;
            }
        }
        return same;
    }
}

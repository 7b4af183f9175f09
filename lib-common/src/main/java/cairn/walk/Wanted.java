package cairn.walk;

import java.io.IOException;

/** Goes along what a walk shall find, in the order in which it comes by: that of {@link cairn.posix.RawPath#compareTree}. */
interface Wanted {
    /**
     * A place that is wanted.
     *
     * @param names from the root
     * @param tree with all that lies below it; else only the entry itself
     * @param type what it has to be, one of the S_IF constants; 0 for anything
     * @param closed a directory that is not gone into, so that nothing is mounted or listed
     */
    record Item(byte[][] names, boolean tree, int type, boolean closed) {}

    /** The next one, or null. The same place may come several times. */
    Item next() throws IOException;
}

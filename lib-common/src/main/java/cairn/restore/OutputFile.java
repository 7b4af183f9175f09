package cairn.restore;

import java.util.concurrent.atomic.AtomicInteger;

/** A file whose pieces of content come one by one, from several threads. Guarded by itself but for the counter. */
final class OutputFile {
    enum Way {
        /** Made under its own name, with a note beside it. */
        NEW,
        /** Made under a temporary name and renamed when it is complete. */
        BESIDE,
        /** Written into, with a note beside it. */
        IN_PLACE
    }

    final Node node;
    final AtomicInteger remaining;
    Way way;
    /** What it is called until it is complete; null before it was first opened. */
    byte[] workName;
    byte[] note;
    int fd = -1;
    int users;
    long device;
    long inode;
    AttributeSetter.Have have;
    boolean failed;

    OutputFile(Node node) {
        this.node = node;
        this.remaining = new AtomicInteger(node.pieces());
    }
}

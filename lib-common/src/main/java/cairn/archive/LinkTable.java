package cairn.archive;

import cairn.spool.MappedTable;
import cairn.tree.LinkGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The link groups of the inodes with several names that a walk has met, by device and inode in a {@link MappedTable}, so
 * that millions of hard links cost disk and not heap. For one thread.
 */
final class LinkTable implements AutoCloseable {
    private static final int HIGH = 0;
    private static final int LOW = 8;
    private static final int BYTES = 16;

    private final Function<byte[], LinkGroup> groups;
    private final MappedTable table;

    /** @param folder for its file; null for the system's temporary folder */
    LinkTable(Path folder, Function<byte[], LinkGroup> groups) {
        this.groups = groups;
        table = new MappedTable(folder, "links", BYTES);
    }

    /** The group of an inode; the path of its first entry names it. */
    LinkGroup group(long device, long inode, byte[] path) throws IOException {
        if (inode == 0) {
            return groups.apply(path); // a number that file systems give to nothing, or to all that they have no number for
        }
        long place = table.find(device, inode);
        if (place >= 0) {
            return new LinkGroup(table.getLong(place, HIGH), table.getLong(place, LOW));
        }
        LinkGroup group = groups.apply(path);
        place = table.add(device, inode);
        table.setLong(place, HIGH, group.high());
        table.setLong(place, LOW, group.low());
        return group;
    }

    @Override
    public void close() {
        table.close();
    }
}

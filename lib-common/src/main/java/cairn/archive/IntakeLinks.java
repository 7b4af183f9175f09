package cairn.archive;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Bytes;
import cairn.hash.Blake3;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.spool.RecordSorter;
import cairn.spool.Spool;
import cairn.tree.LinkGroup;
import cairn.tree.LooseEntry;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names that {@link Intake} was told to be further names of earlier entries, as tar tells hard links: kept as path of the
 * target u32 length and bytes, sequence u64, own path u32 length and bytes, and sorted by the target, so that one pass beside the
 * sorted entries gives each its entry. A target that was replaced later counts as it was when the link came.
 */
final class IntakeLinks implements AutoCloseable {
    private static final int MEMORY = 4 << 20;
    /** Bytes of names of links whose own targets are remembered, for links to links. */
    private static final long REMEMBERED = 4 << 20;

    private final RecordSorter links;
    private final RecordSorter resolved;
    private final Map<RawPath.Key, byte[]> targets = new LinkedHashMap<>();
    /** Of the names in it. */
    private long bytes;

    IntakeLinks(Spool spool) {
        links = new RecordSorter(spool, IntakeEntry.ORDER, MEMORY);
        resolved = new RecordSorter(spool, IntakeEntry.ORDER, MEMORY);
    }

    void add(byte[] path, byte[] target, long sequence) throws IOException {
        byte[] root = targets.getOrDefault(new RawPath.Key(target), target);
        remember(path, root);
        ByteWriter out = new ByteWriter(256);
        out.u32(root.length).bytes(root).u64(sequence).u32(path.length).bytes(path);
        links.add(out.array(), 0, out.size());
    }

    private void remember(byte[] path, byte[] root) {
        replaced(path);
        targets.put(new RawPath.Key(path), root);
        bytes += path.length + root.length;
        for (var eldest = targets.entrySet().iterator(); bytes > REMEMBERED && eldest.hasNext();) {
            Map.Entry<RawPath.Key, byte[]> gone = eldest.next();
            bytes -= gone.getKey().bytes().length + gone.getValue().length;
            eldest.remove();
        }
    }

    /** A path holds something else from now on. */
    void replaced(byte[] path) {
        byte[] root = targets.isEmpty() ? null : targets.remove(new RawPath.Key(path));
        if (root != null) {
            bytes -= path.length + root.length;
        }
    }

    boolean isEmpty() {
        return links.size() == 0;
    }

    /** Finds the entry of each link. @param entries sorted @param problems hears of links to what is not there */
    void resolve(RecordSorter.Cursor entries, ArchiveListener problems) throws IOException {
        RecordSorter.Cursor cursor = links.sorted();
        boolean more = entries.next();
        IntakeEntry last = null;
        while (cursor.next()) {
            byte[] target = IntakeEntry.path(cursor);
            long sequence = IntakeEntry.sequence(cursor);
            if (last != null && !Arrays.equals(last.path(), target)) {
                last = null;
            }
            while (more) {
                byte[] at = IntakeEntry.path(entries);
                int order = RawPath.compareTree(at, target);
                if (order > 0 || order == 0 && IntakeEntry.sequence(entries) > sequence) {
                    break;
                }
                if (order == 0) {
                    last = IntakeEntry.get(entries);
                }
                more = entries.next();
            }
            byte[] path = path(cursor);
            if (last == null || last.open()) {
                problems.problem(path, "is a hard link to '" + RawString.printable(target)
                        + (last == null ? "', which did not come before it" : "', a folder"));
                continue;
            }
            LooseEntry loose = last.loose();
            LinkGroup group = loose.entry().attributes().linkGroup() != null ? loose.entry().attributes().linkGroup() : group(target, last.sequence());
            new IntakeEntry(path, sequence, false, new LooseEntry(
                    loose.entry().as(RawPath.name(path), loose.entry().attributes().withLinkGroup(group)), loose.stat())).add(resolved);
        }
    }

    private static byte[] path(RecordSorter.Cursor cursor) throws IOException {
        ByteReader in = new ByteReader(cursor.array(), cursor.offset(), cursor.length(), "what was put aside");
        in.skip(in.u32());
        in.u64();
        return in.bytes(in.u32());
    }

    /** The links as entries, once resolved. */
    RecordSorter.Cursor resolved() throws IOException {
        return resolved.sorted();
    }

    /** Goes along the targets in step with sorted entries. */
    Targets targets() throws IOException {
        return new Targets(links.sorted());
    }

    /** Tells which entries have links to them. */
    static final class Targets {
        private final RecordSorter.Cursor cursor;
        private boolean more;

        private Targets(RecordSorter.Cursor cursor) throws IOException {
            this.cursor = cursor;
            this.more = cursor.next();
        }

        /** The group of an entry that is the last one of its path, or null if nothing links to it. */
        LinkGroup group(IntakeEntry entry) throws IOException {
            boolean linked = false;
            while (more) {
                int order = RawPath.compareTree(IntakeEntry.path(cursor), entry.path());
                if (order > 0) {
                    break;
                }
                linked |= order == 0 && IntakeEntry.sequence(cursor) > entry.sequence();
                more = cursor.next();
            }
            return linked ? IntakeLinks.group(entry.path(), entry.sequence()) : null;
        }
    }

    /** Stands for the inode that a target and its links share, until the tree is made. */
    static LinkGroup group(byte[] path, long sequence) {
        return key(new ByteWriter(256).u8(1).u64(sequence).bytes(path));
    }

    /** The same for a group that came from outside. */
    static LinkGroup foreign(LinkGroup group) {
        return key(new ByteWriter(32).u8(0).u64(group.high()).u64(group.low()));
    }

    private static LinkGroup key(ByteWriter name) {
        byte[] hash = new byte[32];
        Blake3.hasher().hash(name.array(), 0, name.size(), hash, 0);
        return new LinkGroup(Bytes.getLong(hash, 0), Bytes.getLong(hash, 8) | 1);
    }

    @Override
    public void close() {
        links.close();
        resolved.close();
    }
}

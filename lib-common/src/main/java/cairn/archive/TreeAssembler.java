package cairn.archive;

import cairn.format.BlobId;
import cairn.posix.RawPath;
import cairn.tree.Attributes;
import cairn.tree.CutKey;
import cairn.tree.DirectoryWriter;
import cairn.tree.Entry;
import cairn.tree.LinkGroup;
import cairn.tree.ScanStat;
import cairn.tree.TreeSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds a tree from entries that come in the order of a walk, each path once. Folders that no entry tells of are made up. Memory
 * holds the folders on the way to the entry in hand.
 */
final class TreeAssembler {
    static final ScanStat NO_STAT = new ScanStat(0, 0, 0, 0, 0, null);

    private final TreeSink sink;
    private final CutKey cut;
    private final Attributes implied;
    private final LinkTable links;
    private final ArchiveCounts counts;
    private final ArchiveListener problems;
    private final List<Frame> stack = new ArrayList<>();
    /** A path that begins with that of each open folder: one of them a folder would grow with the square of the depth. */
    private byte[] way = RawPath.ROOT;
    /** The last entry that can have none below it. */
    private byte[] closed;

    private static final class Frame {
        final byte[] name;
        /** Bytes of its path. */
        final int length;
        final DirectoryWriter writer;
        Attributes attributes;
        ScanStat stat = NO_STAT;

        Frame(byte[] name, int length, DirectoryWriter writer, Attributes attributes) {
            this.name = name;
            this.length = length;
            this.writer = writer;
            this.attributes = attributes;
        }
    }

    /** @param implied attributes of folders that no entry tells of */
    TreeAssembler(TreeSink sink, CutKey cut, Attributes implied, LinkTable links, ArchiveCounts counts, ArchiveListener problems) {
        this.sink = sink;
        this.cut = cut;
        this.implied = implied;
        this.links = links;
        this.counts = counts;
        this.problems = problems;
        stack.add(new Frame(new byte[0], 1, new DirectoryWriter(sink, cut), implied));
    }

    void add(IntakeEntry in) throws IOException {
        byte[] path = in.path();
        if (closed != null && RawPath.isWithin(path, closed)) {
            drop(in, "stands below something that is no folder");
            return;
        }
        boolean root = path.length == 1;
        if (root && !in.open()) {
            drop(in, "cannot stand for the root folder");
            return;
        }
        int same = Arrays.mismatch(path, way);
        while (!isWithin(path, stack.getLast().length, same < 0 ? path.length : same)) {
            pop();
        }
        if (!root) {
            pushParents(path);
        }
        if (in.open()) {
            if (!root) {
                push(path, path.length);
            }
            stack.getLast().attributes = in.loose().entry().attributes();
            stack.getLast().stat = in.loose().stat();
            return;
        }
        Entry entry = in.loose().entry();
        LinkGroup key = entry.attributes().linkGroup();
        if (key != null) {
            entry = entry.as(entry.name(), entry.attributes().withLinkGroup(links.group(key.high(), key.low(), path)));
        }
        stack.getLast().writer.add(entry, in.loose().stat());
        closed = path;
    }

    private void drop(IntakeEntry in, String why) {
        problems.problem(in.path(), why);
        Intake.count(counts, in, -1);
    }

    private void pushParents(byte[] path) {
        for (int i = stack.getLast().length + 1; i < path.length; i++) {
            if (path[i] == '/') {
                push(path, i);
                counts.directories.increment();
            }
        }
    }

    /** @param same bytes that the path has in common with the way */
    private static boolean isWithin(byte[] path, int folder, int same) {
        return folder == 1 || folder <= same && (path.length == folder || path[folder] == '/');
    }

    private void push(byte[] path, int length) {
        int above = stack.getLast().length;
        stack.add(new Frame(Arrays.copyOfRange(path, above == 1 ? 1 : above + 1, length), length, new DirectoryWriter(sink, cut), implied));
        way = path;
    }

    private void pop() throws IOException {
        Frame frame = stack.removeLast();
        stack.getLast().writer.add(entry(frame, frame.name), stat(frame));
    }

    private DirectoryWriter.Roots roots;

    private Entry.Directory entry(Frame frame, byte[] name) throws IOException {
        roots = frame.writer.finish();
        return new Entry.Directory(name, frame.attributes, roots.tree());
    }

    private ScanStat stat(Frame frame) {
        BlobId beside = roots.stat();
        ScanStat own = frame.stat;
        return new ScanStat(own.deviceMajor(), own.deviceMinor(), own.inode(), own.ctimeSeconds(), own.ctimeNanos(), beside);
    }

    /** Ends the tree. */
    DirectoryWriter.Roots finish() throws IOException {
        while (stack.size() > 1) {
            pop();
        }
        DirectoryWriter holder = new DirectoryWriter(sink, cut);
        Frame root = stack.getLast();
        holder.add(entry(root, new byte[0]), stat(root));
        return holder.finish();
    }
}

package cairn.tree;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.ByteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes one directory as pieces, and beside each piece of entries the piece of their stats. Entries come in unsigned
 * byte order of their names. A full leaf is stored at once, so that a directory of any number of entries is written in
 * the memory of a few pieces: leaves are cut by {@link CutKey}, the nodes above by the ids of their children, level over
 * level, until one piece is left. The list of children of a node is cut after a child whose id ends in eight zero bits,
 * between {@value #LEAST_CHILDREN} and {@value #MOST_CHILDREN} children.
 */
public final class DirectoryWriter {
    private static final int LEAST_CHILDREN = 64;
    private static final int MOST_CHILDREN = 1024;
    private static final int CUT_MASK = 0xFF;

    private final TreeSink sink;
    private final CutKey cut;
    private final ByteWriter out = new ByteWriter(1024);
    private final ByteWriter entries = new ByteWriter(1024);
    private final ByteWriter stats = new ByteWriter(256);
    private final References.Writer entryRefs = new References.Writer();
    private final References.Writer statRefs = new References.Writer();
    private final List<List<Child>> levels = new ArrayList<>();
    private int count;
    private byte[] firstName;
    private byte[] lastName;
    private ScanStat lastStat;

    /** The two roots of a directory. */
    public record Roots(BlobId tree, BlobId stat) {
    }

    private record Child(BlobId tree, BlobId stat, byte[] firstName, long entries) {
    }

    public DirectoryWriter(TreeSink sink, CutKey cut) {
        this.sink = sink;
        this.cut = cut;
    }

    public void add(Entry entry, ScanStat stat) throws IOException {
        if (lastName != null && Arrays.compareUnsigned(lastName, entry.name()) >= 0) {
            throw new IllegalArgumentException("entries must come in order of their names");
        }
        lastName = entry.name();
        if (count == 0) {
            firstName = entry.name();
        }
        int before = entries.size() + entryRefs.ids().size() * BlobId.BYTES;
        EntryCodec.put(entries, entryRefs, entry);
        StatCodec.put(stats, statRefs, stat, count == 0 ? null : lastStat);
        lastStat = stat;
        count++;
        int size = entries.size() + entryRefs.ids().size() * BlobId.BYTES;
        if (cut.cutsAfter(entry.name(), size - before, size)) {
            closeLeaf();
        }
    }

    /** Stores what is left and returns the roots; also of a directory without entries. */
    public Roots finish() throws IOException {
        if (count > 0 || levels.isEmpty()) {
            closeLeaf();
        }
        for (int level = 0;; level++) {
            List<Child> children = levels.get(level);
            boolean top = level == levels.size() - 1;
            if (top && children.size() == 1) {
                return new Roots(children.getFirst().tree, children.getFirst().stat);
            }
            if (!children.isEmpty()) {
                closeNode(level);
            }
        }
    }

    private void closeLeaf() throws IOException {
        BlobId tree = put(BlobKind.TREE, PieceType.DIRECTORY_LEAF, count, entries, entryRefs.ids());
        BlobId stat = put(BlobKind.STAT, PieceType.STAT_LEAF, count, stats, statRefs.ids());
        Child child = new Child(tree, stat, count == 0 ? new byte[0] : firstName, count);
        entries.clear();
        stats.clear();
        entryRefs.clear();
        statRefs.clear();
        count = 0;
        addChild(0, child);
    }

    private BlobId put(BlobKind kind, int type, int number, ByteWriter body, List<BlobId> refs) throws IOException {
        out.clear().u8(type).varint(number).bytes(body.array(), 0, body.size());
        return sink.put(kind, refs, out.array(), out.size());
    }

    private void addChild(int level, Child child) throws IOException {
        if (level == levels.size()) {
            levels.add(new ArrayList<>());
        }
        List<Child> children = levels.get(level);
        children.add(child);
        if (children.size() >= MOST_CHILDREN || children.size() >= LEAST_CHILDREN && (child.tree.d() & CUT_MASK) == 0) {
            closeNode(level);
        }
    }

    private void closeNode(int level) throws IOException {
        List<Child> children = levels.get(level);
        ByteWriter names = new ByteWriter(4096);
        ByteWriter parallel = new ByteWriter(1024);
        References.Writer treeRefs = new References.Writer();
        References.Writer parallelRefs = new References.Writer();
        long below = 0;
        for (Child child : children) {
            treeRefs.put(names, child.tree);
            names.string(child.firstName).varint(child.entries);
            parallelRefs.put(parallel, child.stat);
            below += child.entries;
        }
        BlobId tree = put(BlobKind.TREE, PieceType.DIRECTORY_NODE, children.size(), names, treeRefs.ids());
        BlobId stat = put(BlobKind.STAT, PieceType.STAT_NODE, children.size(), parallel, parallelRefs.ids());
        Child node = new Child(tree, stat, children.getFirst().firstName, below);
        children.clear();
        addChild(level + 1, node);
    }
}

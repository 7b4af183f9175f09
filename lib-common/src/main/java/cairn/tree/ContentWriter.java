package cairn.tree;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.ByteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the list of a file's items. Up to {@value #LISTED} stand in the entry itself; more become a tree of pieces,
 * cut after a blob whose id ends in eight zero bits, so that a change in a large file or image rewrites the pieces
 * around it and their ancestors only. Memory is bounded by one piece a level.
 */
public final class ContentWriter {
    private static final int LISTED = 64;
    private static final int LEAST = 128;
    private static final int MOST = 1024;
    private static final int CUT_MASK = 0xFF;

    private final TreeSink sink;
    private final List<Item> items = new ArrayList<>();
    private final List<List<Child>> levels = new ArrayList<>();

    private record Child(BlobId tree, long bytes) {
    }

    public ContentWriter(TreeSink sink) {
        this.sink = sink;
    }

    /** Adds the next item; holes that touch become one. */
    public void add(Item item) throws IOException {
        if (item instanceof Item.Hole hole && !items.isEmpty() && items.getLast() instanceof Item.Hole before) {
            items.set(items.size() - 1, new Item.Hole(Math.addExact(before.length(), hole.length())));
            return;
        }
        items.add(item);
        boolean cut = item instanceof Item.Data data && (data.blob().d() & CUT_MASK) == 0;
        if (items.size() >= MOST || cut && items.size() >= LEAST) {
            closeLeaf();
        }
    }

    public Content finish() throws IOException {
        if (levels.isEmpty() && items.size() <= LISTED) {
            return items.isEmpty() ? new Content.Inline(new byte[0]) : new Content.Listed(List.copyOf(items));
        }
        if (!items.isEmpty()) {
            closeLeaf();
        }
        for (int level = 0;; level++) {
            List<Child> children = levels.get(level);
            if (level == levels.size() - 1 && children.size() == 1) {
                return new Content.Pieces(children.getFirst().tree);
            }
            if (!children.isEmpty()) {
                closeNode(level);
            }
        }
    }

    private void closeLeaf() throws IOException {
        ByteWriter out = new ByteWriter(16 << 10);
        References.Writer refs = new References.Writer();
        out.u8(PieceType.CONTENT_LEAF).varint(items.size());
        long bytes = 0;
        for (Item item : items) {
            ItemCodec.put(out, refs, item);
            bytes += item.length();
        }
        items.clear();
        addChild(0, new Child(sink.put(BlobKind.TREE, refs.ids(), out.array(), out.size()), bytes));
    }

    private void addChild(int level, Child child) throws IOException {
        if (level == levels.size()) {
            levels.add(new ArrayList<>());
        }
        List<Child> children = levels.get(level);
        children.add(child);
        if (children.size() >= MOST || children.size() >= LEAST && (child.tree.d() & CUT_MASK) == 0) {
            closeNode(level);
        }
    }

    private void closeNode(int level) throws IOException {
        List<Child> children = levels.get(level);
        ByteWriter out = new ByteWriter(16 << 10);
        References.Writer refs = new References.Writer();
        out.u8(PieceType.CONTENT_NODE).varint(children.size());
        long bytes = 0;
        for (Child child : children) {
            refs.put(out, child.tree);
            out.varint(child.bytes);
            bytes += child.bytes;
        }
        children.clear();
        addChild(level + 1, new Child(sink.put(BlobKind.TREE, refs.ids(), out.array(), out.size()), bytes));
    }
}

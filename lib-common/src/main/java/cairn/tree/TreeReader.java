package cairn.tree;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.ByteReader;
import cairn.format.DamagedException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Reads trees of pieces. Holds one path of pieces at a time, whatever the size of a directory or a file. */
public final class TreeReader {
    /** A tree of 2^60 entries has fewer levels: more can only be hostile. */
    private static final int DEEPEST = 32;

    private final TreeSource source;

    public TreeReader(TreeSource source) {
        this.source = source;
    }

    /** The entries of a directory in unsigned byte order of their names, without their stats. */
    public DirectoryCursor directory(BlobId root) {
        return new DirectoryCursor(source, root, null, false);
    }

    /** The entries of a directory with their stats. @param stat the stat root that belongs to the tree root */
    public DirectoryCursor directory(BlobId root, BlobId stat) {
        return new DirectoryCursor(source, root, stat, false);
    }

    /** The one entry with an empty name that a record's root is. @param stat may be null */
    public DirectoryCursor root(BlobId root, BlobId stat) {
        return new DirectoryCursor(source, root, stat, true);
    }

    /** The entry of a directory with a name, or null. Reads one piece a level. */
    public Entry find(BlobId root, byte[] name) throws IOException {
        BlobId piece = root;
        for (int level = 0; level < DEEPEST; level++) {
            TreeSource.Piece got = source.get(BlobKind.TREE, piece);
            ByteReader in = reader(got);
            References.Reader refs = new References.Reader(got.refs());
            int type = in.u8();
            int count = in.varint(PieceType.MOST);
            if (type == PieceType.DIRECTORY_LEAF) {
                for (int i = 0; i < count; i++) {
                    Entry entry = EntryCodec.get(in, refs);
                    if (Arrays.equals(entry.name(), name)) {
                        return entry;
                    }
                }
                return null;
            }
            if (type != PieceType.DIRECTORY_NODE || count == 0) {
                throw in.damaged("is no piece of a directory");
            }
            BlobId next = null;
            for (int i = 0; i < count; i++) {
                BlobId child = refs.get(in);
                byte[] first = in.string();
                in.varint();
                if (next == null || Arrays.compareUnsigned(first, name) <= 0) {
                    next = child;
                } else {
                    break;
                }
            }
            piece = next;
        }
        throw new DamagedException("tree blob " + root, "is nested too deeply");
    }

    /** The items of a file in order of their offsets. */
    public ItemCursor items(Entry.File file) {
        return new ItemCursor(source, file);
    }

    private static ByteReader reader(TreeSource.Piece piece) {
        return new ByteReader(piece.payload(), "tree blob " + piece.id());
    }

    /** Goes through the entries of a directory, and the parallel stats where asked for. */
    public static final class DirectoryCursor {
        private final TreeSource source;
        private final boolean isRoot;
        private final Deque<BlobId[]> pending = new ArrayDeque<>();
        private final Deque<Integer> depths = new ArrayDeque<>();
        private final boolean withStats;
        private ByteReader in;
        private ByteReader statIn;
        private References.Reader refs;
        private References.Reader statRefs;
        private int left;
        private Entry entry;
        private ScanStat stat;
        private ScanStat statBefore;
        private byte[] before;

        private DirectoryCursor(TreeSource source, BlobId root, BlobId stat, boolean isRoot) {
            this.source = source;
            this.isRoot = isRoot;
            this.withStats = stat != null;
            pending.push(new BlobId[] {root, stat});
            depths.push(0);
        }

        /** Moves to the next entry; false at the end. */
        public boolean next() throws IOException {
            while (left == 0) {
                if (in != null) {
                    in.end();
                    in = null;
                }
                if (pending.isEmpty()) {
                    entry = null;
                    stat = null;
                    return false;
                }
                open(pending.pop(), depths.pop());
            }
            left--;
            entry = EntryCodec.get(in, refs);
            if (withStats) {
                stat = StatCodec.get(statIn, statRefs, statBefore);
                statBefore = stat;
            }
            if (isRoot != (entry.name().length == 0) || before != null && Arrays.compareUnsigned(before, entry.name()) >= 0) {
                throw in.damaged("holds entries that are out of order");
            }
            before = entry.name();
            return true;
        }

        /** The entry that {@link #next()} moved to. */
        public Entry entry() {
            return entry;
        }

        /** Its stat, or null if the cursor was opened without. */
        public ScanStat stat() {
            return stat;
        }

        private void open(BlobId[] ids, int depth) throws IOException {
            TreeSource.Piece piece = source.get(BlobKind.TREE, ids[0]);
            in = reader(piece);
            refs = new References.Reader(piece.refs());
            int type = in.u8();
            int count = in.varint(PieceType.MOST);
            if (withStats) {
                TreeSource.Piece parallel = source.get(BlobKind.STAT, ids[1]);
                statIn = new ByteReader(parallel.payload(), "stat blob " + parallel.id());
                statRefs = new References.Reader(parallel.refs());
                statBefore = null;
                int expected = type == PieceType.DIRECTORY_LEAF ? PieceType.STAT_LEAF : PieceType.STAT_NODE;
                if (statIn.u8() != expected || statIn.varint(PieceType.MOST) != count) {
                    throw statIn.damaged("is not parallel to its directory");
                }
            }
            if (type == PieceType.DIRECTORY_LEAF) {
                left = count;
                return;
            }
            if (type != PieceType.DIRECTORY_NODE || depth >= DEEPEST) {
                throw in.damaged("is no piece of a directory");
            }
            List<BlobId[]> children = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                BlobId child = refs.get(in);
                in.string();
                in.varint();
                children.add(new BlobId[] {child, withStats ? statRefs.get(statIn) : null});
            }
            for (BlobId[] child : children.reversed()) {
                pending.push(child);
                depths.push(depth + 1);
            }
        }
    }

    /** Goes through the items of a file and checks that they add up to its size. */
    public static final class ItemCursor {
        private final TreeSource source;
        private final long size;
        private final Deque<BlobId> pending = new ArrayDeque<>();
        private final Deque<Integer> depths = new ArrayDeque<>();
        private List<Item> items = List.of();
        private int at;
        private long offset;
        private Item item;

        private ItemCursor(TreeSource source, Entry.File file) {
            this.source = source;
            this.size = file.size();
            switch (file.content()) {
                case Content.Inline inline -> offset = size;
                case Content.Listed listed -> items = listed.items();
                case Content.Pieces pieces -> {
                    pending.push(pieces.root());
                    depths.push(0);
                }
            }
        }

        /** Moves to the next item; false at the end. Inline content has no items. */
        public boolean next() throws IOException {
            if (item != null) {
                offset += item.length();
            }
            while (at == items.size()) {
                if (pending.isEmpty()) {
                    item = null;
                    if (offset != size) {
                        throw new DamagedException("tree", "lists " + offset + " bytes for a file of " + size);
                    }
                    return false;
                }
                open(pending.pop(), depths.pop());
            }
            item = items.get(at++);
            if (item.length() > size - offset) {
                throw new DamagedException("tree", "lists more bytes than a file of " + size + " has");
            }
            return true;
        }

        public Item item() {
            return item;
        }

        /** Where in the file the item begins. */
        public long offset() {
            return offset;
        }

        private void open(BlobId id, int depth) throws IOException {
            TreeSource.Piece piece = source.get(BlobKind.TREE, id);
            ByteReader in = reader(piece);
            References.Reader refs = new References.Reader(piece.refs());
            int type = in.u8();
            int count = in.varint(PieceType.MOST);
            if (type == PieceType.CONTENT_LEAF) {
                List<Item> read = new ArrayList<>(Math.min(count, in.remaining()));
                for (int i = 0; i < count; i++) {
                    read.add(ItemCodec.get(in, refs));
                }
                items = read;
                at = 0;
            } else if (type == PieceType.CONTENT_NODE && depth < DEEPEST) {
                List<BlobId> children = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    children.add(refs.get(in));
                    in.varint();
                }
                for (BlobId child : children.reversed()) {
                    pending.push(child);
                    depths.push(depth + 1);
                }
            } else {
                throw in.damaged("is no piece of content");
            }
            in.end();
        }
    }
}

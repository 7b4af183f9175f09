package cairn.tree;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a directory leaf. Integers are unsigned LEB128 varints, {@code signed} ones zigzag first; a string is a
 * varint of its length and its bytes.
 *
 * <pre>
 * name       string   no slash, no NUL, not "." or ".."; empty only for the entry that is a backup's root
 * head       u8       bits 0-2 {@link EntryType}; bit 3 link group, 4 xattrs, 5 inode flags, 6 project id follow
 * mode       varint   12 bits
 * uid, gid   varint   each
 * mtime      signed seconds, varint nanoseconds
 * link group 16 bytes                                     if bit 3
 * xattrs     count varint, then name string, value string  if bit 4
 * flags      varint                                       if bit 5
 * project    varint                                       if bit 6
 * file:      size varint, content u8: 0 inline string | 1 count varint, items ({@link ItemCodec}) | 2 reference to pieces
 * directory: reference
 * symlink:   target string
 * device:    major varint, minor varint
 * </pre>
 */
final class EntryCodec {
    private static final int LINKED = 8;
    private static final int XATTRS = 16;
    private static final int FLAGS = 32;
    private static final int PROJECT = 64;
    private static final int INLINE = 0;
    private static final int LISTED = 1;
    private static final int PIECES = 2;
    /** More than any writer lists in an entry. */
    private static final int MOST_LISTED = 1 << 16;

    private EntryCodec() {
    }

    static void put(ByteWriter out, References.Writer refs, Entry entry) {
        Attributes a = entry.attributes();
        out.string(entry.name());
        out.u8(entry.type().code() | (a.linkGroup() != null ? LINKED : 0) | (a.xattrs().isEmpty() ? 0 : XATTRS)
                | (a.inodeFlags() != 0 ? FLAGS : 0) | (a.projectId() != 0 ? PROJECT : 0));
        out.varint(a.mode()).varint(a.uid()).varint(a.gid()).signed(a.mtimeSeconds()).varint(a.mtimeNanos());
        if (a.linkGroup() != null) {
            out.u64(a.linkGroup().high()).u64(a.linkGroup().low());
        }
        if (!a.xattrs().isEmpty()) {
            out.varint(a.xattrs().size());
            for (Xattr xattr : a.xattrs()) {
                out.string(xattr.name()).string(xattr.value());
            }
        }
        if (a.inodeFlags() != 0) {
            out.varint(a.inodeFlags() & 0xFFFFFFFFL);
        }
        if (a.projectId() != 0) {
            out.varint(a.projectId());
        }
        switch (entry) {
            case Entry.File file -> putContent(out, refs, file);
            case Entry.Directory directory -> refs.put(out, directory.tree());
            case Entry.Symlink link -> out.string(link.target());
            case Entry.Special special -> {
                if (special.type() == EntryType.CHAR_DEVICE || special.type() == EntryType.BLOCK_DEVICE) {
                    out.varint(special.major() & 0xFFFFFFFFL).varint(special.minor() & 0xFFFFFFFFL);
                }
            }
        }
    }

    private static void putContent(ByteWriter out, References.Writer refs, Entry.File file) {
        out.varint(file.size());
        switch (file.content()) {
            case Content.Inline inline -> out.u8(INLINE).string(inline.bytes());
            case Content.Listed listed -> {
                out.u8(LISTED).varint(listed.items().size());
                for (Item item : listed.items()) {
                    ItemCodec.put(out, refs, item);
                }
            }
            case Content.Pieces pieces -> {
                out.u8(PIECES);
                refs.put(out, pieces.root());
            }
        }
    }

    static Entry get(ByteReader in, References.Reader refs) throws DamagedException {
        byte[] name = in.string();
        int head = in.u8();
        EntryType type = EntryType.of(head & 7);
        if (type == null || (head & 128) != 0 || !isName(name)) {
            throw in.damaged("holds an entry of an unknown type or an impossible name");
        }
        int mode = in.varint(0xFFF);
        long uid = in.varint() & 0xFFFFFFFFL;
        long gid = in.varint() & 0xFFFFFFFFL;
        long seconds = in.signed();
        int nanos = in.varint(999_999_999);
        LinkGroup group = (head & LINKED) != 0 ? new LinkGroup(in.u64(), in.u64()) : null;
        List<Xattr> xattrs = List.of();
        if ((head & XATTRS) != 0) {
            int count = in.varint(in.remaining());
            xattrs = new ArrayList<>(Math.min(count, 64));
            for (int i = 0; i < count; i++) {
                xattrs.add(new Xattr(in.string(), in.string()));
            }
        }
        int flags = (head & FLAGS) != 0 ? (int) in.varint() : 0;
        long project = (head & PROJECT) != 0 ? in.varint() & 0xFFFFFFFFL : 0;
        Attributes attributes = new Attributes(mode, uid, gid, seconds, nanos, group, xattrs, flags, project);
        return switch (type) {
            case FILE -> {
                long size = in.length();
                yield new Entry.File(name, attributes, size, getContent(in, refs, size));
            }
            case DIRECTORY -> new Entry.Directory(name, attributes, refs.get(in));
            case SYMLINK -> new Entry.Symlink(name, attributes, in.string());
            case CHAR_DEVICE, BLOCK_DEVICE -> new Entry.Special(name, attributes, type, (int) in.varint(), (int) in.varint());
            case FIFO, SOCKET -> new Entry.Special(name, attributes, type, 0, 0);
        };
    }

    private static Content getContent(ByteReader in, References.Reader refs, long size) throws DamagedException {
        switch (in.u8()) {
            case INLINE:
                byte[] bytes = in.string();
                if (bytes.length != size) {
                    throw in.damaged("holds content that is not as long as its file");
                }
                return new Content.Inline(bytes);
            case LISTED:
                int count = in.varint(Math.min(MOST_LISTED, in.remaining()));
                List<Item> items = new ArrayList<>(count);
                long left = size;
                for (int i = 0; i < count; i++) {
                    Item item = ItemCodec.get(in, refs);
                    left -= item.length();
                    if (left < 0) {
                        break;
                    }
                    items.add(item);
                }
                if (left != 0) {
                    throw in.damaged("holds content that is not as long as its file");
                }
                return new Content.Listed(items);
            case PIECES:
                return new Content.Pieces(refs.get(in));
            default:
                throw in.damaged("holds content of an unknown form");
        }
    }

    /** A name that could lead out of its directory is never decoded, so no command has to think of it again. */
    private static boolean isName(byte[] name) {
        if (name.length == 1 && name[0] == '.' || name.length == 2 && name[0] == '.' && name[1] == '.') {
            return false;
        }
        for (byte b : name) {
            if (b == '/' || b == 0) {
                return false;
            }
        }
        return true;
    }
}

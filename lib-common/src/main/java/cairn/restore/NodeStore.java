package cairn.restore;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Bytes;
import cairn.spool.Spool;
import cairn.tree.Attributes;
import cairn.tree.EntryType;
import cairn.tree.LinkGroup;
import cairn.tree.Xattr;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The nodes of a plan, on disk where there are many. A node's id is the place of its record:
 *
 * <pre>
 * length     u32      of what follows
 * pieces     u32
 * flags      u32
 * parent     u64
 * device, inode  u64 each
 * name       string
 * type       u8
 * mode, uid, gid varint, mtime signed and varint, inode flags varint, project varint, size varint
 * xattrs     count varint, then name string, value string
 * </pre>
 */
final class NodeStore implements AutoCloseable {
    private static final int PIECES = 4;
    private static final int FLAGS = 8;

    private final Spill spill;

    NodeStore(Spool spool, int mostInMemory) {
        spill = new Spill(spool, mostInMemory);
    }

    /** Stores a node and returns its id. */
    long add(long parent, byte[] name, EntryType type, Attributes a, long size, int flags, int pieces, long device, long inode) throws IOException {
        ByteWriter out = new ByteWriter(128);
        out.u32(0).u32(pieces).u32(flags).u64(parent).u64(device).u64(inode).string(name).u8(type.code());
        out.varint(a.mode()).varint(a.uid()).varint(a.gid()).signed(a.mtimeSeconds()).varint(a.mtimeNanos());
        out.varint(a.inodeFlags() & 0xFFFFFFFFL).varint(a.projectId()).varint(size).varint(a.xattrs().size());
        for (Xattr xattr : a.xattrs()) {
            out.string(xattr.name()).string(xattr.value());
        }
        Bytes.putInt(out.array(), 0, out.size() - 4);
        return spill.append(out.array(), 0, out.size());
    }

    void setPieces(long id, int pieces) throws IOException {
        spill.putInt(id + PIECES, pieces);
    }

    void setFlags(long id, int flags) throws IOException {
        spill.putInt(id + FLAGS, flags);
    }

    Node get(long id) throws IOException {
        byte[] four = new byte[4];
        spill.read(id, four, 0, 4);
        byte[] bytes = new byte[Bytes.getInt(four, 0)];
        spill.read(id + 4, bytes, 0, bytes.length);
        ByteReader in = new ByteReader(bytes, "the plan of the restore");
        int pieces = in.u32();
        int flags = in.u32();
        long parent = in.u64();
        long device = in.u64();
        long inode = in.u64();
        byte[] name = in.string();
        EntryType type = typeOf(in.u8());
        int mode = (int) in.varint();
        long uid = in.varint();
        long gid = in.varint();
        long seconds = in.signed();
        int nanos = (int) in.varint();
        int inodeFlags = (int) in.varint();
        long project = in.varint();
        long size = in.varint();
        int count = (int) in.varint();
        List<Xattr> xattrs = count == 0 ? List.of() : new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            xattrs.add(new Xattr(in.string(), in.string()));
        }
        return new Node(id, parent, name, type, new Attributes(mode, uid, gid, seconds, nanos, (LinkGroup) null, xattrs, inodeFlags, project),
                size, flags, pieces, device, inode);
    }

    private static final EntryType[] TYPES = EntryType.values();

    private static EntryType typeOf(int code) {
        for (EntryType type : TYPES) {
            if (type.code() == code) {
                return type;
            }
        }
        throw new IllegalStateException("a plan holds an entry of type " + code);
    }

    /** The path below the target, raw. */
    byte[] path(long id) {
        try {
            List<byte[]> parts = new ArrayList<>();
            for (long at = id; at != Node.NONE;) {
                Node node = get(at);
                parts.add(0, node.name());
                at = node.parent();
            }
            return Paths.join(parts);
        } catch (IOException e) {
            return new byte[] {'?'};
        }
    }

    @Override
    public void close() {
        spill.close();
    }
}

package cairn.stream;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.tree.Attributes;
import cairn.tree.EntryType;
import cairn.tree.LinkGroup;
import cairn.tree.ScanStat;
import cairn.tree.Xattr;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry of a plain stream.
 *
 * <pre>
 * path      string   absolute, raw bytes
 * head      u8       bits 0 to 2 type, as in a tree: 1 file, 2 directory, 3 symlink, 4 FIFO, 5 socket, 6 character device,
 *                    7 block device; bit 3: a link group follows; bit 4: device, inode and ctime follow; the others zero
 * mode      varint   12 bits
 * uid, gid  varint   each
 * mtime     seconds signed, nanoseconds varint
 * group     16       if bit 3: entries with the same group are names of one inode; means nothing else
 * device    varint major, varint minor     } if bit 4: of the file system
 * inode     varint                         }
 * ctime     as mtime                       }
 * flags     varint   inode flags, 0 if none
 * project   varint   project id, 0 if none
 * xattrs    count varint, then name string, value string; in unsigned byte order of names; more in XATTR frames
 * of a file:    size varint: as it was when it was opened
 * of a symlink: target string
 * of a device:  major varint, minor varint
 * </pre>
 *
 * @param stat       null if not known
 * @param size       of a file
 * @param target     of a symlink, else null
 */
public record PlainEntry(byte[] path, EntryType type, Attributes attributes, ScanStat stat, long size, byte[] target,
        int major, int minor) {
    private static final int LINKED = 8;
    private static final int COUNTED = 16;
    /** Attributes beyond these bytes go into frames of their own, so that an entry always fits into a frame. */
    private static final int MOST_INSIDE = 256 << 10;
    private static final long LONGEST = 0xFFFFFFFFL;

    /** The payload of the ENTRY frame. */
    public byte[] encode() {
        Attributes a = attributes;
        ByteWriter out = new ByteWriter(256);
        out.string(path).u8(type.code() | (a.linkGroup() != null ? LINKED : 0) | (stat != null ? COUNTED : 0));
        out.varint(a.mode()).varint(a.uid()).varint(a.gid()).signed(a.mtimeSeconds()).varint(a.mtimeNanos());
        if (a.linkGroup() != null) {
            out.u64(a.linkGroup().high()).u64(a.linkGroup().low());
        }
        if (stat != null) {
            out.varint(stat.deviceMajor() & LONGEST).varint(stat.deviceMinor() & LONGEST).varint(stat.inode());
            out.signed(stat.ctimeSeconds()).varint(stat.ctimeNanos());
        }
        out.varint(a.inodeFlags() & LONGEST).varint(a.projectId());
        int inside = inside();
        out.varint(inside);
        for (Xattr xattr : a.xattrs().subList(0, inside)) {
            out.string(xattr.name()).string(xattr.value());
        }
        switch (type) {
            case FILE -> out.varint(size);
            case SYMLINK -> out.string(target);
            case CHAR_DEVICE, BLOCK_DEVICE -> out.varint(major & LONGEST).varint(minor & LONGEST);
            default -> { }
        }
        return out.toBytes();
    }

    private int inside() {
        int bytes = 0;
        int count = 0;
        for (Xattr xattr : attributes.xattrs()) {
            bytes += xattr.name().length + xattr.value().length + 10;
            if (bytes > MOST_INSIDE) {
                break;
            }
            count++;
        }
        return count;
    }

    /** The payloads of the XATTR frames that follow. */
    public List<byte[]> furtherXattrs() {
        List<byte[]> frames = new ArrayList<>();
        for (Xattr xattr : attributes.xattrs().subList(inside(), attributes.xattrs().size())) {
            frames.add(new ByteWriter(xattr.name().length + xattr.value().length + 20).string(xattr.name()).string(xattr.value()).toBytes());
        }
        return frames;
    }

    /** This entry with one more extended attribute, from the payload of an XATTR frame. */
    public PlainEntry with(ByteReader in) throws DamagedException {
        List<Xattr> xattrs = new ArrayList<>(attributes.xattrs());
        xattrs.add(new Xattr(in.string(), in.string()));
        in.end();
        Attributes a = attributes;
        Attributes more = new Attributes(a.mode(), a.uid(), a.gid(), a.mtimeSeconds(), a.mtimeNanos(), a.linkGroup(), xattrs, a.inodeFlags(), a.projectId());
        return new PlainEntry(path, type, more, stat, size, target, major, minor);
    }

    public static PlainEntry decode(ByteReader in) throws DamagedException {
        byte[] path = in.string();
        int head = in.u8();
        EntryType type = EntryType.of(head & 7);
        boolean linked = (head & LINKED) != 0;
        boolean counted = (head & COUNTED) != 0;
        if (type == null || head >= 2 * COUNTED) {
            throw in.damaged("holds an entry of an unknown type");
        }
        int mode = in.varint(0xFFF);
        long uid = in.varint() & LONGEST;
        long gid = in.varint() & LONGEST;
        long seconds = in.signed();
        int nanos = in.varint(999_999_999);
        LinkGroup group = linked ? new LinkGroup(in.u64(), in.u64()) : null;
        ScanStat stat = counted ? new ScanStat((int) in.varint(), (int) in.varint(), in.varint(), in.signed(), in.varint(999_999_999), null) : null;
        int flags = (int) in.varint();
        long project = in.varint() & LONGEST;
        int count = in.varint(in.remaining());
        List<Xattr> xattrs = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            xattrs.add(new Xattr(in.string(), in.string()));
        }
        long size = type == EntryType.FILE ? in.length() : 0;
        byte[] target = type == EntryType.SYMLINK ? in.string() : null;
        boolean device = type == EntryType.CHAR_DEVICE || type == EntryType.BLOCK_DEVICE;
        int major = device ? (int) in.varint() : 0;
        int minor = device ? (int) in.varint() : 0;
        in.end();
        return new PlainEntry(path, type, new Attributes(mode, uid, gid, seconds, nanos, group, xattrs, flags, project), stat, size, target, major, minor);
    }
}

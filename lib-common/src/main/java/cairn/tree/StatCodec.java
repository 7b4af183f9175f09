package cairn.tree;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;

/**
 * One {@link ScanStat}.
 *
 * <pre>
 * head     varint   0 or 1: the device is that of the entry before, without or with a reference;
 *                   2 or 3: the device follows
 * device   varint major, varint minor   (only if it follows)
 * inode    varint
 * ctime    signed seconds, varint nanoseconds
 * stat     reference                    (only of a directory)
 * </pre>
 */
final class StatCodec {
    private StatCodec() {
    }

    static void put(ByteWriter out, References.Writer refs, ScanStat stat, ScanStat before) {
        boolean same = before != null && before.deviceMajor() == stat.deviceMajor() && before.deviceMinor() == stat.deviceMinor();
        out.varint((same ? 0 : 2) | (stat.stat() != null ? 1 : 0));
        if (!same) {
            out.varint(stat.deviceMajor() & 0xFFFFFFFFL).varint(stat.deviceMinor() & 0xFFFFFFFFL);
        }
        out.varint(stat.inode()).signed(stat.ctimeSeconds()).varint(stat.ctimeNanos());
        if (stat.stat() != null) {
            refs.put(out, stat.stat());
        }
    }

    static ScanStat get(ByteReader in, References.Reader refs, ScanStat before) throws DamagedException {
        int head = in.varint(3);
        int major;
        int minor;
        if ((head & 2) != 0) {
            major = (int) in.varint();
            minor = (int) in.varint();
        } else if (before == null) {
            throw in.damaged("begins with a stat that repeats a device");
        } else {
            major = before.deviceMajor();
            minor = before.deviceMinor();
        }
        return new ScanStat(major, minor, in.varint(), in.signed(), in.varint(999_999_999),
                (head & 1) != 0 ? refs.get(in) : null);
    }
}

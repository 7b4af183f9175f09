package cairn.query;

import cairn.format.Bytes;

/**
 * An access control list as the kernel's extended attribute has it (linux/posix_acl_xattr.h): u32 version 2, then per
 * entry u16 tag, u16 permissions, u32 id.
 */
final class PosixAcl {
    private static final int VERSION = 2;
    private static final int HEAD = 4;
    private static final int ENTRY = 8;

    private PosixAcl() {
    }

    /** The long text form of acl(5), entries joined by commas, owners by number; null if it is no such list. */
    static String text(byte[] xattr) {
        if (xattr.length < HEAD || (xattr.length - HEAD) % ENTRY != 0 || Bytes.getInt(xattr, 0) != VERSION) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int at = HEAD; at < xattr.length; at += ENTRY) {
            int tag = xattr[at] & 0xFF | (xattr[at + 1] & 0xFF) << 8;
            int permissions = xattr[at + 2];
            String id = Integer.toUnsignedString(Bytes.getInt(xattr, at + 4));
            String who = switch (tag) {
                case 0x01 -> "user::";
                case 0x02 -> "user:" + id + ":";
                case 0x04 -> "group::";
                case 0x08 -> "group:" + id + ":";
                case 0x10 -> "mask::";
                case 0x20 -> "other::";
                default -> null;
            };
            if (who == null) {
                return null;
            }
            text.append(text.isEmpty() ? "" : ",").append(who).append((permissions & 4) != 0 ? 'r' : '-')
                    .append((permissions & 2) != 0 ? 'w' : '-').append((permissions & 1) != 0 ? 'x' : '-');
        }
        return text.isEmpty() ? null : text.toString();
    }
}

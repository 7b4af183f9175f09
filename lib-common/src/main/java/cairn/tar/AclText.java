package cairn.tar;

import cairn.format.ByteWriter;
import cairn.posix.RawString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An access control list as text (acl(5), as star, GNU tar and bsdtar put it into an archive): entries joined by commas or newlines, each
 * {@code TAG:NAME:PERMISSIONS} with an optional {@code :ID}. It becomes the kernel's extended attribute (linux/posix_acl_xattr.h):
 * u32 version 2, then per entry u16 tag, u16 permissions, u32 id, sorted by tag and id.
 */
final class AclText {
    private static final int VERSION = 2;
    private static final int USER_OWNER = 0x01;
    private static final int USER = 0x02;
    private static final int GROUP_OWNER = 0x04;
    private static final int GROUP = 0x08;
    private static final int MASK = 0x10;
    private static final int OTHER = 0x20;
    private static final long NO_ID = 0xFFFFFFFFL;
    /** More than any file system keeps. */
    private static final int MOST = 8192;

    private record Line(int tag, int permissions, long id) {
    }

    private AclText() {
    }

    /** A list that cannot be kept. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        UnusableException(String why) {
            super(why);
        }
    }

    /** The attribute, or null if the list says no more than the mode does. @param ownMode whether the mode says the same as a short list */
    static byte[] xattr(byte[] text, boolean ownMode, NameIds ids) throws UnusableException {
        List<Line> lines = new ArrayList<>();
        for (String entry : new String(text, StandardCharsets.ISO_8859_1).split("[,\n]")) {
            int comment = entry.indexOf('#');
            String line = (comment < 0 ? entry : entry.substring(0, comment)).strip();
            if (!line.isEmpty()) {
                lines.add(line(line.startsWith("default:") ? line.substring(8) : line, ids));
            }
        }
        if (lines.size() > MOST) {
            throw new UnusableException("has too many entries");
        }
        lines.sort(Comparator.comparingInt(Line::tag).thenComparingLong(Line::id));
        int owners = 0;
        int named = 0;
        boolean mask = false;
        boolean twice = false;
        Line last = null;
        for (Line line : lines) {
            twice |= last != null && last.tag == line.tag && last.id == line.id;
            last = line;
            owners += switch (line.tag) {
                case USER_OWNER -> 1;
                case GROUP_OWNER -> 100;
                case OTHER -> 10_000;
                default -> 0;
            };
            named += line.id == NO_ID ? 0 : 1;
            mask |= line.tag == MASK;
        }
        if (owners != 10_101 || twice || named > 0 && !mask) {
            throw new UnusableException("lacks entries or has some twice");
        }
        if (ownMode && named == 0 && !mask) {
            return null;
        }
        ByteWriter out = new ByteWriter(4 + 8 * lines.size()).u32(VERSION);
        lines.forEach(line -> out.u16(line.tag).u16(line.permissions).u32((int) line.id));
        return out.toBytes();
    }

    private static Line line(String text, NameIds ids) throws UnusableException {
        String[] parts = text.split(":", -1);
        String tag = parts[0].strip();
        boolean user = tag.equals("user") || tag.equals("u");
        boolean group = tag.equals("group") || tag.equals("g");
        boolean mask = tag.equals("mask") || tag.equals("m");
        boolean other = tag.equals("other") || tag.equals("o");
        // Solaris and star leave the empty name of mask and other out
        int at = (mask || other) && parts.length == 2 ? 1 : 2;
        if (!(user || group || mask || other) || parts.length <= at || parts.length > 4) {
            throw new UnusableException("has an entry of an unknown form");
        }
        int permissions = permissions(parts[at].strip());
        String name = at == 1 ? "" : parts[1].strip();
        if (mask || other) {
            return new Line(mask ? MASK : OTHER, permissions, NO_ID);
        }
        if (name.isEmpty()) {
            return new Line(user ? USER_OWNER : GROUP_OWNER, permissions, NO_ID);
        }
        long id = number(parts.length == 4 && !parts[3].isBlank() ? parts[3].strip() : name);
        if (id < 0) {
            byte[] raw = name.getBytes(StandardCharsets.ISO_8859_1);
            id = user ? ids.user(raw) : ids.group(raw);
        }
        if (id < 0 || id >= NO_ID) {
            throw new UnusableException("names '" + RawString.printable(name.getBytes(StandardCharsets.ISO_8859_1))
                    + "', whose number neither it nor this machine knows");
        }
        return new Line(user ? USER : GROUP, permissions, id);
    }

    private static long number(String text) {
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }

    private static int permissions(String text) throws UnusableException {
        int bits = 0;
        for (char c : text.toCharArray()) {
            bits |= switch (c) {
                case 'r' -> 4;
                case 'w' -> 2;
                case 'x' -> 1;
                case '-' -> 0;
                default -> throw new UnusableException("has permissions of an unknown form");
            };
        }
        return bits;
    }
}

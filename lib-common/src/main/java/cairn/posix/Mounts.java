package cairn.posix;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The table of mounts of the calling thread's mount namespace, from {@code /proc/thread-self/mountinfo}. A line is
 *
 * <pre>ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG[:VALUE]]... - TYPE SOURCE SUPEROPTIONS</pre>
 *
 * with blank, tab, newline, backslash and {@code #} as three octal digits after a backslash. See proc(5).
 */
public final class Mounts {
    private static final byte[] TABLE = RawString.encode("/proc/thread-self/mountinfo");

    private Mounts() {}

    /**
     * One mount.
     *
     * @param id as {@link Stat#mountId()}
     * @param dev as {@link Stat#dev()} of the file system's super block
     * @param root what of the file system is mounted, raw
     * @param point where it is mounted, raw
     * @param type for example "ext4", "fuse.sshfs"
     * @param source the device or what else was mounted, raw
     */
    public record Mount(long id, long parent, long dev, byte[] root, byte[] point, String options, String type,
            byte[] source, String superOptions) {}

    /** All mounts, in the order of the table: later ones cover earlier ones at the same point. */
    public static List<Mount> read() throws PosixException {
        byte[] table = Sys.readFile(Open.AT_FDCWD, TABLE);
        List<Mount> mounts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < table.length; i++) {
            if (table[i] == '\n') {
                mounts.add(parse(Arrays.copyOfRange(table, start, i)));
                start = i + 1;
            }
        }
        return mounts;
    }

    /** Reads one line without its newline. */
    static Mount parse(byte[] line) {
        List<byte[]> fields = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= line.length; i++) {
            if (i == line.length || line[i] == ' ') {
                fields.add(Arrays.copyOfRange(line, start, i));
                start = i + 1;
            }
        }
        int dash = 6;
        while (dash < fields.size() && !(fields.get(dash).length == 1 && fields.get(dash)[0] == '-')) {
            dash++;
        }
        if (dash + 2 >= fields.size()) {
            throw new IllegalArgumentException("not a line of mountinfo: " + RawString.printable(line));
        }
        String device = text(fields.get(2));
        int colon = device.indexOf(':');
        long dev = Long.parseLong(device.substring(0, colon)) << 32 | Long.parseLong(device.substring(colon + 1));
        return new Mount(Long.parseLong(text(fields.get(0))), Long.parseLong(text(fields.get(1))), dev,
                unescape(fields.get(3)), unescape(fields.get(4)), text(fields.get(5)),
                text(unescape(fields.get(dash + 1))), unescape(fields.get(dash + 2)),
                dash + 3 < fields.size() ? text(fields.get(dash + 3)) : "");
    }

    private static String text(byte[] field) {
        return new String(field, StandardCharsets.ISO_8859_1);
    }

    static byte[] unescape(byte[] field) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream(field.length);
        for (int i = 0; i < field.length; i++) {
            if (field[i] == '\\' && i + 3 < field.length && octal(field[i + 1]) && octal(field[i + 2])
                    && octal(field[i + 3])) {
                raw.write((field[i + 1] - '0') << 6 | (field[i + 2] - '0') << 3 | field[i + 3] - '0');
                i += 3;
            } else {
                raw.write(field[i]);
            }
        }
        return raw.toByteArray();
    }

    private static boolean octal(byte b) {
        return b >= '0' && b <= '7';
    }
}

package cairn.restore;

import cairn.posix.DirStream;
import cairn.posix.Dirs;
import cairn.posix.Inodes;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Xattrs;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Everything that a restore has to bring back, one line for each path, so that two trees compare as two maps. */
public final class TreeState {
    private static final byte[] DOT = {'.'};
    private final Map<String, String> lines = new TreeMap<>();
    private final Map<Long, String> firstNames = new HashMap<>();

    private TreeState() {
    }

    /** The state of a directory and of all below it. */
    public static Map<String, String> of(byte[] path) throws IOException {
        TreeState state = new TreeState();
        int fd = Open.openat(Open.AT_FDCWD, path, Open.O_RDONLY | Open.O_DIRECTORY, 0);
        try {
            state.lines.put(".", state.line(fd, DOT, ".", new Stat().of(fd)));
            state.directory(fd, "");
        } finally {
            Open.close(fd);
        }
        return state.lines;
    }

    private void directory(int fd, String prefix) throws IOException {
        TreeMap<String, byte[]> names = new TreeMap<>();
        for (DirStream stream = new DirStream(fd); stream.next();) {
            names.put(RawString.decode(stream.name()), stream.name());
        }
        for (Map.Entry<String, byte[]> name : names.entrySet()) {
            Stat stat = new Stat().at(fd, name.getValue());
            String path = prefix + name.getKey();
            lines.put(path, line(fd, name.getValue(), path, stat));
            if (stat.isDirectory()) {
                int child = Open.openat(fd, name.getValue(), Open.O_RDONLY | Open.O_DIRECTORY | Open.O_NOFOLLOW, 0);
                try {
                    directory(child, path + "/");
                } finally {
                    Open.close(child);
                }
            }
        }
    }

    private String line(int dirfd, byte[] name, String path, Stat stat) throws IOException {
        StringBuilder line = new StringBuilder();
        line.append(Integer.toOctalString(stat.mode())).append(' ').append(Integer.toUnsignedString(stat.uid())).append(':')
                .append(Integer.toUnsignedString(stat.gid())).append(' ').append(stat.mtime()).append('.').append(stat.mtimeNanos());
        if (!stat.isDirectory()) {
            String first = firstNames.putIfAbsent(stat.ino(), path);
            line.append(" first=").append(first == null ? path : first);
        }
        if (stat.isSymlink()) {
            line.append(" -> ").append(HexFormat.of().formatHex(Dirs.readlink(dirfd, name)));
        }
        if (stat.isDevice()) {
            line.append(" device ").append(stat.rdevMajor()).append(':').append(stat.rdevMinor());
        }
        if (stat.isRegular()) {
            line.append(" size=").append(stat.size()).append(content(dirfd, name, stat.size()));
        }
        if (stat.isRegular() || stat.isDirectory()) {
            line.append(flags(dirfd, name, stat.isDirectory()));
        }
        byte[][] xattrs = Xattrs.listAt(dirfd, name);
        Arrays.sort(xattrs, RawPath::compare);
        for (byte[] xattr : xattrs) {
            line.append(' ').append(RawString.printable(xattr)).append('=').append(HexFormat.of().formatHex(Xattrs.getAt(dirfd, name, xattr)));
        }
        return line.toString();
    }

    private static String flags(int dirfd, byte[] name, boolean directory) throws PosixException {
        int fd = Open.openat(dirfd, name, Open.O_RDONLY | Open.O_NOFOLLOW | (directory ? Open.O_DIRECTORY : 0), 0);
        try {
            return " flags=" + Integer.toHexString(Inodes.flags(fd) & AttributeSetter.SETTABLE);
        } catch (PosixException e) {
            return "";
        } finally {
            Open.close(fd);
        }
    }

    /** Each stretch of data with its checksum: a hole that was filled shows, even with zeros. */
    private static String content(int dirfd, byte[] name, long size) throws IOException {
        int fd = Open.openat(dirfd, name, Open.O_RDONLY | Open.O_NOFOLLOW, 0);
        try {
            StringBuilder content = new StringBuilder();
            byte[] buffer = new byte[1 << 20];
            for (long at = 0; at < size;) {
                long data = Io.seekData(fd, at);
                if (data < 0) {
                    break;
                }
                long end = Math.min(size, Io.seekHole(fd, data));
                CRC32 crc = new CRC32();
                for (long from = data; from < end;) {
                    int count = Io.pread(fd, from, buffer, 0, (int) Math.min(buffer.length, end - from));
                    crc.update(buffer, 0, count);
                    from += count;
                }
                content.append(" [").append(data).append('-').append(end).append(' ').append(Long.toHexString(crc.getValue())).append(']');
                at = end;
            }
            return content.toString();
        } finally {
            Open.close(fd);
        }
    }
}

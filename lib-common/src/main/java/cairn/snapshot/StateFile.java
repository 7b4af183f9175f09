package cairn.snapshot;

import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of one snapshot, so that it can be removed by whoever comes later. A file named by the id, of lines
 *
 * <pre>KEY VALUE</pre>
 *
 * KEY is {@code [a-z-]+}; in VALUE each byte but {@code 0x21} to {@code 0x7E} without {@code %} is a percent sign and two
 * hexadecimal digits. Lines are only added, and on disk before what they tell is done; of two of one key the later
 * counts, and a last line without its newline is none.
 *
 * <p>As long as a program works with the snapshot it holds a flock(2) lock on the file. So it is known whether one still
 * does, however the others ended and whatever the clock says. A file appears under its name with the lock held.
 */
final class StateFile implements AutoCloseable {
    static final String METHOD = "method";
    static final String ORIGIN = "origin";
    static final String PATH = "path";
    static final String TAKEN = "taken";
    static final String PID = "pid";
    /** Set once a snapshot is to stay until it is asked to go. */
    static final String KEPT = "kept";

    private static final int LONGEST = 1 << 20;

    private final byte[] folder;
    private final SnapshotId id;
    private final int fd;
    private final Map<String, byte[]> values;
    private boolean closed;

    private StateFile(byte[] folder, SnapshotId id, int fd, Map<String, byte[]> values) {
        this.folder = folder;
        this.id = id;
        this.fd = fd;
        this.values = values;
    }

    /** A new one, locked. */
    static StateFile create(byte[] folder, SnapshotId id) throws PosixException {
        byte[] made = RawPath.join(folder, RawString.encode("new-" + id.hex()));
        int fd = Open.openat(Open.AT_FDCWD, made, Open.O_RDWR | Open.O_CREAT | Open.O_EXCL | Open.O_APPEND | Open.O_NOFOLLOW, 0600);
        boolean done = false;
        try {
            Sys.tryLock(fd, false);
            Dirs.rename(Open.AT_FDCWD, made, Open.AT_FDCWD, RawPath.join(folder, RawString.encode(id.hex())), Dirs.RENAME_NOREPLACE);
            done = true;
            return new StateFile(folder, id, fd, new LinkedHashMap<>());
        } finally {
            if (!done) {
                Open.close(fd);
            }
        }
    }

    /** One that is there, without its lock; null if it is gone. */
    static StateFile open(byte[] folder, SnapshotId id) throws PosixException {
        int fd;
        try {
            fd = Open.openat(Open.AT_FDCWD, RawPath.join(folder, RawString.encode(id.hex())), Open.O_RDWR | Open.O_APPEND | Open.O_NOFOLLOW, 0);
        } catch (PosixException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
        StateFile file = new StateFile(folder, id, fd, new LinkedHashMap<>());
        boolean done = false;
        try {
            file.read();
            done = true;
            return file;
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /** Takes the lock; false if a program works with the snapshot, or it was removed meanwhile. */
    boolean lock() throws PosixException {
        if (!Sys.tryLock(fd, false)) {
            return false;
        }
        values.clear();
        read();
        return new Stat().of(fd).nlink() > 0;
    }

    /** Whether a program works with the snapshot at this moment. */
    boolean inUse() throws PosixException {
        if (!Sys.tryLock(fd, true)) {
            return true;
        }
        Sys.unlock(fd);
        return false;
    }

    SnapshotId id() {
        return id;
    }

    /** Null if it was never put. */
    byte[] get(String key) {
        return values.get(key);
    }

    /** Empty if it was never put. */
    String text(String key) {
        byte[] value = values.get(key);
        return value == null ? "" : RawString.decode(value);
    }

    /** Adds a value that lasts once this returns. */
    void put(String key, byte[] value) throws PosixException {
        byte[] line = (key + " " + escape(value) + "\n").getBytes(StandardCharsets.US_ASCII);
        Io.write(fd, line, 0, line.length);
        Io.fsync(fd);
        values.put(key, value);
    }

    void put(String key, String value) throws PosixException {
        put(key, RawString.encode(value));
    }

    /** Forgets the snapshot. */
    void delete() throws PosixException {
        try {
            Dirs.unlink(Open.AT_FDCWD, RawPath.join(folder, RawString.encode(id.hex())));
        } catch (PosixException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Open.close(fd);
        }
    }

    private void read() throws PosixException {
        byte[] content = new byte[8192];
        int length = 0;
        for (int count = Io.pread(fd, 0, content, 0, content.length); count > 0; count = Io.pread(fd, length, content, length, content.length - length)) {
            length += count;
            if (length == content.length) {
                if (length >= LONGEST) {
                    throw new PosixException("read", RawPath.join(folder, RawString.encode(id.hex())), Errno.EFBIG);
                }
                content = Arrays.copyOf(content, 2 * length);
            }
        }
        String text = new String(content, 0, length, StandardCharsets.ISO_8859_1);
        for (int start = 0, end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
            String line = text.substring(start, end);
            int blank = line.indexOf(' ');
            if (blank > 0) {
                values.put(line.substring(0, blank), unescape(line.substring(blank + 1)));
            }
        }
    }

    private static String escape(byte[] value) {
        StringBuilder text = new StringBuilder(value.length);
        for (byte b : value) {
            if (b > 0x20 && b < 0x7F && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        return text.toString();
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            int high = i + 2 < text.length() && text.charAt(i) == '%' ? Character.digit(text.charAt(i + 1), 16) : -1;
            if (high >= 0) {
                bytes.write(high << 4 | Character.digit(text.charAt(i + 2), 16) & 15);
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}

package cairn.scan;

import cairn.posix.Dirs;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Users;
import cairn.walk.Directory;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/** Writes the lines of {@link ScanLine}, or only the paths, each ended by a zero byte. */
public final class ScanWriter {
    private static final long DAY = 86_400;

    private final OutputStream out;
    private final boolean pathsOnly;
    private final LineBuffer line = new LineBuffer();
    private final Map<Integer, byte[]> users = new HashMap<>();
    private final Map<Integer, byte[]> groups = new HashMap<>();
    private long day = Long.MIN_VALUE;
    private String date;
    private long entries;
    private long problems;

    /** @param pathsOnly whether only paths are wanted, each ended by a zero byte */
    public ScanWriter(OutputStream out, boolean pathsOnly) {
        this.out = out;
        this.pathsOnly = pathsOnly;
    }

    /** A directory. @param source whether it was named */
    public void directory(Directory directory, boolean source) throws IOException {
        if (pathsOnly) {
            path(directory.path());
            return;
        }
        attributes(directory.path(), directory.stat());
        if (source) {
            line.flag("source");
        }
        if (directory.isPathOnly()) {
            line.flag("closed");
        }
        write();
        entries++;
    }

    /** An entry that is no directory. */
    public void entry(Directory directory, byte[] name, Stat stat, boolean source) throws IOException {
        byte[] path = directory.path(name);
        if (pathsOnly) {
            path(path);
            return;
        }
        if (ScanLine.name(stat.type()) == null) {
            problem(path, "is of a type that this system does not know");
            return;
        }
        byte[] target = null;
        if (stat.isSymlink()) {
            try {
                target = Dirs.readlink(directory.fd(), name);
            } catch (PosixException e) {
                // it vanished: whoever looks at it again will tell
            }
        }
        attributes(path, stat);
        if (target != null) {
            line.field("target", target);
        }
        if (source) {
            line.flag("source");
        }
        write();
        entries++;
    }

    private void path(byte[] path) throws IOException {
        out.write(path);
        out.write(0);
        entries++;
    }

    /** What a backup had and what is not there any more. @param type one of the S_IF constants */
    public void gone(byte[] path, int type) throws IOException {
        if (pathsOnly) {
            return;
        }
        line.begin("gone").field("path", path).plain("entry_type", ScanLine.name(type));
        write();
    }

    public void problem(byte[] path, String message) throws IOException {
        problems++;
        if (!pathsOnly) {
            line.begin("problem").field("path", path).field("message", RawString.encode(message));
            write();
        }
    }

    /** The end record. @param changedSince the id of the backup that was compared with, or null */
    public void end(String changedSince) throws IOException {
        if (pathsOnly) {
            return;
        }
        line.begin("end").field("entries", entries).field("problems", problems);
        if (changedSince != null) {
            line.plain("changed_since", changedSince);
        }
        write();
    }

    public long problems() {
        return problems;
    }

    private void attributes(byte[] path, Stat stat) {
        line.begin("entry").field("path", path);
        line.plain("entry_type", ScanLine.name(stat.type()));
        if (stat.isRegular()) {
            line.field("size", stat.size());
        }
        mode(stat.permissions());
        line.field("uid", stat.uid() & 0xFFFFFFFFL).field("gid", stat.gid() & 0xFFFFFFFFL);
        owner("user", users, stat.uid(), Users::userName);
        owner("group", groups, stat.gid(), Users::groupName);
        mtime(stat.mtime(), stat.mtimeNanos());
        line.field("mtime_seconds", stat.mtime()).field("mtime_nanos", stat.mtimeNanos());
        line.field("ctime_seconds", stat.ctime()).field("ctime_nanos", stat.ctimeNanos());
        line.field("dev_major", stat.devMajor() & 0xFFFFFFFFL).field("dev_minor", stat.devMinor() & 0xFFFFFFFFL);
        line.unsigned("ino", stat.ino()).field("nlink", stat.nlink() & 0xFFFFFFFFL);
        if (stat.isDevice()) {
            line.field("major", stat.rdevMajor() & 0xFFFFFFFFL).field("minor", stat.rdevMinor() & 0xFFFFFFFFL);
        }
    }

    private void mode(int permissions) {
        line.key("mode").ascii("\"");
        line.digits((permissions >> 9) * 1000L + (permissions >> 6 & 7) * 100 + (permissions >> 3 & 7) * 10 + (permissions & 7), 4);
        line.ascii("\"");
    }

    private interface NameOf {
        byte[] of(int id) throws PosixException;
    }

    private void owner(String field, Map<Integer, byte[]> known, int id, NameOf lookup) {
        byte[] name = known.get(id);
        if (name == null) {
            try {
                name = lookup.of(id);
            } catch (PosixException e) {
                // the name service does not answer: the number stands for itself
            }
            name = name == null ? new byte[0] : name;
            known.put(id, name);
        }
        if (name.length > 0) {
            line.field(field, name);
        }
    }

    /** As RFC 3339 in UTC; times of years that it has no room for stand as seconds only. */
    private void mtime(long seconds, int nanos) {
        long on = Math.floorDiv(seconds, DAY);
        if (on != day) {
            day = on;
            date = date(on);
        }
        if (date == null) {
            return;
        }
        long second = Math.floorMod(seconds, DAY);
        line.key("mtime").ascii("\"").ascii(date).ascii("T").digits(second / 3600, 2).ascii(":").digits(second / 60 % 60, 2).ascii(":")
                .digits(second % 60, 2);
        if (nanos != 0) {
            line.ascii(".").digits(nanos, 9);
        }
        line.ascii("Z\"");
    }

    /** The calendar day of a number of days since 1970; null outside of the years 0 to 9999. */
    private static String date(long days) {
        if (days < -719_528 || days > 2_932_896) {
            return null;
        }
        return LocalDate.ofEpochDay(days).toString();
    }

    private void write() throws IOException {
        line.end();
        out.write(line.bytes(), 0, line.length());
    }
}

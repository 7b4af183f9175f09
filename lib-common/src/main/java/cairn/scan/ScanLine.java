package cairn.scan;

import cairn.posix.Stat;
import cairn.tree.EntryType;
import java.util.Locale;

/**
 * The format of {@code cairn scan}: lines of JSON (RFC 8259), each an object with a {@code type}.
 *
 * <pre>
 * scan    = (entry | gone | problem)* end
 * entry   = type:"entry", path, entry_type, [size], mode, uid, gid, [user], [group], mtime, mtime_seconds, mtime_nanos,
 *           ctime_seconds, ctime_nanos, dev_major, dev_minor, ino, nlink, [target], [major, minor], [source], [closed]
 * gone    = type:"gone", path, entry_type          only with --changed-since
 * problem = type:"problem", path, message
 * end     = type:"end", entries, problems, [changed_since]
 * </pre>
 *
 * Entries stand in the order of a walk: a folder, then what is in it by the unsigned bytes of the names, each folder
 * with everything in it at its place. {@code path} is absolute; where it is not UTF-8 it has U+FFFD for what is not, and
 * {@code path_base64} holds the bytes and alone counts; so it is with {@code target}, {@code user} and {@code group}.
 *
 * <p>Who reads needs of an entry {@code type}, {@code path} and {@code entry_type}, and heeds {@code source} (the path
 * was named by itself) and {@code closed} (a folder that was not gone into). All else is for filters in between; it is
 * read anew from the file. Fields that are not known are passed over. Lines may be in any order and any may be
 * missing; only where {@code end} is missing, something is.
 *
 * @param kind      which of the lines
 * @param path      absolute and normalised; null in an end record
 * @param entryType one of the S_IF constants; 0 where there is none
 * @param source    the path was named
 * @param closed    a folder that was not gone into
 * @param message   of a problem, else null
 * @param changedSince the backup that the scan compared with, or null
 */
public record ScanLine(Kind kind, byte[] path, int entryType, boolean source, boolean closed, String message, String changedSince) {
    /** Bytes that a line may have; the path in it is at most a megabyte. */
    public static final int LONGEST = 8 << 20;
    /** Bytes that a path may have. */
    public static final int LONGEST_PATH = 1 << 20;

    /** Which line it is. */
    public enum Kind { ENTRY, GONE, PROBLEM, END, OTHER }

    /** The name of a type as the lines have it. @param type one of the S_IF constants; null if it is none */
    static String name(int type) {
        EntryType known = EntryType.ofMode(type);
        return known == null ? null : known.name().toLowerCase(Locale.ROOT);
    }

    /** The S_IF constant of a name, or 0. */
    static int type(String name) {
        return switch (name) {
            case "file" -> Stat.S_IFREG;
            case "directory" -> Stat.S_IFDIR;
            case "symlink" -> Stat.S_IFLNK;
            case "fifo" -> Stat.S_IFIFO;
            case "socket" -> Stat.S_IFSOCK;
            case "char_device" -> Stat.S_IFCHR;
            case "block_device" -> Stat.S_IFBLK;
            default -> 0;
        };
    }
}

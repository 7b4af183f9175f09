package cairn.stream;

/**
 * What the frames of a plain stream hold: entries with their attributes and content, as they are. Numbers and strings are
 * those of docs/format.md.
 *
 * <pre>
 * plain stream = header BACKUP *( entry / LINK / PROBLEM / CLEAN / NAME ) BACKUP_END trailer
 * entry        = ENTRY *XATTR [ *( DATA / HOLE ) ( DONE / DROP ) ]      ; the content only of a file
 *
 * BACKUP      32   {@link PlainBackup}: what the backup is called
 * ENTRY       33   {@link PlainEntry}
 * XATTR       34   name string, value string: one more of the entry before
 * DATA        35   the next bytes of the file
 * HOLE        36   length varint: so many bytes are not allocated and read as zeros
 * DONE        37   nothing: the file is whole
 * DROP        38   nothing: the file could not be read to its end, and is not to be saved
 * PROBLEM     39   path string, message string (UTF-8): something could not be saved as it is
 * CLEAN       40   major varint, minor varint, time, signed margin in ns: as in a record
 * NAME        41   u8: 0 user, 1 group; id varint; name string
 * BACKUP_END  42   {@link PlainEnd}
 * LINK        43   path string, target string: another name of the entry at the target, which came before
 * </pre>
 *
 * Entries come in the order of a walk: a folder before what is in it, names in one folder by their bytes, what is below a
 * folder right behind it. A reader takes any order. Of a path that comes twice the last counts.
 */
public final class PlainFrames {
    public static final int BACKUP = 32;
    public static final int ENTRY = 33;
    public static final int XATTR = 34;
    public static final int DATA = 35;
    public static final int HOLE = 36;
    public static final int DONE = 37;
    public static final int DROP = 38;
    public static final int PROBLEM = 39;
    public static final int CLEAN = 40;
    public static final int NAME = 41;
    public static final int BACKUP_END = 42;
    public static final int LINK = 43;

    private PlainFrames() {
    }
}

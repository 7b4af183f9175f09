package cairn.format;

/** What a file of a repository holds; the byte in its header and the folder it lies in. */
public enum Kind {
    ACCESS_KEY(1, "keys"),
    KEY_RING(2, "keyring"),
    KEY_LIST(3, "keylist"),
    PACK(4, "packs"),
    INDEX(5, "index"),
    RECORD(6, "backups"),
    SESSION(7, "sessions"),
    MARK(8, "marks");

    private final byte code;
    private final String folder;

    Kind(int code, String folder) {
        this.code = (byte) code;
        this.folder = folder;
    }

    public byte code() {
        return code;
    }

    /** The folder of the repository in which files of this kind lie, without a slash. */
    public String folder() {
        return folder;
    }

    /** The kind with a code, or null if this version knows none. */
    static Kind of(byte code) {
        for (Kind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }
}

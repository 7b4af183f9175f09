package cairn.stream;

/** What a stream holds. */
public enum StreamKind {
    /** Files of a repository, sealed and signed by the sender. */
    SEALED(1),
    /** Entries with their attributes and content, as they are. */
    PLAIN(2),
    /** Requests and answers. */
    CONVERSATION(3);

    private final int code;

    StreamKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The kind with a code, or null if this version knows none. */
    static StreamKind of(int code) {
        for (StreamKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }
}

package cairn.key;

/** What an access key may do. */
public enum Role {
    /** Reads, writes, prunes, and gives keys to others. */
    FULL(1, "full"),
    /** Adds backups and cannot read any, its own included. */
    WRITE(2, "write"),
    /** Checks, prunes and meters what is stored, and has no secret of the content. */
    SERVER(3, "server");

    private final byte code;
    private final String word;

    Role(int code, String word) {
        this.code = (byte) code;
        this.word = word;
    }

    public byte code() {
        return code;
    }

    /** As users write it. */
    public String word() {
        return word;
    }

    /** Whether the key names and seals content: all but {@link #SERVER}. */
    public boolean writes() {
        return this != SERVER;
    }

    /** The role with a code, or null if this version knows none. */
    static Role of(int code) {
        for (Role role : values()) {
            if (role.code == code) {
                return role;
            }
        }
        return null;
    }
}

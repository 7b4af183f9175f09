package cairn.restore;

/** What could not be set although all else of the entry is there; said once a kind and counted. */
public enum Unset {
    OWNER("owner"),
    MODE("mode"),
    TIME("time of modification"),
    USER_XATTR("extended attribute"),
    ACL("access control list"),
    SECURITY_XATTR("security attribute"),
    TRUSTED_XATTR("trusted attribute"),
    INODE_FLAGS("inode flags"),
    PROJECT("project id"),
    DEVICE("device node"),
    HARD_LINK("hard link");

    private final String what;

    Unset(String what) {
        this.what = what;
    }

    /** In words, singular, lower case. */
    public String what() {
        return what;
    }

    /** The kind of an attribute, by its namespace. */
    static Unset ofXattr(byte[] name) {
        return Names.startsWith(name, "system.posix_acl_") ? ACL
                : Names.startsWith(name, "security.") ? SECURITY_XATTR
                : Names.startsWith(name, "trusted.") ? TRUSTED_XATTR : USER_XATTR;
    }
}

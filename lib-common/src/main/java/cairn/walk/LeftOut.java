package cairn.walk;

/** Why a walk leaves something out. */
public enum LeftOut {
    EXCLUDED(false, "excluded"),
    CACHE(true, "marked as a cache"),
    TAGGED(true, "marked by a file in it"),
    /** A file system of the kernel, without files that last. */
    SPECIAL(true, "special file system"),
    /** {@code /run}. */
    TRANSIENT(true, "does not outlast a reboot"),
    OTHER_FILE_SYSTEM(true, "another file system"),
    /** Going in would mount something. */
    AUTOMOUNT(true, "automount point"),
    /** It is a directory that it lies in, by a bind mount. */
    LOOP(true, "contains itself"),
    OWN_REPOSITORY(true, "the repository that is written to"),
    /** A snapshot, whose content is found where its origin is: see {@link Mappings}. */
    MAPPED(true, "is saved under its original path"),
    CAIRN_MOUNT(true, "a mounted backup"),
    /** A source path is a symlink: the link is taken, not what it points to. */
    LINK_TARGET(false, "target of a symlink");

    private final boolean keptEmpty;
    private final String meaning;

    LeftOut(boolean keptEmpty, String meaning) {
        this.keptEmpty = keptEmpty;
        this.meaning = meaning;
    }

    /** The directory itself is walked, what is in it is not (of a tagged one, only the tag is). */
    public boolean keptEmpty() {
        return keptEmpty;
    }

    public String meaning() {
        return meaning;
    }
}

package cairn.walk;

/** Decides which entries a walk leaves out. Called by one thread, in tree order. */
@FunctionalInterface
public interface PathFilter {
    /** Leaves out nothing. */
    PathFilter NONE = (path, directory) -> false;

    /**
     * True to leave out an entry, and all below it if it is a directory.
     *
     * @param path absolute, raw, without symlinks on the way; not to be kept or changed
     * @param directory whether it is a directory; a symlink to one is not
     */
    boolean excludes(byte[] path, boolean directory);

    /** The filter for what lies in and below one source path (absolute, raw): for patterns that are relative to it. */
    default PathFilter at(byte[] source) {
        return this;
    }
}

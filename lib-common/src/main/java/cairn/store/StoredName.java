package cairn.store;

/**
 * The names that files of a repository can have, the same on every storage:
 *
 * <pre>
 * name    = segment *( "/" segment )      ; at most 1024 characters
 * folder  = *( segment "/" )              ; "" is the whole storage
 * segment = first *127( first / "." )     ; at most 128 characters (eCryptfs has no longer ones)
 * first   = "a"-"z" / "A"-"Z" / "0"-"9" / "-" / "_"
 * </pre>
 *
 * No segment begins with a dot: those names belong to the storages themselves (temporary files) and to file systems.
 */
public final class StoredName {
    private static final int LONGEST_SEGMENT = 128;
    private static final int LONGEST_NAME = 1024;

    private StoredName() {}

    public static boolean isValid(String name) {
        return name.length() <= LONGEST_NAME && areSegments(name);
    }

    public static boolean isValidFolder(String folder) {
        return folder.isEmpty()
                || folder.endsWith("/") && isValid(folder.substring(0, folder.length() - 1));
    }

    /** Returns {@code name} or throws {@link IllegalArgumentException}. */
    public static String check(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("not a name of a stored file: '" + name + "'");
        }
        return name;
    }

    /** Returns {@code folder} or throws {@link IllegalArgumentException}. */
    public static String checkFolder(String folder) {
        if (!isValidFolder(folder)) {
            throw new IllegalArgumentException("not a name of a folder: '" + folder + "'");
        }
        return folder;
    }

    private static boolean areSegments(String name) {
        int segment = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/') {
                if (segment == 0) {
                    return false;
                }
                segment = 0;
                continue;
            }
            if (!isPlain(c) && (c != '.' || segment == 0)) {
                return false;
            }
            if (++segment > LONGEST_SEGMENT) {
                return false;
            }
        }
        return segment > 0;
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }
}

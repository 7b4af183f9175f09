package cairn.snapshot;

import java.util.Locale;

/** How a snapshot is made. */
public enum Method {
    BTRFS, LVM, ZFS, DATTOBD,
    /** A pair of scripts as UrBackup runs them. */
    SCRIPT,
    /** No snapshot: the live path itself. */
    NONE;

    /** As it is named on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The method of that name, or null. */
    static Method of(String word) {
        for (Method method : values()) {
            if (method.word().equals(word)) {
                return method;
            }
        }
        return null;
    }
}

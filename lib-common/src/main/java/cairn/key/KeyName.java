package cairn.key;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/**
 * Names of access keys: 1 to 64 of {@code a-z A-Z 0-9 - _}. The file of a key is {@code keys/NAME}, and after its
 * password was changed {@code keys/NAME.2}, {@code keys/NAME.3} and so on, because no file of a repository is ever
 * written over; the highest counts.
 */
public final class KeyName {
    public static final int LONGEST = 64;

    private KeyName() {
    }

    public static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** @throws CairnException if it is not a name of a key */
    public static String check(String name) throws CairnException {
        if (!isValid(name)) {
            throw new CairnException(ExitCode.USAGE, "'" + name + "' cannot be the name of an access key",
                    "use 1 to 64 of the letters a-z, A-Z, 0-9, - and _");
        }
        return name;
    }
}

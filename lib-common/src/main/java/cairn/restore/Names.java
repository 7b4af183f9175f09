package cairn.restore;

import cairn.posix.RawString;
import java.util.Arrays;

/** Raw names that the restore itself uses. */
final class Names {
    static final byte[] ACL_ACCESS = RawString.encode("system.posix_acl_access");
    static final byte[] ACL_DEFAULT = RawString.encode("system.posix_acl_default");
    static final byte[] DOT = {'.'};

    private Names() {
    }

    static boolean startsWith(byte[] name, String ascii) {
        if (name.length < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (name[i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean isAcl(byte[] name) {
        return Arrays.equals(name, ACL_ACCESS) || Arrays.equals(name, ACL_DEFAULT);
    }
}

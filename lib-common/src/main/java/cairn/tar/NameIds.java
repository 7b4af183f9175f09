package cairn.tar;

import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Users;
import java.util.HashMap;
import java.util.Map;

/** The numbers of users and groups that an archive tells only the names of, as this machine knows them. */
final class NameIds {
    private static final int MOST = 1024;
    private final Map<RawPath.Key, Long> users = new HashMap<>();
    private final Map<RawPath.Key, Long> groups = new HashMap<>();

    private interface Asked {
        long id(byte[] name) throws PosixException;
    }

    /** The number of a user, below 0 if there is none. */
    long user(byte[] name) {
        return id(users, name, Users::userId);
    }

    /** The number of a group, below 0 if there is none. */
    long group(byte[] name) {
        return id(groups, name, Users::groupId);
    }

    private static long id(Map<RawPath.Key, Long> known, byte[] name, Asked asked) {
        RawPath.Key key = new RawPath.Key(name);
        Long id = known.get(key);
        if (id == null) {
            try {
                id = asked.id(name);
            } catch (PosixException e) {
                return -1;
            }
            if (known.size() < MOST) {
                known.put(key, id);
            }
        }
        return id;
    }
}

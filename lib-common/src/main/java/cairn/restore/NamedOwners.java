package cairn.restore;

import cairn.posix.PosixException;
import cairn.posix.Users;
import java.util.HashMap;
import java.util.Map;

/**
 * Owners by name: an id of the backup becomes the local id of the name that it had when the backup was made. An id
 * without a name, or whose name nobody has here, stays as it is. For one thread.
 */
public final class NamedOwners implements Owners {
    private final Map<Long, byte[]> users;
    private final Map<Long, byte[]> groups;
    private final Map<Long, Long> uids = new HashMap<>();
    private final Map<Long, Long> gids = new HashMap<>();

    /** @param users names by id, as the record of the backup holds them; @param groups the same */
    public NamedOwners(Map<Long, byte[]> users, Map<Long, byte[]> groups) {
        this.users = users;
        this.groups = groups;
    }

    @Override
    public long uid(long stored) {
        return uids.computeIfAbsent(stored, id -> local(id, users.get(id), true));
    }

    @Override
    public long gid(long stored) {
        return gids.computeIfAbsent(stored, id -> local(id, groups.get(id), false));
    }

    private static long local(long id, byte[] name, boolean user) {
        if (name == null) {
            return id;
        }
        try {
            long found = user ? Users.userId(name) : Users.groupId(name);
            return found < 0 ? id : found;
        } catch (PosixException e) {
            return id;
        }
    }
}

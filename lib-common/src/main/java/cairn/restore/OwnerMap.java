package cairn.restore;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Users;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Owners that the user names: {@code FROM=TO} for users, {@code :FROM=:TO} for groups. {@code FROM} is a name or number as
 * in the backup, {@code TO} a local one. All others go as another rule says.
 */
public final class OwnerMap implements Owners {
    private final Owners others;
    private final Map<Long, Long> uids = new HashMap<>();
    private final Map<Long, Long> gids = new HashMap<>();

    /**
     * @param rules  in the form of {@link RawString}
     * @param users  names by id, as the record of the backup holds them
     * @param groups the same
     * @throws CairnException (usage) if a rule makes no sense
     */
    public OwnerMap(List<String> rules, Map<Long, byte[]> users, Map<Long, byte[]> groups, Owners others) throws CairnException {
        this.others = others;
        for (String rule : rules) {
            boolean group = rule.startsWith(":");
            int equals = rule.indexOf('=');
            String from = equals < 0 ? "" : rule.substring(group ? 1 : 0, equals);
            String to = equals < 0 ? "" : rule.substring(equals + 1);
            if (to.startsWith(":") != group || from.isEmpty() || to.length() == (group ? 1 : 0)) {
                throw usage("'" + rule + "' maps no owner", "write FROM=TO for a user, :FROM=:TO for a group");
            }
            long local = local(group ? to.substring(1) : to, group);
            Long stored = number(from);
            Map<Long, Long> map = group ? gids : uids;
            if (stored != null) {
                map.put(stored, local);
                continue;
            }
            byte[] name = RawString.encode(from);
            (group ? groups : users).forEach((id, known) -> {
                if (Arrays.equals(known, name)) {
                    map.put(id, local);
                }
            });
        }
    }

    private static long local(String text, boolean group) throws CairnException {
        Long number = number(text);
        if (number != null) {
            return number;
        }
        try {
            long id = group ? Users.groupId(RawString.encode(text)) : Users.userId(RawString.encode(text));
            if (id >= 0) {
                return id;
            }
        } catch (PosixException e) {
            throw new CairnException(ExitCode.FAILED, "cannot look up '" + text + "': " + e.reason(), "give its number", e);
        }
        throw usage("there is no " + (group ? "group" : "user") + " '" + text + "' here", "make it first, or give a number");
    }

    /** An id, or null if the text is none. */
    private static Long number(String text) {
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        long value = Long.parseLong(text);
        return value <= 0xFFFFFFFEL ? value : null;
    }

    private static CairnException usage(String message, String remedy) {
        return new CairnException(ExitCode.USAGE, message, remedy);
    }

    @Override
    public long uid(long stored) {
        Long mapped = uids.get(stored);
        return mapped != null ? mapped : others.uid(stored);
    }

    @Override
    public long gid(long stored) {
        Long mapped = gids.get(stored);
        return mapped != null ? mapped : others.gid(stored);
    }
}

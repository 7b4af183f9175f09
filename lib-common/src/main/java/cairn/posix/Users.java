package cairn.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Names of users and groups, by the C library's {@code get..._r}, so that everything in nsswitch.conf(5) counts. Each
 * call may ask a server: callers keep what they learnt. Ids are unsigned 32-bit numbers in an {@code int}.
 */
public final class Users {
    private static final int FIRST_SIZE = 16 * 1024;
    private static final int LAST_SIZE = 16 * 1024 * 1024;
    private static final int PW_UID = 16;
    private static final int GR_GID = 16;

    private Users() {}

    /** Looked up only when names are asked for: NSS modules are slow to load. */
    private static final class Functions {
        static final MemorySegment GETPWUID = Native.function("getpwuid_r");
        static final MemorySegment GETGRGID = Native.function("getgrgid_r");
        static final MemorySegment GETPWNAM = Native.function("getpwnam_r");
        static final MemorySegment GETGRNAM = Native.function("getgrnam_r");
    }

    /** The raw name of a user, or null if it has none. */
    public static byte[] userName(int uid) throws PosixException {
        return (byte[]) ask(Functions.GETPWUID, Integer.toUnsignedLong(uid), true, 0, "look up user");
    }

    /** The raw name of a group, or null if it has none. */
    public static byte[] groupName(int gid) throws PosixException {
        return (byte[]) ask(Functions.GETGRGID, Integer.toUnsignedLong(gid), true, 0, "look up group");
    }

    /** The id of a user as an unsigned number, or -1 if there is no such user. */
    public static long userId(byte[] name) throws PosixException {
        long address = Scratch.get().path(name, "look up user");
        Long id = (Long) ask(Functions.GETPWNAM, address, false, PW_UID, "look up user");
        return id == null ? -1 : id;
    }

    /** The id of a group as an unsigned number, or -1 if there is no such group. */
    public static long groupId(byte[] name) throws PosixException {
        long address = Scratch.get().path(name, "look up group");
        Long id = (Long) ask(Functions.GETGRNAM, address, false, GR_GID, "look up group");
        return id == null ? -1 : id;
    }

    private static Object ask(MemorySegment function, long key, boolean wantsName, int idOffset, String operation)
            throws PosixException {
        Scratch s = Scratch.get();
        // struct passwd and struct group fit into the first 64 bytes, the result pointer follows
        long result = s.struct() + 64;
        for (int size = FIRST_SIZE;; size *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment strings = arena.allocate(size);
                s.putLong(64, 0);
                int errno = (int) Native.call(function, s, key, s.struct(), strings.address(), size, result);
                if (errno == Errno.ERANGE && size < LAST_SIZE || errno == Errno.EINTR) {
                    continue;
                }
                // what the libraries give for "none", see getpwnam(3)
                boolean none = errno == 0 || errno == Errno.ENOENT || errno == Errno.ESRCH || errno == Errno.EBADF
                        || errno == Errno.EPERM;
                if (!none) {
                    throw new PosixException(operation, null, errno);
                }
                if (s.getLong(64) == 0) {
                    return null;
                }
                if (!wantsName) {
                    return Integer.toUnsignedLong(s.getInt(idOffset));
                }
                MemorySegment name = MemorySegment.ofAddress(s.getLong(0)).reinterpret(size);
                int length = 0;
                while (name.get(JAVA_BYTE, length) != 0) {
                    length++;
                }
                byte[] raw = new byte[length];
                MemorySegment.copy(name, JAVA_BYTE, 0, raw, 0, length);
                return raw;
            }
        }
    }
}

package cairn.posix;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * What statfs(2) tells of the file system that an open file lies on.
 *
 * @param type the magic number, one of those in {@code linux/magic.h}
 * @param blockSize bytes
 * @param blocks room in blocks
 * @param available blocks that users may still fill
 * @param files inodes, 0 where it has no limit
 * @param filesFree free inodes
 * @param flags {@code ST_} mount flags: 1 is read-only
 */
public record FileSystem(long type, long blockSize, long blocks, long available, long files, long filesFree,
        long flags) {
    public static final long TMPFS = 0x01021994L;
    public static final long RAMFS = 0x858458F6L;
    public static final long AUTOFS = 0x0187L;
    public static final long FUSE = 0x65735546L;
    public static final long NFS = 0x6969L;
    public static final long SMB = 0x517BL;
    public static final long CIFS = 0xFF534D42L;
    public static final long SMB2 = 0xFE534D42L;
    public static final long MSDOS = 0x4D44L;
    public static final long EXFAT = 0x2011BAB0L;
    public static final long EXT = 0xEF53L;
    public static final long XFS = 0x58465342L;
    public static final long BTRFS = 0x9123683EL;
    public static final long OVERLAY = 0x794C7630L;
    public static final long PROC = 0x9FA0L;

    public static final long CEPH = 0x00C36400L;
    public static final long AFS = 0x5346414FL;
    public static final long V9FS = 0x01021997L;

    private static final Set<Long> SHARED = Set.of(FUSE, NFS, SMB, CIFS, SMB2, CEPH, AFS, V9FS);
    private static final MemorySegment FSTATFS = Native.function("fstatfs");

    /** Whether a file system of this type may lie on another machine, where others write to it too. */
    public static boolean isShared(long type) {
        return SHARED.contains(type);
    }

    /** Asks for the file system of an open file, {@code O_PATH} too. */
    public static FileSystem of(int fd) throws PosixException {
        Scratch s = Scratch.get();
        long result;
        do {
            result = Native.call(FSTATFS, s, fd, s.struct());
        } while (Native.interrupted(s, result));
        Native.check(s, result, "stat file system of", null);
        return new FileSystem(s.getLong(0), s.getLong(8), s.getLong(16), s.getLong(32), s.getLong(40), s.getLong(48),
                s.getLong(80));
    }
}

package cairn.posix;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysTest {
    @Test
    void usersAndGroupsHaveNames() throws PosixException {
        assertArrayEquals(bytes("root"), Users.userName(0));
        assertArrayEquals(bytes("root"), Users.groupName(0));
        assertNull(Users.userName(0x7FFF_FFF1));
        assertNull(Users.groupName(0x7FFF_FFF1));
        assertEquals(0, Users.userId(bytes("root")));
        assertEquals(0, Users.groupId(bytes("root")));
        assertEquals(-1, Users.userId(bytes("no-such-user\377")));
        assertEquals(-1, Users.groupId(bytes("no-such-group")));
    }

    @Test
    void theProcessKnowsItself() throws Exception {
        assertEquals(ProcessHandle.current().pid(), Sys.pid());
        assertTrue(Sys.isAlive(Sys.pid()));
        assertTrue(Sys.isAlive(1));
        assertFalse(Sys.isAlive(Integer.MAX_VALUE));
        assertArrayEquals(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip()
                .getBytes(StandardCharsets.UTF_8), Sys.hostname());
        assertArrayEquals(Path.of("").toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8),
                Sys.workingDirectory());
        int mask = Sys.umask(027);
        assertEquals(027, Sys.umask(mask));
        String status = Files.readString(Path.of("/proc/self/status"));
        assertTrue(status.contains("Uid:\t" + (Sys.euid() & 0xFFFFFFFFL) + "\t"), status);
    }

    @Test
    void mountsAreReadWithTheirIds() throws PosixException {
        int root = Open.openat(Open.AT_FDCWD, bytes("/proc"), Open.O_PATH, 0);
        Stat stat = new Stat().of(root);
        Mounts.Mount proc = Mounts.read().stream().filter(m -> m.id() == stat.mountId()).findFirst().orElseThrow();
        assertArrayEquals(bytes("/proc"), proc.point());
        assertEquals("proc", proc.type());
        assertEquals(stat.dev(), proc.dev());
        assertTrue(stat.isMountRoot());
        assertEquals(FileSystem.PROC, FileSystem.of(root).type());
        Open.close(root);
    }

    @Test
    void escapedMountPointsComeBackRaw() {
        Mounts.Mount mount = Mounts.parse(bytes("36 35 98:7 /sub\\040dir /mnt/a\\012\\134\377 rw,noatime master:1 x - "
                + "fuse.x\\043 host:/a\\011b rw,errors=continue"));
        assertArrayEquals(bytes("/mnt/a\n\\\377"), mount.point());
        assertArrayEquals(bytes("/sub dir"), mount.root());
        assertEquals("fuse.x#", mount.type());
        assertArrayEquals(bytes("host:/a\tb"), mount.source());
        assertEquals("rw,errors=continue", mount.superOptions());
        assertEquals(98L << 32 | 7, mount.dev());
        assertThrows(IllegalArgumentException.class, () -> Mounts.parse(bytes("36 35 98:7 / /mnt rw")));
    }

    @Test
    void aLockIsHeldByOneDescriptor(@TempDir Path base) throws PosixException {
        try (TempTree t = new TempTree(base)) {
            t.file("lock", "");
            int a = Open.openat(t.fd, bytes("lock"), Open.O_RDONLY, 0);
            int b = Open.openat(t.fd, bytes("lock"), Open.O_RDONLY, 0);
            assertTrue(Sys.tryLock(a, false));
            assertFalse(Sys.tryLock(b, false));
            Sys.unlock(a);
            assertTrue(Sys.tryLock(b, true));
            assertTrue(Sys.tryLock(a, true));
            assertFalse(Sys.isatty(a));
            assertEquals(0, Sys.columns(a));
            Open.close(a);
            Open.close(b);
        }
    }

    @Test
    void everyErrorHasAMessageInEnglish() {
        assertEquals("no such file or directory", Errno.message(Errno.ENOENT));
        assertEquals("ENOENT", Errno.name(2));
        assertEquals("structure needs cleaning", Errno.message(Errno.EUCLEAN));
        assertEquals("error 4711", Errno.message(4711));
        assertEquals("error -1", Errno.message(-1));
        assertEquals("E0", Errno.name(0));
    }
}

package cairn.posix;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoTest {
    @TempDir
    Path base;
    private TempTree t;
    private int fd;

    @BeforeEach
    void make() throws PosixException {
        t = new TempTree(base);
        fd = Open.openat(t.fd, bytes("f"), Open.O_RDWR | Open.O_CREAT, 0600);
    }

    @AfterEach
    void remove() throws PosixException {
        Open.close(fd);
        t.close();
    }

    @Test
    void contentLargerThanTheBufferComesBack() throws PosixException {
        byte[] data = new byte[1_000_003];
        new Random(1).nextBytes(data);
        Io.write(fd, data, 3, data.length - 3);
        byte[] back = new byte[data.length + 10];
        Io.seek(fd, 0);
        assertEquals(data.length - 3, Io.readFull(fd, back, 3, back.length - 3));
        assertArrayEquals(Arrays.copyOfRange(data, 3, data.length), Arrays.copyOfRange(back, 3, data.length));
        assertEquals(0, Io.read(fd, back, 0, 10));
        byte[] part = new byte[600_000];
        assertEquals(600_000, Io.pread(fd, 100_000, part, 0, part.length));
        assertArrayEquals(Arrays.copyOfRange(data, 100_003, 700_003), part);
        assertEquals(3, Io.pread(fd, data.length - 6, part, 0, part.length));
        Io.pwrite(fd, 5, data, 700_000, 300_000);
        assertEquals(300_000, Io.pread(fd, 5, back, 0, 300_000));
        assertArrayEquals(Arrays.copyOfRange(data, 700_000, 1_000_000), Arrays.copyOf(back, 300_000));
        Open.closeWritten(Open.dup(fd));
    }

    @Test
    void holesAreFoundAndMade() throws PosixException {
        byte[] block = new byte[65536];
        Arrays.fill(block, (byte) 7);
        Io.pwrite(fd, 1 << 20, block, 0, block.length);
        Io.truncate(fd, 8L << 30);
        assertEquals(1 << 20, Io.seekData(fd, 0));
        assertEquals((1 << 20) + 65536, Io.seekHole(fd, 1 << 20));
        assertEquals(-1, Io.seekData(fd, 2 << 20));
        assertEquals(8L << 30, Io.seekEnd(fd));
        Extents.punchHole(fd, (1 << 20) + 16384, 16384);
        assertEquals((1 << 20) + 16384, Io.seekHole(fd, 1 << 20));
        assertEquals((1 << 20) + 32768, Io.seekData(fd, (1 << 20) + 16384));
        assertEquals(8L << 30, new Stat().of(fd).size());
        Extents.allocate(fd, 0, 4096, true);
        assertEquals(8L << 30, new Stat().of(fd).size());
    }

    @Test
    void contentIsCopiedInsideTheKernel() throws PosixException {
        Io.write(fd, bytes("0123456789"), 0, 10);
        int target = Open.openat(t.fd, bytes("g"), Open.O_RDWR | Open.O_CREAT, 0600);
        assertEquals(5, Extents.copyRange(fd, 3, target, 2, 5));
        byte[] back = new byte[7];
        assertEquals(7, Io.pread(target, 0, back, 0, 7));
        assertArrayEquals(bytes("\0\00034567"), back);
        Open.close(target);
    }

    @Test
    void clonesAreMadeOrRefusedClearly() throws PosixException {
        byte[] data = new byte[65536];
        new Random(2).nextBytes(data);
        Io.write(fd, data, 0, data.length);
        int target = Open.openat(t.fd, bytes("g"), Open.O_RDWR | Open.O_CREAT, 0600);
        byte[] back = new byte[data.length];
        try {
            Extents.clone(fd, target);
            Io.pread(target, 0, back, 0, back.length);
            assertArrayEquals(data, back);
            Extents.cloneRange(fd, 0, 4096, target, 65536);
            assertEquals(65536 + 4096, new Stat().of(target).size());
        } catch (PosixException e) {
            assertTrue(e.isUnsupported(), e.getMessage());
        } finally {
            Open.close(target);
        }
    }

    @Test
    void syncingReachesTheDisk() throws PosixException {
        Io.write(fd, bytes("x"), 0, 1);
        Io.fdatasync(fd);
        Io.fsync(fd);
        Io.syncfs(fd);
        Io.advise(fd, 0, 0, Io.FADV_DONTNEED);
        assertEquals(Errno.EBADF, assertThrows(PosixException.class, () -> Io.fsync(-1)).errno());
    }

    @Test
    void timesFromBefore1970ToAfter2400AreSet() throws PosixException {
        // 2446 is the last year of ext4, 1901 its first
        long[] seconds = {-1, -2_000_000_000L, 0, 13_569_465_600L, 1_700_000_000L};
        t.symlink("l", "nowhere");
        for (long second : seconds) {
            Attrs.mtime(fd, second, 123_456_789);
            Stat stat = new Stat().of(fd);
            assertEquals(second, stat.mtime());
            assertEquals(123_456_789, stat.mtimeNanos());
            Attrs.mtimeat(t.fd, bytes("l"), second, 999_999_999);
            stat = t.stat("l");
            assertEquals(second, stat.mtime());
            assertEquals(999_999_999, stat.mtimeNanos());
        }
    }

    @Test
    void permissionsAndOwnersAreSet() throws PosixException {
        Attrs.chmod(fd, 0751);
        assertEquals(0751, t.stat("f").permissions());
        int pathFd = Open.openat(t.fd, bytes("f"), Open.O_PATH | Open.O_NOFOLLOW, 0);
        Attrs.chmodPathFd(pathFd, 0640);
        assertEquals(0640, t.stat("f").permissions());
        Open.close(pathFd);
        Attrs.chmodat(t.fd, bytes("f"), 0600);
        assertEquals(0600, t.stat("f").permissions());
        Attrs.chown(fd, -1, Sys.egid());
        assertEquals(Sys.euid(), t.stat("f").uid());
        assumeTrue(Sys.euid() == 0, "only root gives files away");
        t.symlink("l", "f");
        Attrs.chownat(t.fd, bytes("l"), 0xFFFF_FFF0, 12345);
        assertEquals(0xFFFF_FFF0, t.stat("l").uid());
        assertEquals(12345, t.stat("l").gid());
        assertEquals(0, t.stat("f").uid());
    }

    @Test
    void inodeFlagsAreReadAndSet() throws PosixException {
        int before;
        try {
            before = Inodes.flags(fd);
            Inodes.setFlags(fd, before | Inodes.FS_NODUMP_FL);
        } catch (PosixException e) {
            assertTrue(e.isUnsupported(), e.getMessage());
            return;
        }
        assertEquals(before | Inodes.FS_NODUMP_FL, Inodes.flags(fd));
        assertEquals(0, Inodes.project(fd));
    }

    @Test
    void anOpenFileIsOpenedAgain() throws PosixException {
        Io.write(fd, bytes("abc"), 0, 3);
        int pathFd = Open.openat(t.fd, bytes("f"), Open.O_PATH, 0);
        int again = Open.reopen(pathFd, Open.O_RDONLY);
        byte[] back = new byte[3];
        assertEquals(3, Io.readFull(again, back, 0, 3));
        assertArrayEquals(bytes("abc"), back);
        Open.close(again);
        Open.close(pathFd);
    }
}

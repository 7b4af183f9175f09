package cairn.posix;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XattrsTest {
    @TempDir
    Path base;
    private TempTree t;

    @BeforeEach
    void make() throws PosixException {
        t = new TempTree(base);
        t.file("bad\377\376", "");
    }

    @AfterEach
    void remove() throws PosixException {
        t.close();
    }

    private static boolean has(byte[][] names, String name) {
        for (byte[] n : names) {
            if (new String(n, StandardCharsets.ISO_8859_1).equals(name)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void valuesAreRawBytesByEveryWay() throws PosixException {
        byte[] file = bytes("bad\377\376");
        byte[] value = bytes("\0\1\377");
        int fd = Open.openat(t.fd, file, Open.O_RDONLY, 0);
        int pathFd = Open.openat(t.fd, file, Open.O_PATH, 0);
        Xattrs.set(fd, bytes("user.a"), value, 0);
        Xattrs.setAt(t.fd, file, bytes("user.b\376"), value, 0);
        Xattrs.setPathFd(pathFd, bytes("user.empty"), new byte[0], 0);
        for (byte[][] names : new byte[][][] {Xattrs.list(fd), Xattrs.listAt(t.fd, file), Xattrs.listPathFd(pathFd)}) {
            assertTrue(has(names, "user.a") && has(names, "user.b\376") && has(names, "user.empty"));
        }
        assertArrayEquals(value, Xattrs.get(fd, bytes("user.b\376")));
        assertArrayEquals(value, Xattrs.getAt(t.fd, file, bytes("user.a")));
        assertArrayEquals(new byte[0], Xattrs.getPathFd(pathFd, bytes("user.empty")));
        assertNull(Xattrs.get(fd, bytes("user.none")));
        assertTrue(assertThrows(PosixException.class,
                () -> Xattrs.set(fd, bytes("user.a"), value, Xattrs.XATTR_CREATE)).isExists());
        assertTrue(Xattrs.remove(fd, bytes("user.a")));
        assertFalse(Xattrs.remove(fd, bytes("user.a")));
        assertTrue(Xattrs.removeAt(t.fd, file, bytes("user.b\376")));
        assertTrue(Xattrs.removePathFd(pathFd, bytes("user.empty")));
        assertFalse(has(Xattrs.list(fd), "user.empty"));
        Open.close(pathFd);
        Open.close(fd);
    }

    @Test
    void symlinksAndFifosHaveTheirOwn() throws PosixException {
        assumeTrue(Sys.euid() == 0, "only root sets trusted attributes");
        t.file("f", "").symlink("l", "f");
        Dirs.mknod(t.fd, bytes("p"), Stat.S_IFIFO | 0600, 0, 0);
        for (String name : new String[] {"l", "p"}) {
            Xattrs.setAt(t.fd, bytes(name), bytes("trusted.x"), bytes(name), 0);
            assertArrayEquals(bytes(name), Xattrs.getAt(t.fd, bytes(name), bytes("trusted.x")));
            int pathFd = Open.openat(t.fd, bytes(name), Open.O_PATH | Open.O_NOFOLLOW, 0);
            assertArrayEquals(bytes(name), Xattrs.getPathFd(pathFd, bytes("trusted.x")), "the symlink itself");
            assertTrue(has(Xattrs.listPathFd(pathFd), "trusted.x"));
            Open.close(pathFd);
        }
        assertNull(Xattrs.getAt(t.fd, bytes("f"), bytes("trusted.x")));
        assertEquals(0, Xattrs.listAt(t.fd, bytes("f")).length);
    }
}

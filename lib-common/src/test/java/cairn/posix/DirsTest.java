package cairn.posix;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirsTest {
    @TempDir
    Path base;
    private TempTree t;

    @BeforeEach
    void make() throws PosixException {
        t = new TempTree(base);
    }

    @AfterEach
    void remove() throws PosixException {
        t.close();
    }

    private Set<RawPath.Key> list(int fd) throws PosixException {
        Set<RawPath.Key> names = new TreeSet<>();
        DirStream entries = new DirStream(fd);
        while (entries.next()) {
            assertTrue(names.add(new RawPath.Key(entries.name())));
        }
        return names;
    }

    @Test
    void namesThatAreNotUtf8ComeBackAsTheyAre() throws PosixException {
        byte[][] names = {bytes("bad\377\376"), bytes("new\nline"), bytes("\1\177"), bytes("x".repeat(255)),
            bytes("..."), bytes(".a"), bytes("b"), bytes("..b")};
        Set<RawPath.Key> expected = new TreeSet<>();
        for (byte[] name : names) {
            Open.close(Open.openat(t.fd, name, Open.O_CREAT | Open.O_WRONLY | Open.O_EXCL, 0600));
            expected.add(new RawPath.Key(name));
        }
        assertEquals(expected, list(t.fd));
    }

    @Test
    void aDirectoryOfManyEntriesIsListedWhole() throws PosixException {
        for (int i = 0; i < 3000; i++) {
            Dirs.mknod(t.fd, bytes("file-with-a-rather-long-name-" + i), Stat.S_IFREG | 0600, 0, 0);
        }
        assertEquals(3000, list(t.fd).size());
    }

    @Test
    void aStreamTellsTypeAndInode() throws PosixException {
        t.dir("d");
        DirStream entries = new DirStream(t.fd);
        assertTrue(entries.next());
        assertEquals(t.stat("d").ino(), entries.ino());
        assertTrue(entries.type() == DirStream.DT_DIR || entries.type() == DirStream.DT_UNKNOWN);
        assertFalse(entries.next());
        entries.reset(t.fd);
        assertFalse(entries.next(), "the descriptor's position stays at the end");
        Io.seek(t.fd, 0);
        assertTrue(entries.next());
    }

    @Test
    void aNameWithNulIsRefused() {
        PosixException e = assertThrows(PosixException.class, () -> Dirs.mkdir(t.fd, bytes("a\0b"), 0700));
        assertEquals(Errno.EINVAL, e.errno());
    }

    @Test
    void anErrorTellsOperationNameAndReason() {
        PosixException e = assertThrows(PosixException.class, () -> Open.openat(t.fd, bytes("no\377ne\n"), 0, 0));
        assertEquals("cannot open 'no\\377ne\\012': no such file or directory", e.getMessage());
        assertTrue(e.isNotFound());
        assertArrayEquals(bytes("no\377ne\n"), e.path());
        assertEquals("cannot open '/p': no such file or directory", e.on(bytes("/p")).getMessage());
    }

    @Test
    void linkTargetsOfFourThousandBytesAreWhole() throws PosixException {
        byte[] target = new byte[4000];
        Arrays.fill(target, (byte) 0xFE);
        Dirs.symlink(target, t.fd, bytes("l"));
        assertArrayEquals(target, Dirs.readlink(t.fd, bytes("l")));
        byte[] tooLong = new byte[4096];
        Arrays.fill(tooLong, (byte) 'a');
        assertEquals(Errno.ENAMETOOLONG,
                assertThrows(PosixException.class, () -> Dirs.symlink(tooLong, t.fd, bytes("m"))).errno());
    }

    @Test
    void fifosAndSocketsAreMade() throws PosixException {
        Dirs.mknod(t.fd, bytes("p"), Stat.S_IFIFO | 0640, 0, 0);
        Dirs.mknod(t.fd, bytes("s"), Stat.S_IFSOCK | 0600, 0, 0);
        assertEquals(Stat.S_IFIFO, t.stat("p").type());
        assertEquals(Stat.S_IFSOCK, t.stat("s").type());
    }

    @Test
    void devicesKeepLargeNumbers() throws PosixException {
        assumeTrue(Sys.euid() == 0, "only root makes devices");
        Dirs.mknod(t.fd, bytes("c"), Stat.S_IFCHR | 0600, 4095, 1048575);
        Dirs.mknod(t.fd, bytes("b"), Stat.S_IFBLK | 0600, 259, 65536 + 7);
        assertEquals(4095, t.stat("c").rdevMajor());
        assertEquals(1048575, t.stat("c").rdevMinor());
        assertEquals(259, t.stat("b").rdevMajor());
        assertEquals(65543, t.stat("b").rdevMinor());
        assertTrue(t.stat("b").isDevice());
    }

    @Test
    void hardLinksOfSymlinksLinkTheSymlink() throws PosixException {
        t.symlink("l", "nowhere");
        Dirs.link(t.fd, bytes("l"), t.fd, bytes("m"));
        assertTrue(t.stat("l").sameFile(t.stat("m")));
        assertEquals(2, t.stat("m").nlink());
    }

    @Test
    void anOpenFileGetsAName() throws PosixException {
        t.file("a", "x");
        int fd = Open.openat(t.fd, bytes("a"), Open.O_PATH, 0);
        Dirs.linkFd(fd, t.fd, bytes("b"));
        assertTrue(new Stat().of(fd).sameFile(t.stat("b")));
        Open.close(fd);
    }

    @Test
    void renameReplacesSwapsOrRefuses() throws PosixException {
        t.file("a", "1").file("b", "22");
        assertTrue(assertThrows(PosixException.class,
                () -> Dirs.rename(t.fd, bytes("a"), t.fd, bytes("b"), Dirs.RENAME_NOREPLACE)).isExists());
        Dirs.rename(t.fd, bytes("a"), t.fd, bytes("b"), Dirs.RENAME_EXCHANGE);
        assertEquals(1, t.stat("b").size());
        Dirs.rename(t.fd, bytes("a"), t.fd, bytes("b"), 0);
        assertEquals(2, t.stat("b").size());
        assertFalse(new Stat().exists(t.fd, bytes("a")));
    }

    @Test
    void treesDeeperThanAnyPathAreReachedByDescriptors() throws PosixException {
        byte[] name = bytes("d".repeat(200));
        int fd = Open.dup(t.fd);
        byte[] path = t.path();
        for (int depth = 0; depth < 30; depth++) {
            Dirs.mkdir(fd, name, 0700);
            int next = Open.openat(fd, name, Open.O_RDONLY | Open.O_DIRECTORY | Open.O_NOFOLLOW, 0);
            Open.close(fd);
            fd = next;
            path = RawPath.join(path, name);
        }
        Open.close(Open.openat(fd, bytes("f"), Open.O_CREAT | Open.O_WRONLY, 0600));
        Stat deep = new Stat().at(fd, bytes("f"));
        Open.close(fd);
        byte[] whole = RawPath.join(path, bytes("f"));
        assertTrue(whole.length > 6000);
        assertEquals(Errno.ENAMETOOLONG,
                assertThrows(PosixException.class, () -> Open.openat(Open.AT_FDCWD, whole, 0, 0)).errno());
        int file = Open.openLong(Open.AT_FDCWD, whole, Open.O_RDONLY, 0);
        assertTrue(new Stat().of(file).sameFile(deep));
        Open.close(file);
    }

    @Test
    void openat2KeepsBelowAndOffSymlinks() throws PosixException {
        t.dir("a/b").symlink("l", "a").file("a/f", "x");
        int ok = Open.openat2(t.fd, bytes("a/f"), Open.O_RDONLY, 0, Open.RESOLVE_BENEATH | Open.RESOLVE_NO_SYMLINKS);
        Open.close(ok);
        assertEquals(Errno.ELOOP, assertThrows(PosixException.class,
                () -> Open.openat2(t.fd, bytes("l/f"), Open.O_RDONLY, 0, Open.RESOLVE_NO_SYMLINKS)).errno());
        assertEquals(Errno.EXDEV, assertThrows(PosixException.class,
                () -> Open.openat2(t.fd, bytes("../x"), Open.O_RDONLY, 0, Open.RESOLVE_BENEATH)).errno());
        int made = Open.openat2(t.fd, bytes("a/new"), Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL, 0600,
                Open.RESOLVE_BENEATH);
        Open.close(made);
        assertEquals(0600, t.stat("a/new").permissions());
    }

    @Test
    void aSymlinkIsNotOpenedForReading() throws PosixException {
        t.file("f", "x").symlink("l", "f");
        Open.close(Open.forReading(t.fd, bytes("f"), 0));
        assertEquals(Errno.ELOOP,
                assertThrows(PosixException.class, () -> Open.forReading(t.fd, bytes("l"), 0)).errno());
        assertEquals(Errno.ENOTDIR, assertThrows(PosixException.class,
                () -> Open.forReading(t.fd, bytes("f"), Open.O_DIRECTORY)).errno());
    }
}

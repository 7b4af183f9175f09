package cairn.restore;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cairn.format.Bytes;
import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.Extents;
import cairn.posix.Inodes;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.posix.TempTree;
import cairn.posix.Xattrs;
import cairn.repo.Backup;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree that holds everything comes back as it was. */
class EverythingTest {
    private static final byte[] ACL = acl(new int[][] {{1, 6, -1}, {2, 7, 1000}, {4, 4, -1}, {16, 7, -1}, {32, 0, -1}});

    @TempDir
    Path temp;

    private RestoreFixture at;

    @BeforeEach
    void open() throws IOException {
        at = new RestoreFixture(temp, new MemoryStorage());
    }

    @AfterEach
    void close() throws IOException {
        at.close();
    }

    private static byte[] acl(int[][] entries) {
        byte[] acl = new byte[4 + 8 * entries.length];
        acl[0] = 2;
        for (int i = 0; i < entries.length; i++) {
            Bytes.putShort(acl, 4 + 8 * i, entries[i][0]);
            Bytes.putShort(acl, 6 + 8 * i, entries[i][1]);
            Bytes.putInt(acl, 8 + 8 * i, entries[i][2]);
        }
        return acl;
    }

    private interface Attempt {
        void run() throws PosixException;
    }

    /** What this file system or user may not do is left out of the tree. */
    private static void attempt(Attempt attempt) {
        try {
            attempt.run();
        } catch (PosixException e) {
            assertTrue(e.isUnsupported() || e.isDenied() || e.errno() == 22, e.getMessage());
        }
    }

    private void write(String name, long offset, byte[] content) throws PosixException {
        int fd = Open.openat(at.tree.fd, bytes(name), Open.O_WRONLY | Open.O_CREAT, 0644);
        Io.pwrite(fd, offset, content, 0, content.length);
        Open.close(fd);
    }

    private void withFd(String name, int flags, FdAttempt attempt) {
        attempt(() -> {
            int fd = Open.openat(at.tree.fd, bytes(name), flags, 0);
            try {
                attempt.run(fd);
            } finally {
                Open.close(fd);
            }
        });
    }

    private interface FdAttempt {
        void run(int fd) throws PosixException;
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private void makeTree() throws PosixException {
        int fd = at.tree.fd;
        TempTree t = at.tree;
        t.dir("source/names").dir("source/modes").dir("source/links/other").dir("source/special").dir("source/sizes").dir("source/xattrs")
                .dir("source/empty").dir("source/flags");
        makeNamesAndModes(t, fd);
        makeLinksAndSpecialFiles(t, fd);
        makeContent();
        makeXattrs(t, fd);
        t.file("source/flags/nodump", "n").file("source/flags/append", "a");
        withFd("source/flags/nodump", Open.O_RDONLY, f -> Inodes.setFlags(f, Inodes.flags(f) | Inodes.FS_NODUMP_FL | Inodes.FS_NOATIME_FL));
        Dirs.link(fd, bytes("source/flags/append"), fd, bytes("source/flags/append-too"));
        withFd("source/flags/append", Open.O_RDONLY, f -> Inodes.setFlags(f, Inodes.flags(f) | Inodes.FS_APPEND_FL));
        for (String name : List.of("source/names/...", "source/links/dangling", "source/special/fifo", "source/sizes/513", "source/empty", "source")) {
            Attrs.timesat(fd, bytes(name), 0, 0, -86401, 999_999_999);
        }
        Attrs.timesat(fd, bytes("source/sizes/1"), 0, 0, 13_569_465_600L, 7);
        withFd("source/flags", Open.O_RDONLY, f -> Inodes.setFlags(f, Inodes.flags(f) | Inodes.FS_IMMUTABLE_FL));
    }

    private void makeNamesAndModes(TempTree t, int fd) throws PosixException {
        for (String name : List.of(" blank ", "new\nline", "bad\377\376", "-rf", "...", "x".repeat(255), "\001")) {
            t.file("source/names/" + name, "name");
        }
        for (int mode : new int[] {0, 0400, 0644, 04755, 02755, 01644, 06777}) {
            if (mode == 0 && Sys.euid() != 0) {
                continue; // nobody else can read it, to save it and to look whether it came back
            }
            String name = "source/modes/" + Integer.toOctalString(mode);
            t.file(name, "mode");
            Attrs.chmodat(fd, bytes(name), mode);
        }
        for (int mode : new int[] {0700, 01777, 02775, 0555}) {
            String name = "source/modes/dir" + Integer.toOctalString(mode);
            t.dir(name).file(name + "/in", "in");
            Attrs.chmodat(fd, bytes(name), mode);
        }
        t.file("source/modes/owned", "owned");
        attempt(() -> Attrs.chownat(fd, bytes("source/modes/owned"), 12345, -2));
    }

    private void makeLinksAndSpecialFiles(TempTree t, int fd) throws PosixException {
        t.file("source/links/first", "one inode").symlink("source/links/dangling", "no/where").symlink("source/links/raw", "\377");
        Dirs.link(fd, bytes("source/links/first"), fd, bytes("source/links/other/again"));
        Dirs.link(fd, bytes("source/links/dangling"), fd, bytes("source/links/dangling-too"));
        Dirs.mknod(fd, bytes("source/special/fifo"), Stat.S_IFIFO | 0640, 0, 0);
        Dirs.link(fd, bytes("source/special/fifo"), fd, bytes("source/special/fifo-too"));
        Dirs.mknod(fd, bytes("source/special/socket"), Stat.S_IFSOCK | 0751, 0, 0);
        attempt(() -> Dirs.mknod(fd, bytes("source/special/char"), Stat.S_IFCHR | 0666, 1, 3));
        attempt(() -> Dirs.mknod(fd, bytes("source/special/block"), Stat.S_IFBLK | 0660, 7, 300));
    }

    private void makeContent() throws PosixException {
        for (int size : new int[] {0, 1, 511, 512, 513, 4096, 65537, 1 << 20, 9_000_001}) {
            write("source/sizes/" + size, 0, random(size));
        }
        write("source/sizes/zeros", 0, new byte[3_000_000]);
        write("source/sizes/holes", 0, bytes("head"));
        write("source/sizes/holes", 300L << 20, random(100_000));
        write("source/sizes/holes", 64L << 30, bytes("tail"));
        withFd("source/sizes/holes", Open.O_WRONLY, f -> Io.truncate(f, 65L << 30));
        withFd("source/sizes/zeros", Open.O_RDWR, f -> Extents.punchHole(f, 1 << 20, 1 << 20));
        write("source/sizes/allhole", 0, new byte[0]);
        withFd("source/sizes/allhole", Open.O_WRONLY, f -> Io.truncate(f, 1 << 30));
    }

    private void makeXattrs(TempTree t, int fd) throws PosixException {
        t.file("source/xattrs/file", "x").file("source/xattrs/acl", "x").dir("source/xattrs/dir").symlink("source/xattrs/link", "file");
        withFd("source/xattrs/file", Open.O_RDONLY, f -> Xattrs.set(f, bytes("user.binary\377"), random(256), 0));
        withFd("source/xattrs/file", Open.O_RDONLY, f -> Xattrs.set(f, bytes("user.empty"), new byte[0], 0));
        withFd("source/xattrs/file", Open.O_RDONLY, f -> Xattrs.set(f, bytes("trusted.secret"), bytes("root"), 0));
        withFd("source/xattrs/file", Open.O_RDONLY, f -> Xattrs.set(f, bytes("security.capability"),
                new byte[] {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0));
        withFd("source/xattrs/acl", Open.O_RDONLY, f -> Xattrs.set(f, Names.ACL_ACCESS, ACL, 0));
        withFd("source/xattrs/dir", Open.O_RDONLY, f -> Xattrs.set(f, Names.ACL_DEFAULT, ACL, 0));
        t.file("source/xattrs/dir/inherits", "x");
        attempt(() -> Xattrs.setAt(fd, bytes("source/xattrs/link"), bytes("trusted.link"), bytes("l"), 0));
    }

    @Test
    void aTreeOfEverythingComesBackIntoAnEmptyFolder() throws Exception {
        makeTree();
        Map<String, String> before = TreeState.of(at.source());
        Backup backup = at.backup();
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(List.of(), at.failures);
        assertEquals(Map.of(), summary.notSet());
        assertEquals(before, TreeState.of(at.tree.path("out")));
    }

    @Test
    void nothingIsTouchedOrFetchedWhereEverythingIsRight() throws Exception {
        makeTree();
        Backup backup = at.backup();
        at.restoreTo(backup, "out");
        Map<String, String> first = TreeState.of(at.tree.path("out"));
        long ctime = at.tree.stat("out/sizes/1048576").ctime();
        int nanos = at.tree.stat("out/sizes/1048576").ctimeNanos();
        at.options = at.options.withDelete(true);
        RestoreSummary again = at.restoreTo(backup, "out");
        assertEquals(0, again.created() + again.updated() + again.attributes() + again.deleted() + again.fetched() + again.written());
        assertEquals(first.values().stream().filter(line -> !line.startsWith("4")).count(), again.unchanged());
        assertEquals(first, TreeState.of(at.tree.path("out")));
        assertEquals(ctime, at.tree.stat("out/sizes/1048576").ctime());
        assertEquals(nanos, at.tree.stat("out/sizes/1048576").ctimeNanos());
    }

    @Test
    void readingBackFindsEveryByteRight() throws Exception {
        makeTree();
        Backup backup = at.backup();
        at.options = at.options.withVerify(true);
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(0, summary.failed());
        assertEquals(summary.written(), summary.verified());
    }

    @Test
    void aDryRunMakesNothingAndTellsTheSame() throws Exception {
        makeTree();
        Backup backup = at.backup();
        at.options = at.options.withDryRun(true);
        RestoreSummary dry = at.restoreTo(backup, "out");
        assertTrue(!new Stat().exists(at.tree.fd, bytes("out")));
        at.options = at.options.withDryRun(false);
        RestoreSummary real = at.restoreTo(backup, "out");
        assertEquals(real.created(), dry.created());
        assertEquals(real.directories(), dry.directories());
        assertEquals(real.written(), dry.written());
    }

    @Test
    void whatNewEntriesWouldInheritDoesNotStick() throws Exception {
        assumeTrue(Sys.euid() == 0);
        makeTree();
        Map<String, String> before = TreeState.of(at.source());
        Backup backup = at.backup();
        at.tree.dir("out");
        withFd("out", Open.O_RDONLY, f -> {
            Xattrs.set(f, Names.ACL_DEFAULT, ACL, 0);
            Attrs.chown(f, 0, 4321);
            Attrs.chmod(f, 02777);
            Inodes.setFlags(f, Inodes.flags(f) | Inodes.FS_NODUMP_FL);
        });
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(Map.of(), summary.notSet());
        assertEquals(before, TreeState.of(at.tree.path("out")));
    }
}

package cairn.restore;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.repo.Backup;
import cairn.spool.Spool;
import cairn.store.MemoryStorage;
import cairn.tree.Attributes;
import cairn.tree.EntryType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that somebody puts or moves into the target leads the restore out of it. */
class HostileTest {
    @TempDir
    Path temp;

    private RestoreFixture at;
    private Backup backup;
    private Map<String, String> outside;

    @BeforeEach
    void open() throws IOException {
        at = new RestoreFixture(temp, new MemoryStorage());
        at.tree.dir("outside").file("outside/f0", "precious").file("outside/g0", "precious");
        for (int d = 0; d < 8; d++) {
            at.tree.dir("source/d" + d);
            for (int i = 0; i < 40; i++) {
                byte[] content = new byte[700 + i];
                new Random(i * 100L + d).nextBytes(content);
                at.tree.file("source/d" + d + "/f" + i, new String(content, StandardCharsets.ISO_8859_1));
                at.tree.file("source/d" + d + "/g" + i, "small");
            }
        }
        backup = at.backup();
        outside = TreeState.of(at.tree.path("outside"));
    }

    @AfterEach
    void close() throws IOException {
        at.close();
    }

    private void assertOutsideIsUntouched() throws IOException {
        assertEquals(outside, TreeState.of(at.tree.path("outside")));
    }

    @Test
    void symlinksThatStandWhereFoldersAndFilesBelongAreReplaced() throws Exception {
        at.tree.dir("out").symlink("out/d0", "../outside").dir("out/d1").symlink("out/d1/f0", "../../outside/f0").symlink("out/d1/g0", "../../outside/g0");
        at.restoreTo(backup, "out");
        assertEquals(List.of(), at.failures);
        assertOutsideIsUntouched();
        assertEquals(TreeState.of(at.source()), TreeState.of(at.tree.path("out")));
    }

    @Test
    void aFolderOnTheWayThatIsASymlinkIsNotReplaced() throws Exception {
        byte[] target = at.tree.path("out");
        byte[] first = RawPath.split(at.source())[0];
        Dirs.mkdir(Open.AT_FDCWD, target, 0755);
        Dirs.symlink(at.tree.path("outside"), Open.AT_FDCWD, RawPath.join(target, first));
        RestoreSummary summary = at.restore(backup, null, target);
        assertEquals(1, summary.failed());
        assertOutsideIsUntouched();
    }

    @Test
    void foldersSwappedForSymlinksWhileItRunsLeadNowhere() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger swaps = new AtomicInteger();
        at.tree.dir("out");
        Thread attacker = new Thread(() -> {
            while (!done.get()) {
                for (int d = 0; d < 8; d++) {
                    if (swap("out/d" + d)) {
                        swaps.incrementAndGet();
                    }
                }
            }
        });
        attacker.start();
        try {
            for (int round = 0; round < 15 || swaps.get() < 20 && round < 500; round++) {
                at.restoreTo(backup, "out");
            }
        } finally {
            done.set(true);
            attacker.join();
        }
        assertTrue(swaps.get() >= 20, "swapped " + swaps.get() + " times only");
        assertOutsideIsUntouched();
    }

    /** Moves a folder away and puts a symlink to the outside in its place. */
    private boolean swap(String folder) {
        try {
            Dirs.symlink(bytes("../outside"), at.tree.fd, bytes("trap"));
        } catch (PosixException e) {
            // there is one already
        }
        try {
            if (!at.tree.stat(folder).isDirectory()) {
                return false;
            }
            Dirs.rename(at.tree.fd, bytes("trap"), at.tree.fd, bytes(folder), Dirs.RENAME_EXCHANGE);
            Removal.remove(at.tree.fd, bytes("trap"), Set.of());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aFolderThatIsNotTheOneThatWasSeenIsRefused() throws Exception {
        try (NodeStore nodes = new NodeStore(new Spool(bytes(temp.toString())), 1 << 20); DirHandles dirs = new DirHandles(nodes, 1)) {
            at.tree.dir("root/a").dir("root/b").dir("root/other");
            long root = node(nodes, Node.NONE, "root", at.tree.stat("root"));
            dirs.keep(root, Open.openat(at.tree.fd, bytes("root"), Open.O_PATH | Open.O_DIRECTORY, 0), false);
            long a = node(nodes, root, "a", at.tree.stat("root/a"));
            long b = node(nodes, root, "b", at.tree.stat("root/b"));
            dirs.acquire(a).close();
            dirs.acquire(b).close();
            Dirs.rename(at.tree.fd, bytes("root/other"), at.tree.fd, bytes("root/a"), Dirs.RENAME_EXCHANGE);
            boolean refused = false;
            try {
                dirs.acquire(a).close();
            } catch (IOException e) {
                refused = e.getMessage().contains("swapped");
            }
            assertTrue(refused);
            dirs.acquire(b).close();
        }
    }

    private static long node(NodeStore nodes, long parent, String name, Stat stat) throws IOException {
        return nodes.add(parent, bytes(name), EntryType.DIRECTORY,
                new Attributes(0755, 0, 0, 0, 0, null, List.of(), 0, 0), 0, 0, 0, stat.dev(), stat.ino());
    }

    @Test
    void anotherUsersFileWithANameHereIsNotWrittenInto() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Sys.euid() == 0);
        at.restoreTo(backup, "out");
        Attrs.chownat(at.tree.fd, bytes("outside/f0"), 4242, 4242);
        outside = TreeState.of(at.tree.path("outside"));
        Dirs.unlink(at.tree.fd, bytes("out/d0/f0"));
        Dirs.link(at.tree.fd, bytes("outside/f0"), at.tree.fd, bytes("out/d0/f0"));
        at.restoreTo(backup, "out");
        assertEquals(List.of(), at.failures);
        assertOutsideIsUntouched();
        assertFalse(at.tree.stat("out/d0/f0").sameFile(at.tree.stat("outside/f0")));
        assertEquals(TreeState.of(at.source()), TreeState.of(at.tree.path("out")));
    }
}

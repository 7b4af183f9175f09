package cairn.walk;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cairn.posix.Errno;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.PrivateMounts;
import cairn.posix.RawPath;
import cairn.posix.TempTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the walk does where something is mounted; each test in a mount namespace of its own. */
class WalkMountsTest {
    @TempDir
    Path base;
    private TempTree t;

    @BeforeEach
    void make() throws PosixException {
        assumeTrue(PrivateMounts.available(), "mounting needs root");
        t = new TempTree(base);
    }

    @AfterEach
    void remove() throws PosixException {
        if (t != null) {
            t.close();
        }
    }

    private List<String> walk(WalkOptions options, String... sources) throws IOException {
        byte[][] paths = new byte[sources.length][];
        for (int i = 0; i < sources.length; i++) {
            paths[i] = t.path(sources[i]);
        }
        return Recorder.walk(t.path(), options, paths).lines;
    }

    @Test
    void aFolderMountedIntoItselfEnds() throws Exception {
        t.dir("a/b/c").file("a/f", "");
        PrivateMounts.run(() -> {
            PrivateMounts.bind(t.path("a"), t.path("a/b/c"));
            assertEquals(List.of("/", "a/", "a/b/", "a/b/c/", "a/b/c !LOOP", "a/f"), walk(WalkOptions.DEFAULT, "a"));
        });
    }

    @Test
    void aFolderUnderTwoPathsIsWalkedUnderBoth() throws Exception {
        t.dir("a").file("a/f", "").dir("b");
        PrivateMounts.run(() -> {
            PrivateMounts.bind(t.path("a"), t.path("b"));
            assertEquals(List.of("/", "a/", "a/f", "b/", "b/f"), walk(WalkOptions.DEFAULT, "a", "b"));
        });
    }

    @Test
    void specialFileSystemsAreLeftOutUnlessAskedFor() throws Exception {
        t.dir("s/proc").dir("s/tmp").dir("s/sys").file("s/f", "").file("s/version", "");
        PrivateMounts.run(() -> {
            PrivateMounts.mount("proc", t.path("s/proc"), "proc", 0, null);
            PrivateMounts.mount("none", t.path("s/sys"), "sysfs", 0, null);
            PrivateMounts.mount("none", t.path("s/tmp"), "tmpfs", 0, null);
            PrivateMounts.bind(bytes("/proc/version"), t.path("s/version"));
            Files.createFile(base.resolve(Path.of(new String(RawPath.name(t.path())), "s", "tmp", "kept")));
            assertEquals(List.of("/", "s/", "s/f", "s/proc/", "s/proc !SPECIAL", "s/sys/", "s/sys !SPECIAL", "s/tmp/",
                    "s/tmp/kept", "s/version !SPECIAL"), walk(WalkOptions.DEFAULT, "s"));
            List<String> all = walk(WalkOptions.DEFAULT.withIncludeSpecial(true), "s");
            assertTrue(all.containsAll(List.of("s/proc/version", "s/proc/sys/", "s/sys/kernel/", "s/version")));
            List<String> named = walk(WalkOptions.DEFAULT, "s/proc/sys/kernel/ostype", "s/version");
            assertEquals(List.of("/", "s/", "s/proc/", "s/proc/sys/", "s/proc/sys/kernel/",
                    "s/proc/sys/kernel/ostype", "s/version"), named);
        });
    }

    @Test
    void oneFileSystemIsThatOfEachSource() throws Exception {
        t.dir("s/other").file("s/f", "").file("s/g", "");
        PrivateMounts.run(() -> {
            PrivateMounts.mount("none", t.path("s/other"), "tmpfs", 0, null);
            Path other = base.resolve(Path.of(new String(RawPath.name(t.path())), "s", "other"));
            Files.createDirectories(other.resolve("d/deep"));
            Files.createFile(other.resolve("x"));
            PrivateMounts.bind(t.path("s/other/x"), t.path("s/g"));
            WalkOptions options = WalkOptions.DEFAULT.withOneFileSystem(true);
            Recorder recorder = Recorder.walk(t.path(), options, t.path("s"));
            assertEquals(List.of("/", "s/", "s/f", "s/g !OTHER_FILE_SYSTEM", "s/other/", "s/other !OTHER_FILE_SYSTEM"),
                    recorder.lines);
            assertEquals(List.of("tmpfs", "tmpfs"), recorder.details);
            assertEquals(List.of("/", "s/", "s/f", "s/g !OTHER_FILE_SYSTEM", "s/other/", "s/other/d/",
                    "s/other/d/deep/", "s/other/x"), walk(options, "s", "s/other"));
            assertEquals(List.of("/", "s/", "s/f", "s/g !OTHER_FILE_SYSTEM", "s/other/", "s/other !OTHER_FILE_SYSTEM",
                    "s/other/d/", "s/other/d/deep/"), walk(options, "s", "s/other/d/deep"));
            t.symlink("s/to", "other/x");
            assertTrue(walk(options.withFollowOutside(true), "s").contains("s/other/x"));
        });
    }

    @Test
    void theRootLeavesOutTheKernelAndRun() throws Exception {
        t.dir("root/dev").dir("root/run/x").dir("root/proc").dir("root/home").file("root/home/f", "");
        PrivateMounts.run(() -> {
            PrivateMounts.bind(t.path("root"), t.path("root"));
            PrivateMounts.mount("none", t.path("root/dev"), "tmpfs", 0, null);
            PrivateMounts.bind(bytes("/proc"), t.path("root/proc"));
            PrivateMounts.chroot(t.path("root"));
            Recorder recorder = Recorder.walk(RawPath.ROOT, WalkOptions.DEFAULT, RawPath.ROOT);
            assertEquals(List.of("/", "dev/", "dev !SPECIAL", "home/", "home/f", "proc/", "proc !SPECIAL", "run/",
                    "run !TRANSIENT"), recorder.lines);
            assertEquals(List.of("/", "run/", "run/x/"),
                    Recorder.walk(RawPath.ROOT, WalkOptions.DEFAULT, bytes("/run")).lines);
            assertTrue(Recorder.walk(RawPath.ROOT, WalkOptions.DEFAULT.withIncludeSpecial(true), RawPath.ROOT).lines
                    .containsAll(List.of("run/x/", "proc/version")));
        });
    }

    @Test
    void aMountWhoseServerDiedIsAProblemAndTheWalkGoesOn() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "kernel without FUSE");
        t.dir("s/dead").file("s/z", "");
        PrivateMounts.run(() -> {
            int server = Open.openat(Open.AT_FDCWD, bytes("/dev/fuse"), Open.O_RDWR, 0);
            PrivateMounts.mount("dead", t.path("s/dead"), "fuse", 0,
                    "fd=" + server + ",rootmode=40000,user_id=0,group_id=0");
            Open.close(server);
            assertEquals(List.of("/", "s/", "s/dead ?" + Errno.ENOTCONN, "s/z"), walk(WalkOptions.DEFAULT, "s"));
        });
    }

    /** Were it triggered, the walk would wait for ever for a daemon that there is not: hence a limit. */
    @Test
    @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anAutomountPointIsNotTriggered() throws Exception {
        assumeTrue(Files.readString(Path.of("/proc/filesystems")).contains("\tautofs\n"), "kernel without autofs");
        t.dir("s/direct").dir("s/indirect").file("s/z", "");
        // the process group of the daemon never triggers: it must be another than that of the tests
        Process daemon = new ProcessBuilder("setsid", "cat").start();
        int[] pipe = PrivateMounts.pipe();
        try {
            PrivateMounts.run(() -> {
                String data = "fd=" + pipe[1] + ",pgrp=" + daemon.pid() + ",minproto=5,maxproto=5,";
                PrivateMounts.mount("test", t.path("s/direct"), "autofs", 0, data + "direct");
                PrivateMounts.mount("test", t.path("s/indirect"), "autofs", 0, data + "indirect");
                List<String> expected = List.of("/", "s/", "s/direct/", "s/direct !AUTOMOUNT", "s/indirect/",
                        "s/indirect !AUTOMOUNT", "s/z");
                assertEquals(expected, walk(WalkOptions.DEFAULT, "s"));
                assertEquals(expected, walk(WalkOptions.DEFAULT.withIncludeSpecial(true), "s"));
                t.symlink("s/zz", "direct");
                walk(WalkOptions.DEFAULT.withFollowOutside(true), "s/zz");
                byte[] packet = new byte[512];
                assertEquals(Errno.EAGAIN,
                        assertThrows(PosixException.class, () -> Io.read(pipe[0], packet, 0, 512)).errno());
                // the proof that it could have been: whoever opens it as a directory asks the daemon, and waits for it
                Process opening = new ProcessBuilder("ls", new String(t.path("s/direct"))).start();
                try {
                    PrivateMounts.awaitReadable(pipe[0]);
                    assertTrue(Io.read(pipe[0], packet, 0, 512) > 0);
                } finally {
                    opening.destroyForcibly().waitFor();
                }
            });
        } finally {
            daemon.destroyForcibly();
            Open.close(pipe[0]);
            Open.close(pipe[1]);
        }
    }
}

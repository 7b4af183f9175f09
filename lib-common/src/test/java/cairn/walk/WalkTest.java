package cairn.walk;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.Errno;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.posix.TempTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalkTest {
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

    private static String text(byte[] raw) {
        return new String(raw, StandardCharsets.ISO_8859_1);
    }

    private List<String> walk(WalkOptions options, String... sources) throws IOException {
        byte[][] paths = new byte[sources.length][];
        for (int i = 0; i < sources.length; i++) {
            paths[i] = sources[i].isEmpty() ? t.path() : t.path(sources[i]);
        }
        return Recorder.walk(t.path(), options, paths).lines;
    }

    @Test
    void entriesComeInTheOrderOfRawNames() throws IOException {
        t.dir("b/x").dir("a-b").file("a-b/f", "").dir("a").file("a/z", "").file("a\1", "").file("bad\377\376", "")
                .file("\n", "").symlink("ab", "nowhere").file("B", "");
        assertEquals(List.of("/", "\n", "B", "a/", "a/z", "a\1", "a-b/", "a-b/f", "ab", "b/", "b/x/", "bad\377\376"),
                walk(WalkOptions.DEFAULT, ""));
    }

    @Test
    void aFolderOfManyEntriesIsWalkedInOrder() throws IOException {
        List<String> expected = new ArrayList<>(List.of("/"));
        for (int i = 0; i < 2000; i++) {
            expected.add("n" + Integer.toString(i * 7919 % 2000, 36));
            Dirs.mknod(t.fd, bytes(expected.getLast()), Stat.S_IFREG | 0600, 0, 0);
        }
        expected.subList(1, expected.size()).sort(null);
        assertEquals(expected, walk(WalkOptions.DEFAULT, ""));
    }

    @Test
    void severalAndOverlappingSourcesAreOneTree() throws IOException {
        t.dir("a/b/c").file("a/b/c/f", "").dir("a/x").file("a/g", "").file("a/x/h", "").dir("z").file("z/1", "")
                .file("z/2", "").dir("other");
        assertEquals(List.of("/", "a/", "a/b/", "a/b/c/", "a/b/c/f", "z/", "z/2"), walk(WalkOptions.DEFAULT,
                "z/2", "a/b/c", "a/b", "a//b/./c/f"));
        assertEquals(List.of("/", "a/", "a/b/", "a/b/c/", "a/b/c/f", "a/g", "a/x/", "a/x/h"),
                walk(WalkOptions.DEFAULT, "a/x", "a"));
    }

    @Test
    void theTreeAlwaysStartsAtTheRoot() throws IOException {
        t.dir("a").file("a/f", "");
        Sources sources = new Sources();
        byte[] real = sources.add(t.path("a/../a/f"));
        assertArrayEquals(t.path("a/f"), real);
        assertEquals(1, sources.paths().size());
        assertArrayEquals(real, sources.paths().getFirst());
        List<byte[]> entered = new ArrayList<>();
        Walk.run(sources, WalkOptions.DEFAULT, new Recorder(RawPath.ROOT) {
            @Override
            public void enterDirectory(Directory directory) throws IOException {
                super.enterDirectory(directory);
                assertTrue(directory.isOnTheWay());
                assertEquals(entered.size(), directory.depth());
                entered.add(directory.path());
            }
        });
        assertArrayEquals(RawPath.ROOT, entered.getFirst());
        assertArrayEquals(t.path("a"), entered.getLast());
        assertEquals(RawPath.split(t.path("a")).length + 1, entered.size());
    }

    @Test
    void relativeSourcesLieInTheWorkingDirectory() throws IOException {
        Sources sources = new Sources();
        assertArrayEquals(Sys.workingDirectory(), sources.add(bytes(".")));
        assertArrayEquals(RawPath.parent(Sys.workingDirectory()), sources.add(bytes("..")));
        assertArrayEquals(RawPath.join(Sys.workingDirectory(), bytes("pom.xml")), sources.add(bytes("./pom.xml")));
        assertTrue(assertThrows(PosixException.class, () -> sources.add(bytes("no/such"))).isNotFound());
        assertTrue(assertThrows(PosixException.class, () -> sources.add(bytes(""))).isNotFound());
        assertTrue(assertThrows(PosixException.class, () -> sources.add(bytes("pom.xml/x"))).isNotFound());
    }

    @Test
    void symlinksAreNotFollowed() throws IOException {
        t.dir("a").file("a/f", "").symlink("a/up", "..").symlink("a/self", "self").symlink("l", "a");
        assertEquals(List.of("/", "a/", "a/f", "a/self", "a/up", "l"), walk(WalkOptions.DEFAULT, ""));
    }

    @Test
    void aSourceBehindSymlinksCountsByItsRealPath() throws IOException {
        t.dir("real/d").file("real/d/f", "").symlink("l", "real").symlink("abs", text(t.path("l/d")));
        assertEquals(List.of("/", "real/", "real/d/", "real/d/f"), walk(WalkOptions.DEFAULT, "l/d/f"));
        assertEquals(List.of("/", "real/", "real/d/", "real/d/f"), walk(WalkOptions.DEFAULT, "abs/"));
        assertEquals(List.of("/", "abs", "abs !LINK_TARGET"), walk(WalkOptions.DEFAULT, "abs"));
        assertEquals(List.of("/", "abs", "real/", "real/d/", "real/d/f"), walk(WalkOptions.DEFAULT, "abs", "real"));
        t.symlink("x", "y").symlink("y", "x");
        assertEquals(Errno.ELOOP, assertThrows(PosixException.class, () -> walk(WalkOptions.DEFAULT, "x/")).errno());
    }

    @Test
    void deepTreesNeedFewHandles() throws IOException {
        String name = "d".repeat(190);
        int fd = Open.dup(t.fd);
        int depth = 60;
        for (int i = 0; i < depth; i++) {
            Dirs.mkdir(fd, bytes(name), 0700);
            int next = Open.openat(fd, bytes(name), Open.O_RDONLY | Open.O_DIRECTORY, 0);
            Dirs.mknod(fd, bytes("a"), Stat.S_IFREG | 0600, 0, 0);
            Dirs.mknod(fd, bytes("z"), Stat.S_IFREG | 0600, 0, 0);
            Open.close(fd);
            fd = next;
        }
        Open.close(fd);
        long before = openFiles();
        long[] most = {0};
        Sources sources = new Sources();
        sources.add(t.path());
        Recorder recorder = new Recorder(t.path()) {
            @Override
            public void enterDirectory(Directory directory) throws IOException {
                super.enterDirectory(directory);
                most[0] = Math.max(most[0], openFiles());
            }
        };
        Walk.run(sources, WalkOptions.DEFAULT.withMaxOpen(3), recorder);
        assertEquals(1 + 3 * depth, recorder.lines.size());
        assertEquals(List.of("z"), recorder.lines.subList(3 * depth, 3 * depth + 1));
        assertTrue(recorder.lines.contains((name + "/").repeat(59) + "z"));
        assertTrue(most[0] <= before + 4, most[0] + " open, " + before + " before");
        assertEquals(before, openFiles());
    }

    private static long openFiles() throws IOException {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }

    @Test
    void theWayBackFromADirectoryThatIsMovedIsFoundFromTheRoot() throws IOException {
        t.dir("a/b/c/d").dir("a/b/y").file("a/b/c/f", "").file("a/b/z", "").dir("elsewhere");
        assertEquals(List.of("/", "a/", "a/b/", "a/b/c/", "a/b/c/d/", "a/b/c/f", "a/b/y/", "a/b/z", "elsewhere/",
                "elsewhere/c/", "elsewhere/c/d/", "elsewhere/c/f"), changingAt("a/b/c/d",
                () -> Dirs.rename(t.fd, bytes("a/b/c"), t.fd, bytes("elsewhere/c"), 0), 2));
    }

    @Test
    void aDirectoryThatIsNotFoundAgainIsAProblemAndTheWalkGoesOn() throws IOException {
        t.dir("a/b/c/d/e").dir("a/b/y").file("a/b/c/f", "").file("a/b/z", "").dir("elsewhere");
        assertEquals(List.of("/", "a/", "a/b/", "a/b/c/", "a/b/c/d/", "a/b/c/d/e/", "a/b/c ?" + Errno.ENOENT, "a/b/y/",
                "a/b/z", "elsewhere/", "elsewhere/d/", "elsewhere/d/e/"), changingAt("a/b/c/d/e", () -> {
                    Dirs.rename(t.fd, bytes("a/b/c/d"), t.fd, bytes("elsewhere/d"), 0);
                    Dirs.rename(t.fd, bytes("a/b/c"), t.fd, bytes("a/b/c2"), 0);
                }, 2));
    }

    @Test
    void anotherDirectoryInThePlaceOfAnAncestorIsNotTakenForIt() throws IOException {
        t.dir("a/b/c/d/e").file("a/b/c/f", "").dir("elsewhere").dir("other").file("other/f", "");
        assertEquals(List.of("/", "a/", "a/b/", "a/b/c/", "a/b/c/d/", "a/b/c/d/e/", "a/b/c ?" + Errno.ESTALE,
                "elsewhere/", "elsewhere/d/", "elsewhere/d/e/", "other/", "other/f"), changingAt("a/b/c/d/e", () -> {
                    Dirs.rename(t.fd, bytes("a/b/c/d"), t.fd, bytes("elsewhere/d"), 0);
                    Dirs.rename(t.fd, bytes("a/b/c"), t.fd, bytes("other"), Dirs.RENAME_EXCHANGE);
                }, 2));
    }

    /** What is done while a directory is entered. */
    private interface Change {
        void run() throws IOException;
    }

    private List<String> changingAt(String directory, Change change, int maxOpen) throws IOException {
        Sources sources = new Sources();
        sources.add(t.path());
        Recorder recorder = new Recorder(t.path()) {
            @Override
            public void enterDirectory(Directory entered) throws IOException {
                super.enterDirectory(entered);
                if (Arrays.equals(entered.path(), t.path(directory))) {
                    change.run();
                }
            }
        };
        Walk.run(sources, WalkOptions.DEFAULT.withMaxOpen(maxOpen), recorder);
        recorder.finish();
        return recorder.lines;
    }

    /** Does something between statx and open of the directory {@code name}, once. */
    private List<String> swapping(String name, Change change) throws IOException {
        Sources sources = new Sources();
        sources.add(t.path());
        Recorder recorder = new Recorder(t.path());
        boolean[] done = {false};
        Walk.run(sources, WalkOptions.DEFAULT, recorder, entered -> {
            if (!done[0] && Arrays.equals(entered, bytes(name))) {
                done[0] = true;
                try {
                    change.run();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        recorder.finish();
        assertTrue(done[0]);
        return recorder.lines;
    }

    @Test
    void aFolderSwappedForASymlinkWhileItIsEnteredIsASymlink() throws IOException {
        t.dir("top/victim").file("top/victim/f", "").dir("secret").file("secret/key", "");
        assertEquals(List.of("/", "secret/", "secret/key", "top/", "top/victim"), swapping("victim", () -> {
            Dirs.rename(t.fd, bytes("top/victim"), t.fd, bytes("moved"), 0);
            t.symlink("top/victim", "../secret");
        }));
        assertTrue(t.stat("top/victim").isSymlink());
    }

    @Test
    void aFolderSwappedForAnotherWhileItIsEnteredIsTheOther() throws IOException {
        t.dir("victim").file("victim/old", "").dir("zz").file("zz/new", "");
        assertEquals(List.of("/", "victim/", "victim/new", "zz/", "zz/old"),
                swapping("victim", () -> Dirs.rename(t.fd, bytes("victim"), t.fd, bytes("zz"), Dirs.RENAME_EXCHANGE)));
    }

    @Test
    void aFolderThatVanishesWhileItIsEnteredIsAProblem() throws IOException {
        t.dir("victim").file("z", "");
        assertEquals(List.of("/", "victim ?" + Errno.ENOENT, "z"),
                swapping("victim", () -> Dirs.rmdir(t.fd, bytes("victim"))));
    }

    @Test
    void whatVanishesAfterTheListingIsAProblem() throws IOException {
        t.dir("a").file("a/1", "").file("a/2", "").file("b", "");
        assertEquals(List.of("/", "a/", "a/1", "a/2 ?" + Errno.ENOENT, "b"),
                changingAt("a", () -> Dirs.unlink(t.fd, bytes("a/2")), 8));
    }

    @Test
    void aFolderSwappedEndlesslyIsGivenUp() throws IOException {
        t.dir("a").dir("b").file("z", "");
        Sources sources = new Sources();
        sources.add(t.path("a"));
        Recorder recorder = new Recorder(t.path());
        Walk.run(sources, WalkOptions.DEFAULT, recorder, name -> {
            if (Arrays.equals(name, bytes("a"))) {
                try {
                    Dirs.rename(t.fd, bytes("a"), t.fd, bytes("b"), Dirs.RENAME_EXCHANGE);
                } catch (PosixException e) {
                    throw new AssertionError(e);
                }
            }
        });
        assertEquals(List.of("/", "a ?" + Errno.ESTALE), recorder.lines);
    }

    @Test
    void anUnreadableFolderIsAProblemAndStaysAnEntry() throws Exception {
        assumeTrue(Sys.euid() != 0, "root reads everything");
        t.dir("a/b").file("z", "");
        Attrs.chmodat(t.fd, bytes("a"), 0);
        try {
            assertEquals(List.of("/", "a/", "a ?" + Errno.EACCES, "z"), walk(WalkOptions.DEFAULT, ""));
        } finally {
            Attrs.chmodat(t.fd, bytes("a"), 0700);
        }
    }

    @Test
    void anExceptionOfTheVisitorEndsTheWalkAndClosesAll() throws IOException {
        t.dir("a/b").file("a/b/f", "");
        long before = openFiles();
        PosixException own = new PosixException("write", null, Errno.ENOSPC);
        Sources sources = new Sources();
        sources.add(t.path());
        assertSame(own, assertThrows(PosixException.class, () -> Walk.run(sources, WalkOptions.DEFAULT,
                new Recorder(t.path()) {
                    @Override
                    public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
                        throw own;
                    }
                })));
        assertEquals(before, openFiles());
    }

    @Test
    void whatTheFilterExcludesIsLeftOutWithAllBelow() throws IOException {
        t.dir("keep/no").file("keep/no/f", "").file("keep/no.txt", "").dir("no").file("z", "");
        List<Boolean> asked = new ArrayList<>();
        PathFilter filter = (path, directory) -> {
            asked.add(directory);
            return Arrays.equals(RawPath.name(path), bytes("no")) && directory;
        };
        assertEquals(List.of("/", "keep/", "keep/no !EXCLUDED", "keep/no.txt", "no !EXCLUDED", "z"),
                walk(WalkOptions.DEFAULT.withFilter(filter), ""));
        assertEquals(List.of(true, true, true, false, true, false), asked);
    }

    @Test
    void theFilterIsToldTheSource() throws IOException {
        t.dir("a/b").dir("c");
        List<byte[]> told = new ArrayList<>();
        PathFilter filter = new PathFilter() {
            @Override
            public boolean excludes(byte[] path, boolean directory) {
                throw new AssertionError("without source");
            }

            @Override
            public PathFilter at(byte[] source) {
                told.add(source);
                return (path, directory) -> false;
            }
        };
        walk(WalkOptions.DEFAULT.withFilter(filter), "a", "a/b", "c");
        told.removeIf(path -> path.length == 1);
        assertEquals(2, told.size());
        assertArrayEquals(t.path("a"), told.get(0));
        assertArrayEquals(t.path("c"), told.get(1));
    }

    @Test
    void taggedFoldersKeepOnlyTheirTag() throws IOException {
        String signature = "Signature: 8a477f597d28d172789f06886806bc55\n# more";
        t.dir("cache/x").file("cache/CACHEDIR.TAG", signature).file("cache/f", "").dir("fake")
                .file("fake/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc5").dir("link").file("sig", signature)
                .symlink("link/CACHEDIR.TAG", "../sig").dir("n").file("n/.nobackup", "").file("n/f", "");
        List<String> plain = List.of("/", "cache/", "cache/CACHEDIR.TAG", "cache/f", "cache/x/", "fake/",
                "fake/CACHEDIR.TAG", "link/", "link/CACHEDIR.TAG", "n/", "n/.nobackup", "n/f", "sig");
        assertEquals(plain, walk(WalkOptions.DEFAULT, ""));
        List<String> caches = new ArrayList<>(plain);
        caches.removeAll(List.of("cache/f", "cache/x/"));
        caches.add(2, "cache !CACHE");
        assertEquals(caches, walk(WalkOptions.DEFAULT.withExcludeCaches(true), ""));
        List<String> tagged = new ArrayList<>(plain);
        tagged.remove("n/f");
        tagged.add(tagged.indexOf("n/.nobackup"), "n !TAGGED");
        assertEquals(tagged, walk(WalkOptions.DEFAULT.withTagNames(List.of(bytes(".nobackup"))), ""));
        assertEquals(List.of("/", "cache/", "cache !CACHE", "cache/x/"),
                walk(WalkOptions.DEFAULT.withExcludeCaches(true), "cache", "cache/x"));
    }

    @Test
    void theOwnRepositoryIsLeftOutUnderEveryName() throws IOException {
        t.dir("repo/packs").file("repo/packs/p", "").dir("a");
        WalkOptions options = WalkOptions.DEFAULT.withOwnDirectories(Set.of(FileId.of(t.stat("repo"))));
        assertEquals(List.of("/", "a/", "repo/", "repo !OWN_REPOSITORY"), walk(options, ""));
        assertEquals(List.of("/", "repo/", "repo !OWN_REPOSITORY"), walk(options, "repo/packs"));
    }

    @Test
    void targetsOutsideComeAlongUnderTheirRealPath() throws IOException {
        t.dir("set/in").file("set/in/f", "").symlink("set/inside", "in/f").symlink("set/out", "../apart/step/data")
                .dir("apart/v1/data").file("apart/v1/data/d", "").symlink("apart/v1/data/on", "../../../far")
                .file("apart/v1/not", "").symlink("apart/step", "v1").file("far", "").symlink("set/dangling", "/no/such")
                .symlink("set/kernel", "/proc/self/status").symlink("set/null", "/dev/null").symlink("set/zloop", "zloop");
        List<String> all = List.of("/", "apart/", "apart/step", "apart/v1/", "apart/v1/data/", "apart/v1/data/d",
                "apart/v1/data/on", "far", "set/", "set/dangling", "set/in/", "set/in/f", "set/inside", "set/kernel",
                "set/null", "set/out", "set/zloop");
        assertEquals(all, walk(WalkOptions.DEFAULT.withFollowOutside(true), "set"));
        assertEquals(List.of("/", "far", "set/", "set/out"), walk(WalkOptions.DEFAULT, "set/out", "far").stream()
                .filter(line -> !line.contains("!")).toList());
        assertFalse(walk(WalkOptions.DEFAULT, "set").contains("far"));
    }

    @Test
    void listsOfPathsAreLiteral() throws IOException {
        t.file("a*", "").file("ab", "").file(" x ", "").file("n\nl", "");
        byte[] list = bytes(text(t.path("a*")) + "\n\n"
                + text(t.path(" x ")));
        Sources sources = new Sources();
        PathList paths = new PathList(new ByteArrayInputStream(list), PathList.LINE, "-");
        for (byte[] path = paths.next(); path != null; path = paths.next()) {
            sources.add(path);
        }
        Recorder recorder = new Recorder(t.path());
        Walk.run(sources, WalkOptions.DEFAULT, recorder);
        assertEquals(List.of("/", " x ", "a*"), recorder.lines);
    }
}

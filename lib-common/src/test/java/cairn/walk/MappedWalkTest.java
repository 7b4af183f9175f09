package cairn.walk;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.posix.TempTree;
import cairn.walk.pattern.PatternSetBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that stands for another is found there and nowhere else. */
class MappedWalkTest {
    @TempDir
    Path base;
    private TempTree t;
    private Mappings mappings;

    @BeforeEach
    void make() throws PosixException {
        t = new TempTree(base);
        mappings = new Mappings();
    }

    @AfterEach
    void remove() throws PosixException {
        t.close();
    }

    private List<String> walk(WalkOptions options, String... paths) throws IOException {
        Sources sources = new Sources(mappings);
        for (String path : paths) {
            sources.add(path.isEmpty() ? t.path() : t.path(path));
        }
        Recorder recorder = new Recorder(t.path());
        Walk.run(sources, options, recorder);
        recorder.finish();
        return recorder.lines;
    }

    private void map(String from, String to) throws PosixException {
        mappings.add(t.path(from), t.path(to), null);
    }

    @Test
    void aSnapshotIsFoundAtThePathOfItsOrigin() throws IOException {
        t.dir("srv/data").file("srv/data/new", "").file("srv/other", "").dir("snap/d").file("snap/old", "").file("snap/d/f", "");
        map("snap", "srv/data");
        assertEquals(List.of("/", "srv/", "srv/data/", "srv/data/d/", "srv/data/d/f", "srv/data/old"), walk(WalkOptions.DEFAULT, "snap"));
        assertEquals(List.of("/", "srv/", "srv/data/", "srv/data/d/", "srv/data/d/f"), walk(WalkOptions.DEFAULT, "snap/d"));
        assertEquals(List.of("/", "srv/", "srv/data/", "srv/data/old"), walk(WalkOptions.DEFAULT, "snap/old"));
    }

    @Test
    void whoNamesTheOriginGetsTheSnapshotToo() throws IOException {
        t.dir("data").file("data/new", "").dir("snap").file("snap/old", "");
        map("snap", "data");
        assertEquals(List.of("/", "data/", "data/old"), walk(WalkOptions.DEFAULT, "data"));
    }

    @Test
    void aWholeTreeHoldsTheSnapshotOnceInThePlaceOfItsOrigin() throws IOException {
        t.dir("a").dir("data").file("data/new", "").dir("snap").file("snap/old", "").file("z", "");
        map("snap", "data");
        assertEquals(List.of("/", "a/", "data/", "data/old", "snap/", "snap !MAPPED", "z"), walk(WalkOptions.DEFAULT, ""));
    }

    @Test
    void whatHoldsTheSnapshotAsksForItsOriginToo() throws IOException {
        t.dir("data").dir("mnt/snap").file("mnt/snap/old", "").file("mnt/x", "");
        map("mnt/snap", "data");
        assertEquals(List.of("/", "data/", "data/old", "mnt/", "mnt/snap/", "mnt/snap !MAPPED", "mnt/x"), walk(WalkOptions.DEFAULT, "mnt"));
    }

    @Test
    void aSnapshotWithinItsOriginDoesNotHideWhatHasItsPathInIt() throws IOException {
        t.dir("data/.snap/1/.snap/1").file("data/.snap/1/f", "").file("data/new", "");
        map("data/.snap/1", "data");
        assertEquals(List.of("/", "data/", "data/.snap/", "data/.snap/1/", "data/f"), walk(WalkOptions.DEFAULT, "data/.snap/1"));
    }

    @Test
    void anOriginThatDoesNotExistHasTheFoldersOfTheOneItWouldLieIn() throws IOException {
        t.dir("snap/d").file("snap/d/f", "");
        map("snap", "gone/deep/er");
        List<String> all = List.of("/", "gone/", "gone/deep/", "gone/deep/er/", "gone/deep/er/d/", "gone/deep/er/d/f");
        assertEquals(all, walk(WalkOptions.DEFAULT, "snap"));
        assertEquals(all, walk(WalkOptions.DEFAULT.withMaxOpen(2), "snap"));
        List<String> whole = new ArrayList<>(all);
        whole.addAll(List.of("snap/", "snap !MAPPED"));
        assertEquals(whole, walk(WalkOptions.DEFAULT, ""));
    }

    @Test
    void closedHandlesAreOpenedAgainThroughTheMapping() throws IOException {
        t.dir("data").dir("snap/a/b/c/d/e").file("snap/a/b/c/d/e/f", "").file("snap/a/z", "").file("snap/zz", "").file("data-after", "");
        map("snap", "data");
        assertEquals(List.of("/", "data/", "data/a/", "data/a/b/", "data/a/b/c/", "data/a/b/c/d/", "data/a/b/c/d/e/", "data/a/b/c/d/e/f",
                "data/a/z", "data/zz", "data-after", "snap/", "snap !MAPPED"), walk(WalkOptions.DEFAULT.withMaxOpen(2), ""));
    }

    @Test
    void patternsMatchTheOriginalPath() throws IOException {
        t.dir("data").dir("snap/cache").file("snap/cache/c", "").file("snap/keep", "").file("snap/drop.o", "");
        map("snap", "data");
        PatternSetBuilder patterns = new PatternSetBuilder();
        patterns.addArgument(bytes("*.o"));
        patterns.addArgument(t.path("data/cache"));
        patterns.addArgument(t.path("snap/keep"));
        assertEquals(List.of("/", "data/", "data/cache !EXCLUDED", "data/drop.o !EXCLUDED", "data/keep"),
                walk(WalkOptions.DEFAULT.withFilter(patterns.build()), "snap"));
    }

    @Test
    void theInnermostOfSeveralMappingsCounts() throws IOException {
        t.dir("s1/in").file("s1/one", "").file("s1/in/hidden", "").dir("s2").file("s2/two", "");
        map("s1", "o");
        map("s2", "o/in");
        assertEquals(List.of("/", "o/", "o/in/", "o/in/two", "o/one"), walk(WalkOptions.DEFAULT, "s1"));
        assertEquals(List.of("/", "o/", "o/in/", "o/in/two"), walk(WalkOptions.DEFAULT, "s2"));
    }

    @Test
    void anOriginBehindSymlinksIsFoundWhereItReallyIs() throws IOException {
        t.dir("disk/data").symlink("link", "disk").dir("snap").file("snap/f", "");
        map("snap", "link/data");
        assertEquals(List.of("/", "disk/", "disk/data/", "disk/data/f"), walk(WalkOptions.DEFAULT, "snap"));
    }

    @Test
    void theRootItselfCanBeMapped() throws IOException {
        t.dir("snap/etc").file("snap/etc/f", "");
        mappings.add(t.path("snap"), RawPath.ROOT, null);
        Sources sources = new Sources(mappings);
        sources.add(t.path("snap"));
        assertEquals(List.of("/"), sources.paths().stream().map(p -> new String(p, StandardCharsets.UTF_8)).toList());
        Recorder recorder = new Recorder(RawPath.ROOT);
        Walk.run(sources, WalkOptions.DEFAULT, recorder);
        assertEquals(List.of("/", "etc/", "etc/f"), recorder.lines);
    }

    @Test
    void whatStandsForItselfChangesNothing() throws IOException {
        t.dir("data").file("data/f", "");
        map("data", "data");
        assertTrue(mappings.isEmpty());
        assertEquals(List.of("/", "data/", "data/f"), walk(WalkOptions.DEFAULT, "data"));
    }

    @Test
    void onlyAFolderCanStandForAnother() throws PosixException {
        t.file("f", "");
        assertThrows(PosixException.class, () -> map("f", "g"));
        assertThrows(PosixException.class, () -> map("missing", "g"));
    }

    /** /proc lies on a device of its own wherever tests run. */
    @Test
    void theSnapshotCountsAsLyingOnTheDeviceOfItsOrigin() throws IOException {
        t.dir("origin/below");
        long device = t.stat("origin").dev();
        Stat proc = new Stat().at(Open.AT_FDCWD, bytes("/proc/tty"), 0);
        assertTrue(proc.dev() != device);
        Instant before = Instant.ofEpochSecond(1_700_000_000);
        mappings.add(bytes("/proc/tty"), t.path("origin/below"), before);
        Sources sources = new Sources(mappings);
        sources.add(bytes("/proc/tty"));
        Map<String, Long> devices = new TreeMap<>();
        Walk.run(sources, WalkOptions.DEFAULT, new Recorder(t.path()) {
            @Override
            public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
                devices.put(new String(name, StandardCharsets.UTF_8), directory.recordedDev(stat.dev()));
                assertEquals(before, directory.taken());
                super.entry(directory, name, stat);
            }

            @Override
            public void enterDirectory(Directory directory) throws IOException {
                super.enterDirectory(directory);
                if (directory.path().length == t.path("origin").length) {
                    assertNull(directory.taken());
                }
            }
        });
        assertEquals(device, devices.get("drivers"));
    }
}

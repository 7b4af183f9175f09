package cairn.walk;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.posix.TempTree;
import cairn.spool.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Few sources in memory and many on disk give the same walk. */
class SourcesTest {
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

    private Spool spool() {
        return new Spool(base.toString().getBytes(StandardCharsets.UTF_8));
    }

    private List<String> walk(Sources sources, WalkOptions options) throws IOException {
        Recorder recorder = new Recorder(t.path());
        Walk.run(sources, options, recorder);
        recorder.finish();
        return recorder.lines;
    }

    @Test
    void manySourcesAreWalkedAsFewAre() throws IOException {
        List<String> names = new ArrayList<>();
        for (int d = 0; d < 60; d++) {
            t.dir("d" + d + "/sub");
            for (int f = 0; f < 90; f++) {
                names.add("d" + d + "/f" + f);
                t.file(names.getLast(), "");
            }
            t.file("d" + d + "/sub/deep", "").file("d" + d + "/unnamed", "");
            names.add("d" + d + "/sub");
        }
        names.addAll(names.subList(0, 100));
        Collections.shuffle(names, new Random(5));
        Sources few = new Sources();
        try (Sources many = new Sources(Mappings.NONE, spool())) {
            for (String name : names) {
                few.add(t.path(name));
                many.add(t.path(name));
            }
            List<String> expected = walk(few, WalkOptions.DEFAULT);
            assertEquals(1 + 60 * (1 + 90 + 2), expected.size());
            assertEquals(expected, walk(many, WalkOptions.DEFAULT));
            assertEquals(expected, walk(many, WalkOptions.DEFAULT.withMaxOpen(2)));
            // too many to name: the folder that they lie in
            assertEquals(List.of(new String(t.path(), StandardCharsets.UTF_8)), many.paths().stream().map(p -> new String(p, StandardCharsets.UTF_8)).toList());
        }
        try (var left = Files.list(base)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void sortedSourcesComeInTheOrderOfAWalk() throws IOException {
        Random random = new Random(7);
        TreeSet<RawPath.Key> expected = new TreeSet<>();
        try (Sources sources = new Sources(Mappings.NONE, spool())) {
            for (int i = 0; i < 200_000; i++) {
                StringBuilder path = new StringBuilder();
                for (int depth = random.nextInt(5); depth >= 0; depth--) {
                    path.append('/').append(" !-,0aZ~\377\200".charAt(random.nextInt(10))).append(random.nextInt(60));
                }
                expected.add(new RawPath.Key(bytes(path.toString())));
                sources.addEntry(bytes(path.toString()), Stat.S_IFREG, i % 2 == 0);
            }
            Wanted all = sources.wanted();
            byte[] last = null;
            int n = 0;
            var want = expected.iterator();
            for (Wanted.Item item = all.next(); item != null; item = all.next()) {
                byte[] path = RawPath.build(true, item.names());
                assertEquals(Stat.S_IFREG, item.type());
                if (last == null || RawPath.compareTree(last, path) != 0) {
                    assertTrue(last == null || RawPath.compareTree(last, path) < 0);
                    assertEquals(want.next(), new RawPath.Key(path));
                    n++;
                }
                last = path;
            }
            assertEquals(expected.size(), n);
        }
    }

    @Test
    void anEntryIsTakenWithoutWhatLiesBelowIt() throws IOException {
        t.dir("a/b").file("a/b/f", "").file("a/g", "").file("h", "");
        Sources sources = new Sources();
        sources.addEntry(t.path("a/b"), Stat.S_IFDIR, false);
        sources.addEntry(t.path("h"), Stat.S_IFREG, false);
        assertEquals(List.of("/", "a/", "a/b/", "h"), walk(sources, WalkOptions.DEFAULT));
    }

    @Test
    void anEntryOfAnotherTypeIsRefusedWithAllBelowIt() throws IOException {
        t.dir("a").file("a/f", "").file("b", "").symlink("c", "a");
        List<String> changed = new ArrayList<>();
        Sources sources = new Sources();
        sources.addEntry(t.path("a"), Stat.S_IFREG, false);
        sources.addEntry(t.path("b"), Stat.S_IFDIR, false);
        sources.addEntry(t.path("b/x"), Stat.S_IFREG, false);
        sources.addEntry(t.path("c/f"), Stat.S_IFREG, false);
        sources.addEntry(t.path("gone"), Stat.S_IFREG, false);
        Recorder recorder = new Recorder(t.path()) {
            @Override
            public void changed(byte[] path, int expected, int found) {
                changed.add(new String(RawPath.name(path), StandardCharsets.UTF_8) + " " + expected + " " + found);
            }
        };
        Walk.run(sources, WalkOptions.DEFAULT, recorder);
        assertEquals(List.of("/", "c ?20", "gone ?2"), recorder.lines);
        assertEquals(List.of("a " + Stat.S_IFREG + " " + Stat.S_IFDIR, "b " + Stat.S_IFDIR + " " + Stat.S_IFREG), changed);
    }

    @Test
    void aClosedFolderIsNotListedButHeldByItsPath() throws IOException {
        t.dir("a").file("a/f", "");
        Sources sources = new Sources();
        sources.addEntry(t.path("a"), Stat.S_IFDIR, true);
        List<Boolean> pathOnly = new ArrayList<>();
        Recorder recorder = new Recorder(t.path()) {
            @Override
            public void enterDirectory(Directory directory) throws IOException {
                pathOnly.add(directory.isPathOnly());
                super.enterDirectory(directory);
            }
        };
        Walk.run(sources, WalkOptions.DEFAULT, recorder);
        assertEquals(List.of("/", "a/"), recorder.lines);
        assertEquals(true, pathOnly.getLast());
    }
}

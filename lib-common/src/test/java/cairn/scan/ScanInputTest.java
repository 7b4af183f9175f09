package cairn.scan;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Dirs;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.TempTree;
import cairn.spool.Spool;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Mappings;
import cairn.walk.Sources;
import cairn.walk.Visitor;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of a scan become the walk that they were made of, whatever a filter in between did to them. */
class ScanInputTest {
    @TempDir
    Path base;
    private TempTree t;

    @BeforeEach
    void make() throws PosixException {
        t = new TempTree(base);
        t.dir("data/b/x").dir("data/a").file("data/a/z", "").file("data/bad\377\376", "").file("data/\n\"\\", "").symlink("data/link", "a")
                .file("data/a-b", "").dir("other").file("other/o", "");
    }

    @AfterEach
    void remove() throws PosixException {
        t.close();
    }

    /** Writes a walk, relative to the test's folder. */
    private final class Lines implements Visitor {
        final List<String> lines = new ArrayList<>();

        private void add(byte[] path, String tail) {
            if (RawPath.isWithin(path, t.path())) {
                int cut = Math.min(path.length, t.path().length + 1);
                lines.add(new String(path, cut, path.length - cut, StandardCharsets.ISO_8859_1) + tail);
            }
        }

        @Override
        public void enterDirectory(Directory directory) {
            add(directory.path(), directory.isPathOnly() ? "/ closed" : "/");
        }

        @Override
        public void entry(Directory directory, byte[] name, Stat stat) {
            add(directory.path(name), "");
        }

        @Override
        public void leaveDirectory(Directory directory) {
            add(directory.path(), " left");
        }

        @Override
        public void leftOut(byte[] path, LeftOut reason, String detail) {
            add(path, " " + reason);
        }

        @Override
        public void problem(byte[] path, PosixException error) {
            add(path, " " + error.reason());
        }

        @Override
        public void changed(byte[] path, int expected, int found) {
            add(path, " changed");
        }

        @Override
        public void told(byte[] path, String message) {
            add(path, ": " + message);
        }
    }

    private byte[] scan(String... names) throws IOException {
        Sources sources = new Sources();
        for (String name : names) {
            sources.add(t.path(name));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ScanWriter writer = new ScanWriter(out, false);
        Walk.run(sources, WalkOptions.DEFAULT, new Visitor() {
            @Override
            public void enterDirectory(Directory directory) throws IOException {
                if (!directory.isOnTheWay()) {
                    writer.directory(directory, directory.parent().isOnTheWay());
                }
            }

            @Override
            public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
                writer.entry(directory, name, stat, directory.isOnTheWay());
            }

            @Override
            public void leaveDirectory(Directory directory) {
            }

            @Override
            public void leftOut(byte[] path, LeftOut reason, String detail) {
            }

            @Override
            public void problem(byte[] path, PosixException error) throws IOException {
                writer.problem(path, error.reason());
            }
        });
        writer.end(null);
        return out.toByteArray();
    }

    private static List<String> lines(byte[] scan) {
        return new ArrayList<>(List.of(new String(scan, StandardCharsets.UTF_8).split("\n")));
    }

    private ScanInput input(byte[] scan) throws IOException {
        return ScanInput.read(new ByteArrayInputStream(scan), Mappings.NONE, new Spool(RawString.encode(base.toString())));
    }

    private List<String> walk(byte[] scan) throws IOException {
        try (ScanInput input = input(scan)) {
            Lines lines = new Lines();
            input.walk(WalkOptions.DEFAULT, lines);
            return lines.lines;
        }
    }

    private List<String> walk(List<String> lines) throws IOException {
        return walk((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private List<String> expected(String... names) throws IOException {
        Sources sources = new Sources();
        for (String name : names) {
            sources.add(t.path(name));
        }
        Lines lines = new Lines();
        Walk.run(sources, WalkOptions.DEFAULT, lines);
        return lines.lines;
    }

    private static List<String> paths(ScanInput input) throws IOException {
        return input.paths().stream().map(path -> new String(path, StandardCharsets.UTF_8)).toList();
    }

    private String text(String name) {
        return new String(t.path(name), StandardCharsets.UTF_8);
    }

    private String entry(String name, String type) {
        return "{\"type\":\"entry\",\"path\":\"" + text(name) + "\",\"entry_type\":\"" + type + "\"}";
    }

    private static final String END = "{\"type\":\"end\",\"entries\":0}";

    @Test
    void aScanIsWalkedAsItsSourceIs() throws IOException {
        assertEquals(expected("data", "other"), walk(scan("data", "other")));
        assertEquals(expected("data/a", "other/o"), walk(scan("data/a", "other/o")));
    }

    @Test
    void theOrderOfLinesDoesNotCount() throws IOException {
        List<String> lines = lines(scan("data", "other"));
        for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(lines, new Random(seed));
            assertEquals(expected("data", "other"), walk(lines));
        }
    }

    @Test
    void whatWasNamedIsRememberedAlsoWhenItsLineIsGone() throws IOException {
        try (ScanInput input = input(scan("other", "data"))) {
            assertEquals(List.of(text("data"), text("other")), paths(input));
            assertTrue(input.complete());
        }
        List<String> lines = lines(scan("data"));
        lines.removeIf(line -> line.contains("\"source\":true"));
        try (ScanInput input = input(String.join("\n", lines).getBytes(StandardCharsets.UTF_8))) {
            assertEquals(List.of(text("data")), paths(input));
        }
    }

    @Test
    void foldersThatWereDroppedAreGoneThroughAllTheSame() throws IOException {
        assertEquals(List.of("/", "data/", "data/b/", "data/b/x/", "data/b/x left", "data/b left", "data left", " left"),
                walk(List.of(entry("data/b/x", "directory"), END)));
    }

    @Test
    void withoutItsEndAScanIsIncomplete() throws IOException {
        List<String> lines = lines(scan("data"));
        lines.removeLast();
        byte[] cut = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        // also in the middle of a line, at whatever byte
        for (int length : new int[] {cut.length, cut.length - 1, cut.length - 2, cut.length - 40}) {
            byte[] part = Arrays.copyOf(cut, length);
            try (ScanInput input = input(part)) {
                assertFalse(input.complete());
            }
            assertEquals(1, walk(part).stream().filter(line -> line.startsWith("data: is incomplete: the list of entries ended")).count());
        }
    }

    @Test
    void aScanOfChangesIsIncomplete() throws IOException {
        byte[] scan = (entry("data/a-b", "file") + "\n{\"type\":\"end\",\"changed_since\":\"abcd\"}\n").getBytes(StandardCharsets.UTF_8);
        try (ScanInput input = input(scan)) {
            assertFalse(input.complete());
        }
        assertTrue(walk(scan).contains("data: is incomplete: the list holds only what changed since the backup abcd"));
    }

    @Test
    void whatTheScanCouldNotReadIsTold() throws IOException {
        assertTrue(walk(List.of(entry("data/a-b", "file"), "{\"type\":\"problem\",\"path\":\"" + text("data/b") + "\",\"message\":\"cannot open it\"}", END))
                .contains("data/b: could not be scanned: cannot open it"));
    }

    @Test
    void whatChangedItsTypeIsNotFollowed() throws IOException {
        byte[] scan = scan("data");
        Dirs.unlink(t.fd, bytes("data/a/z"));
        Dirs.rmdir(t.fd, bytes("data/a"));
        t.symlink("data/a", "../other");
        Dirs.unlink(t.fd, bytes("data/a-b"));
        t.dir("data/a-b").file("data/a-b/new", "");
        List<String> walked = walk(scan);
        assertTrue(walked.containsAll(List.of("data/a changed", "data/a-b changed")), walked.toString());
        assertFalse(walked.stream().anyMatch(line -> line.startsWith("data/a/") || line.startsWith("data/a-b/")), walked.toString());
    }

    @Test
    void aFolderSwappedForASymlinkLeadsNowhere() throws IOException {
        t.symlink("evil", "other");
        assertTrue(walk(List.of(entry("evil/o", "file"), END)).contains("evil not a directory"));
    }

    @Test
    void aFolderThatWasNotGoneIntoStaysShut() throws IOException {
        String closed = entry("data/a", "directory").replace("}", ",\"closed\":true}");
        assertEquals(List.of("/", "data/", "data/a/ closed", "data/a left", "data left", " left"), walk(List.of(closed, END)));
    }

    @Test
    void theEntriesAreFoundWhereTheMappingSays() throws IOException {
        t.dir("snap").file("snap/f", "");
        Mappings mappings = new Mappings();
        mappings.add(t.path("snap"), t.path("origin"), null);
        byte[] scan = (entry("origin/f", "file") + "\n" + END + "\n").getBytes(StandardCharsets.UTF_8);
        try (ScanInput input = ScanInput.read(new ByteArrayInputStream(scan), mappings, new Spool(RawString.encode(base.toString())))) {
            Lines lines = new Lines();
            input.walk(WalkOptions.DEFAULT, lines);
            assertEquals(List.of("/", "origin/", "origin/f", "origin left", " left"), lines.lines);
        }
    }

    @Test
    void aLineThatIsNoneEndsItAll() {
        CairnException e = assertThrows(CairnException.class, () -> walk(List.of(entry("data/a-b", "file"), "oops", END)));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertEquals("line 2 of the list of entries is no JSON object", e.getMessage());
        assertTrue(e.remedy().contains("jq -c"), e.remedy());
        assertThrows(CairnException.class, () -> walk(List.of("{", "  \"type\": \"end\"", "}")));
        byte[] endless = new byte[ScanLine.LONGEST + 100_000];
        Arrays.fill(endless, (byte) 'x');
        assertEquals("line 1 of the list of entries is longer than 8 MiB", assertThrows(CairnException.class, () -> walk(endless)).getMessage());
    }

    @Test
    void nothingIsNoBackup() {
        assertThrows(CairnException.class, () -> walk(new byte[0]));
        assertThrows(CairnException.class, () -> walk(List.of(END)));
    }

    @Test
    void manyLinesAreSortedOnDiskAndWalkedTwice() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 29_999; i >= 0; i--) {
            text.append(entry("missing/" + i % 100 + "/" + i, "file")).append('\n');
        }
        text.append(entry("data/a-b", "file")).append('\n').append(END).append('\n');
        try (ScanInput input = input(text.toString().getBytes(StandardCharsets.UTF_8))) {
            assertEquals(30_001, input.entries());
            for (int i = 0; i < 2; i++) {
                Lines lines = new Lines();
                input.walk(WalkOptions.DEFAULT, lines);
                assertEquals(List.of("/", "data/", "data/a-b", "data left", "missing no such file or directory", " left"), lines.lines);
            }
        }
    }
}

package cairn.walk.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListTest {
    @TempDir
    Path folder;

    private static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<String> read(InputStream in, byte separator, int memory) throws IOException {
        List<String> paths = new ArrayList<>();
        try (FileList list = FileList.read(in, separator, "-", raw("/home/me"), folder, memory)) {
            for (byte[] path = list.next(); path != null; path = list.next()) {
                paths.add(new String(path, StandardCharsets.ISO_8859_1));
            }
            assertNull(list.next());
        }
        return paths;
    }

    private List<String> lines(String text) throws IOException {
        return read(new ByteArrayInputStream(raw(text)), FileList.LINE, 1 << 20);
    }

    @Test
    void linesAreLiteralPathsInTheOrderOfAWalk() throws IOException {
        assertEquals(List.of("/a", "/a/b", "/a b", "/a-b", "/home/me/ # *", "/home/me/x\r"),
                lines("/a-b\n/a\n\n/a/b\n/a b\n # *\nx\r"));
    }

    @Test
    void aZeroByteEndsAPathThatMayHoldLineFeeds() throws IOException {
        assertEquals(List.of("/a\nb", "/\377"), read(new ByteArrayInputStream(raw("/\377\0/a\nb\0\0")), FileList.ZERO, 1 << 20));
    }

    @Test
    void theSamePathInSeveralFormsComesOnce() throws IOException {
        assertEquals(List.of("/home", "/home/me", "/home/me/a"), lines("a\n./a\n/home/me//a/\n.\n..\n../me/./a\n../me"));
    }

    @Test
    void nothingGivesNothing() throws IOException {
        assertEquals(List.of(), lines(""));
        assertEquals(List.of(), lines("\n\n"));
        assertEquals(List.of("/"), lines("/"));
    }

    @Test
    void goingUpFromANameIsRefusedBecauseItMayBeASymlink() {
        CairnException e = assertThrows(CairnException.class, () -> lines("x\n\na/../b\n"));
        assertEquals(ExitCode.USAGE, e.exitCode());
        assertEquals("entry 3 of file list '-' goes up from a name: 'a/../b'", e.getMessage());
    }

    @Test
    void aListOfTheOtherKindIsRefused() {
        assertEquals("entry 2 of file list '-' holds a zero byte",
                assertThrows(CairnException.class, () -> lines("x\na\0b\0")).getMessage());
        byte[] long1 = new byte[FileList.LONGEST + 70_000];
        java.util.Arrays.fill(long1, (byte) '\n');
        CairnException e = assertThrows(CairnException.class, () -> read(new ByteArrayInputStream(long1), FileList.ZERO, 1 << 20));
        assertEquals("entry 1 of file list '-' is longer than 1 MiB", e.getMessage());
        assertEquals("end each path with a zero byte", e.remedy());
    }

    @Test
    void aLongListIsSortedOnDiskAndLeavesNothingBehind() throws IOException {
        Random random = new Random(7);
        TreeSet<RawPath.Key> expected = new TreeSet<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            StringBuilder path = new StringBuilder();
            for (int depth = random.nextInt(4); depth >= 0; depth--) {
                path.append('/').append((char) (" !-.0aZ~\377\200".charAt(random.nextInt(10)))).append(random.nextInt(30));
            }
            expected.add(new RawPath.Key(raw(path.toString())));
            text.append(path).append('\n');
        }
        byte[] bytes = raw(text.toString());
        List<String> sorted = expected.stream().map(key -> new String(key.bytes(), StandardCharsets.ISO_8859_1)).toList();
        // In memory; as a few runs; as more runs than are merged at once. And by an input that comes in bits.
        assertEquals(sorted, read(new ByteArrayInputStream(bytes), FileList.LINE, 1 << 24));
        assertEquals(sorted, read(new ByteArrayInputStream(bytes), FileList.LINE, 100_000));
        assertEquals(sorted, read(new Dripping(bytes), FileList.LINE, 4_000));
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void memoryDoesNotGrowWithTheList() throws IOException {
        PathSorter sorter = new PathSorter(folder, 1 << 18);
        try (sorter) {
            for (int i = 0; i < 100_000; i++) {
                sorter.add(raw("/some/folder/" + (i * 7919L % 100_003)));
                assertTrue(sorter.held() <= 1 << 18, "held");
            }
            PathSorter.Source source = sorter.finish();
            int n = 0;
            byte[] last = {};
            for (byte[] path = source.next(); path != null; path = source.next()) {
                assertTrue(RawPath.compareTree(last, path) < 0);
                last = path;
                n++;
            }
            assertEquals(100_000, n);
        }
    }

    /** Gives a few bytes at a time, as a pipe may. */
    private static final class Dripping extends InputStream {
        private final ByteArrayInputStream in;

        Dripping(byte[] bytes) {
            in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return in.read(target, offset, Math.min(length, 13));
        }
    }
}

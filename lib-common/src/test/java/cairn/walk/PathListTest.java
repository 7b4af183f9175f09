package cairn.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathListTest {
    private static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> read(InputStream in, byte separator) throws IOException {
        List<String> paths = new ArrayList<>();
        PathList list = new PathList(in, separator, "-");
        for (byte[] path = list.next(); path != null; path = list.next()) {
            paths.add(new String(path, StandardCharsets.ISO_8859_1));
        }
        assertNull(list.next());
        return paths;
    }

    private static List<String> lines(String text) throws IOException {
        return read(new ByteArrayInputStream(raw(text)), PathList.LINE);
    }

    @Test
    void linesAreLiteralPaths() throws IOException {
        assertEquals(List.of("/a-b", "/a", "/a b", " # *", "x\r"), lines("/a-b\n/a\n\n/a b\n # *\nx\r"));
    }

    @Test
    void aZeroByteEndsAPathThatMayHoldLineFeeds() throws IOException {
        assertEquals(List.of("/\377", "/a\nb"), read(new ByteArrayInputStream(raw("/\377\0/a\nb\0\0")), PathList.ZERO));
    }

    @Test
    void nothingGivesNothing() throws IOException {
        assertEquals(List.of(), lines(""));
        assertEquals(List.of(), lines("\n\n"));
        assertEquals(List.of("/"), lines("/"));
    }

    @Test
    void aListOfTheOtherKindIsRefused() {
        CairnException mixed = assertThrows(CairnException.class, () -> lines("x\na\0b\0"));
        assertEquals(ExitCode.USAGE, mixed.exitCode());
        assertEquals("entry 2 of file list '-' holds a zero byte", mixed.getMessage());
        byte[] lines = new byte[PathList.LONGEST + 70_000];
        Arrays.fill(lines, (byte) '\n');
        CairnException e = assertThrows(CairnException.class, () -> read(new ByteArrayInputStream(lines), PathList.ZERO));
        assertEquals("entry 1 of file list '-' is longer than 1 MiB", e.getMessage());
        assertEquals("end each path with a zero byte", e.remedy());
    }

    @Test
    void aListMayComeInBits() throws IOException {
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            expected.add("/some/" + "x".repeat(i % 50) + "/" + i);
            text.append(expected.getLast()).append('\n');
        }
        assertEquals(expected, read(new Dripping(raw(text.toString())), PathList.LINE));
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

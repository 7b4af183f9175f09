package cairn.scan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.RawString;
import cairn.posix.Stat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is a line of a scan and what is none. {@code -Dcairn.seed=N -Dcairn.fuzz=100000} for other altered lines and for more. */
class LineParserTest {
    private static final int ROUNDS = Integer.getInteger("cairn.fuzz", 4000) * 10;

    private static ScanLine parse(String line) throws LineParser.SyntaxException {
        return parse(line.getBytes(StandardCharsets.UTF_8));
    }

    private static ScanLine parse(byte[] line) throws LineParser.SyntaxException {
        return new LineParser().parse(line, 0, line.length);
    }

    private static String refused(String line) {
        return assertThrows(LineParser.SyntaxException.class, () -> parse(line), line).getMessage();
    }

    private static String entry(String more) {
        return "{\"type\":\"entry\",\"path\":\"/a\",\"entry_type\":\"file\"" + more + "}";
    }

    @Test
    void whatAnEntryNeedsIsTakenAndAllElsePassedOver() throws LineParser.SyntaxException {
        ScanLine line = parse(" { \"size\" : -1.5e+9 , \"xattrs\":[{\"a\":[]},null,true,{}], \"type\":\"entry\",\"path\":\"/a b\\u00fc\\ud83d\\ude00\\/c\","
                + "\"entry_type\":\"directory\",\"source\":true,\"closed\":false,\"new\":{\"x\":{\"y\":\"\\\"\"}} }\r");
        assertEquals(ScanLine.Kind.ENTRY, line.kind());
        assertEquals("/a bü😀/c", new String(line.path(), StandardCharsets.UTF_8));
        assertEquals(Stat.S_IFDIR, line.entryType());
        assertTrue(line.source());
        assertEquals(false, line.closed());
    }

    @Test
    void theBytesOfAPathAreStrongerThanItsText() throws LineParser.SyntaxException {
        assertArrayEquals(new byte[] {'/', (byte) 0xFF}, parse(entry(",\"path_base64\":\"L/8=\"")).path());
        assertEquals("has a path_base64 that is no base64", refused(entry(",\"path_base64\":\"?\"")));
    }

    @Test
    void theOtherLines() throws LineParser.SyntaxException {
        assertEquals(ScanLine.Kind.END, parse("{\"type\":\"end\",\"entries\":3,\"problems\":0}").kind());
        assertEquals("abcd", parse("{\"type\":\"end\",\"changed_since\":\"abcd\"}").changedSince());
        assertEquals("cannot", parse("{\"type\":\"problem\",\"path\":\"/x\",\"message\":\"cannot\"}").message());
        assertEquals(ScanLine.Kind.GONE, parse("{\"type\":\"gone\",\"path\":\"/x\",\"entry_type\":\"file\"}").kind());
        assertEquals(ScanLine.Kind.OTHER, parse("{\"type\":\"later\"}").kind());
    }

    @Test
    void whatIsNoJsonIsRefused() {
        for (String line : List.of("", "x", "[]", "\"type\"", "{", "{\"type\"", "{\"type\":", "{\"type\":\"end\"", "{\"type\":\"end\",}", "{type:\"end\"}",
                "{'type':'end'}", "{\"type\":\"end\"}x", "{\"type\":\"end\"}{}", "{\"type\":\"end\" \"a\":1}", "{\"a\":01,\"type\":\"end\"}",
                "{\"a\":.5,\"type\":\"end\"}", "{\"a\":1.,\"type\":\"end\"}", "{\"a\":+1,\"type\":\"end\"}", "{\"a\":1e,\"type\":\"end\"}",
                "{\"a\":nul,\"type\":\"end\"}", "{\"a\":NaN,\"type\":\"end\"}", "{\"a\":\"\\x\",\"type\":\"end\"}", "{\"a\":\"\\u12g4\",\"type\":\"end\"}",
                "{\"a\":\"\\ud800\",\"type\":\"end\"}", "{\"a\":\"\\udc00\",\"type\":\"end\"}", "{\"a\":\"\\ud800\\u0041\",\"type\":\"end\"}",
                "{\"a\":\"\t\",\"type\":\"end\"}", "{\"a\":[1,],\"type\":\"end\"}", "{\"a\":[1 2],\"type\":\"end\"}",
                        "{\"a\":{\"b\"},\"type\":\"end\"}", "\u0000")) {
            refused(line);
        }
        byte[] latin1 = "{\"type\":\"end\",\"a\":\"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("is not UTF-8", assertThrows(LineParser.SyntaxException.class, () -> parse(latin1)).getMessage());
    }

    @Test
    void whatIsMissingOrDoubtfulIsRefused() {
        assertEquals("has no field 'type'", refused("{\"path\":\"/a\"}"));
        assertEquals("has no field 'path'", refused("{\"type\":\"entry\",\"entry_type\":\"file\"}"));
        assertEquals("has no field 'entry_type'", refused("{\"type\":\"entry\",\"path\":\"/a\"}"));
        assertEquals("has an entry_type that is not known", refused("{\"type\":\"entry\",\"path\":\"/a\",\"entry_type\":\"door\"}"));
        assertEquals("has the field 'path' twice", refused(entry(",\"path\":\"/b\"")));
        assertEquals("has a field 'source' that is neither true nor false", refused(entry(",\"source\":1")));
        assertEquals("has a field 'type' that is no string", refused("{\"type\":1}"));
        for (String path : List.of("", "a", "a/b", "/a/", "//a", "/a//b", "/.", "/a/./b")) {
            assertEquals("has a path that is not absolute and plain", refused("{\"type\":\"problem\",\"path\":\"" + path + "\"}"));
        }
        for (String path : List.of("/..", "/../a", "/a/..", "/a/../b")) {
            assertEquals("has a path with '..' in it", refused("{\"type\":\"problem\",\"path\":\"" + path + "\"}"));
        }
        assertEquals("has a path with a zero byte", refused("{\"type\":\"problem\",\"path\":\"/a\\u0000\"}"));
        assertEquals("has a path that is longer than 1 MiB", refused("{\"type\":\"problem\",\"path\":\"/" + "a".repeat(1 << 20) + "\"}"));
    }

    @Test
    void nestingWithoutEndDoesNotExhaustTheStack() {
        assertEquals("is nested too deeply", refused("{\"a\":" + "[".repeat(4_000_000)));
        assertEquals("is nested too deeply", refused("{\"a\":" + "{\"b\":".repeat(1_000_000)));
    }

    @Test
    void whateverBytesANameHasTheyComeBack() throws LineParser.SyntaxException {
        Random random = new Random(Long.getLong("cairn.seed", 1));
        byte[] alphabet = "a/\"\\\n\t\r\u007f\u0001 \u00fc\u0085\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] path = new byte[1 + random.nextInt(30)];
            for (int k = 0; k < path.length; k++) {
                path[k] = random.nextInt(4) == 0 ? (byte) (1 + random.nextInt(255)) : alphabet[random.nextInt(alphabet.length)];
                path[k] = path[k] == '/' || path[k] == '.' ? (byte) 'x' : path[k];
            }
            path[0] = '/';
            if (path.length == 1) {
                continue;
            }
            LineBuffer line = new LineBuffer().begin("problem").field("path", path).end();
            byte[] bytes = Arrays.copyOf(line.bytes(), line.length() - 1);
            assertTrue(RawString.isUtf8(bytes));
            for (byte b : bytes) {
                assertTrue(b < 0 || b >= 0x20 && b != 0x7F, "control characters are escaped");
            }
            assertArrayEquals(path, parse(bytes).path());
        }
    }

    @Test
    @Timeout(3600)
    void alteredLinesAreReadOrRefusedAndNothingElse() {
        Random random = new Random(Long.getLong("cairn.seed", 1));
        List<byte[]> lines = new ArrayList<>();
        for (String line : List.of(entry(",\"size\":12,\"mode\":\"0644\",\"mtime_seconds\":-1,\"target\":\"\\u00e4\\n\",\"source\":true"),
                entry(",\"path_base64\":\"L3RtcC/8\",\"closed\":true,\"x\":[1,2.5e-3,[null,{\"y\":false}]]"),
                "{\"type\":\"problem\",\"path\":\"/a/b\",\"message\":\"cannot open it: \\ud83d\\ude00\"}",
                "{\"type\":\"end\",\"entries\":12,\"problems\":0,\"changed_since\":\"00ff\"}")) {
            lines.add(line.getBytes(StandardCharsets.UTF_8));
        }
        int refused = 0;
        LineParser parser = new LineParser();
        for (int i = 0; i < ROUNDS; i++) {
            byte[] line = mutate(random, lines.get(random.nextInt(lines.size())), lines.get(random.nextInt(lines.size())));
            try {
                ScanLine read = parser.parse(line, 0, line.length);
                assertTrue(read.path() == null || read.path().length > 0 && read.path()[0] == '/');
            } catch (LineParser.SyntaxException e) {
                refused++;
            }
        }
        assertTrue(refused > ROUNDS / 4 && refused < ROUNDS, refused + " of " + ROUNDS);
    }

    private static byte[] mutate(Random random, byte[] line, byte[] other) {
        byte[] altered = line.clone();
        for (int changes = random.nextInt(4); changes >= 0 && altered.length > 1; changes--) {
            int at = random.nextInt(altered.length);
            switch (random.nextInt(6)) {
                case 0 -> altered[at] = (byte) random.nextInt(256);
                case 1 -> altered[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> altered = Arrays.copyOf(altered, at);
                case 3 -> altered = join(altered, at, other, random.nextInt(other.length));
                case 4 -> altered = join(altered, at, altered, Math.min(altered.length, at + 1 + random.nextInt(5)));
                default -> altered[at] = (byte) "{}[]\":,\\u0123456789tfn./".charAt(random.nextInt(24));
            }
        }
        return altered;
    }

    private static byte[] join(byte[] a, int end, byte[] b, int from) {
        byte[] joined = Arrays.copyOf(a, end + b.length - from);
        System.arraycopy(b, from, joined, end, b.length - from);
        return joined;
    }
}

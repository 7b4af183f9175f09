package cairn.posix;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RawTest {
    @Property(seed = "1")
    void anyBytesComeBackFromText(@ForAll byte[] raw) {
        assertArrayEquals(raw, RawString.encode(RawString.decode(raw)));
    }

    @Property(seed = "1")
    void utf8IsDecodedAsTheJdkDoes(@ForAll String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        assertTrue(RawString.isUtf8(raw));
        assertEquals(new String(raw, StandardCharsets.UTF_8), RawString.decode(raw));
        assertArrayEquals(raw, RawString.encode(RawString.decode(raw)));
    }

    @Test
    void bytesThatAreNotUtf8BecomeLoneSurrogates() {
        assertEquals("a\uDCFF\uDCFEb", RawString.decode(bytes("a\377\376b")));
        assertEquals("\uDCED\uDCA0\uDC80", RawString.decode(bytes("\355\240\200")), "a surrogate in UTF-8");
        assertEquals("\uDCC0\uDC80", RawString.decode(bytes("\300\200")), "an overlong NUL");
        assertEquals("\uDCF4\uDC90\uDC80\uDC80", RawString.decode(bytes("\364\220\200\200")), "above U+10FFFF");
        assertEquals("\uDCE2\uDC82", RawString.decode(bytes("\342\202")), "cut off");
        assertEquals("\uD83D\uDC80", RawString.decode(bytes("\360\237\222\200")), "U+1F480 ends in U+DC80");
        assertArrayEquals(bytes("\360\237\222\200\200"), RawString.encode("\uD83D\uDC80\uDC80"));
        assertThrows(IllegalArgumentException.class, () -> RawString.encode("\uD800"));
        assertFalse(RawString.isUtf8(bytes("\342\202")));
    }

    @Test
    void printableNamesAreOneLine() {
        assertEquals("a\\012\\033[2J\\377\\\\\\302\\205\u00e4", RawString.printable(bytes("a\n\33[2J\377\\\302\205\303\244")));
    }

    @Test
    void pathsAreJoinedAndNormalised() {
        assertArrayEquals(bytes("/a"), RawPath.join(bytes("/"), bytes("a")));
        assertArrayEquals(bytes("/a/b"), RawPath.join(bytes("/a"), bytes("b")));
        assertArrayEquals(bytes("/b"), RawPath.join(bytes("/a"), bytes("/b")));
        assertArrayEquals(bytes("/a/.../..b"), RawPath.normalise(bytes("//a/./.../..b//.")));
        assertArrayEquals(bytes("a/../b"), RawPath.normalise(bytes("a/../b/")));
        assertArrayEquals(bytes("/b"), RawPath.normaliseLexically(bytes("/../a/../b/")));
        assertArrayEquals(bytes("../../b"), RawPath.normaliseLexically(bytes("a/../../../b")));
        assertArrayEquals(bytes("."), RawPath.normaliseLexically(bytes("a/..")));
        assertArrayEquals(bytes("/"), RawPath.normalise(bytes("///")));
        assertArrayEquals(bytes("b"), RawPath.name(bytes("/a/b")));
        assertArrayEquals(bytes("/a"), RawPath.parent(bytes("/a/b")));
        assertArrayEquals(bytes("/"), RawPath.parent(bytes("/a")));
        assertEquals(0, RawPath.parent(bytes("/")).length);
        assertEquals(0, RawPath.name(bytes("/")).length);
        assertTrue(RawPath.isWithin(bytes("/a/b"), bytes("/a")));
        assertTrue(RawPath.isWithin(bytes("/a"), bytes("/")));
        assertFalse(RawPath.isWithin(bytes("/ab"), bytes("/a")));
    }

    @Test
    void aDirectorySortsBeforeWhatIsInItAndThatBeforeItsSiblings() {
        String[] ordered = {"/", "/a", "/a/\1", "/a/b", "/a\1", "/a ", "/a-b", "/ab", "/a\377"};
        for (int i = 0; i < ordered.length; i++) {
            for (int k = 0; k < ordered.length; k++) {
                assertEquals(Integer.signum(i - k),
                        Integer.signum(RawPath.compareTree(bytes(ordered[i]), bytes(ordered[k]))),
                        ordered[i] + " " + ordered[k]);
            }
        }
    }
}

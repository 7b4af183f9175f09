package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextTest {
    private static String printable(String name) {
        return Text.printable(name.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void ordinaryNamesStayAsTheyAre() {
        assertEquals("h\u00e9llo \u65e5\u672c \ud83d\ude00", printable("h\u00e9llo \u65e5\u672c \ud83d\ude00"));
    }

    @Test
    void controlCharactersAreEscaped() {
        assertEquals("a\\nb\\t\\r\\x1b[31m\\x00\\x7f\\x9b", printable("a\nb\t\r\u001b[31m\u0000\u007f\u009b"));
    }

    @Test
    void bytesThatAreNotUtf8AreEscaped() {
        assertEquals("bad\\xff\\xfe", Text.printable(new byte[] {'b', 'a', 'd', (byte) 0xFF, (byte) 0xFE}));
    }

    @Test
    void charactersThatTurnTheDirectionOfTextAreEscaped() {
        assertEquals("x\\u202egpj.exe", printable("x\u202egpj.exe"));
        assertEquals("\\u2028", printable("\u2028"));
        assertEquals("\\ue0001", printable(Character.toString(0xE0001)));
    }

    @Test
    void aBackslashIsDoubledInNamesOnly() {
        assertEquals("a\\\\x1b", printable("a\\x1b"));
        assertEquals("a\\x1b b\\n", Text.oneLine("a\\x1b b\n"));
    }

    @Property(seed = "1")
    void nothingThatCommandsATerminalComesThrough(@ForAll byte[] name) {
        String shown = Text.printable(name);
        assertTrue(shown.codePoints().noneMatch(c -> c < 0x20 || c >= 0x7F && c < 0xA0 || c >= 0xD800 && c <= 0xDFFF), shown);
    }

    @Test
    void wideCharactersTakeTwoColumnsAndMarksNone() {
        assertEquals(3, Text.width("abc"));
        assertEquals(4, Text.width("\u65e5\u672c"));
        assertEquals(1, Text.width("e\u0301"));
        assertEquals(2, Text.width("\ud83d\ude00"));
    }

    @Property(seed = "1")
    void fittedTextNeverExceedsItsColumns(@ForAll String text, @ForAll @IntRange(min = 0, max = 50) int columns) {
        String shown = Text.oneLine(text);
        String fitted = Text.fit(shown, columns);
        assertTrue(Text.width(fitted) <= columns);
        if (Text.width(shown) <= columns) assertEquals(shown, fitted);
    }

    @Test
    void longTextLosesItsMiddle() {
        assertEquals("home/me...ile.txt", Text.fit("home/me/a/very/long/way/file.txt", 17));
        assertEquals("ab...yz", Text.fit("abcdefghijklmnopqrstuvwxyz", 7));
    }
}

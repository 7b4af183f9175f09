package cairn.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PaperKeyTest {
    private static final Unlocker PASSWORD = new Unlocker.Password(Samples.bytes("pw"));

    private static String page() throws CairnException {
        return PaperKey.print(Samples.founded().keys(), Samples.password("pw"), Instant.parse("2026-11-21T03:04:05Z"));
    }

    private static List<String> numbered(String page) {
        List<String> lines = new ArrayList<>();
        for (String line : page.split("\n")) {
            if (line.matches(" ?[0-9]+ .*")) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static PaperKey parsed(String page) throws CairnException {
        return PaperKey.parse(page.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String mistake(String page) {
        return assertThrows(CairnException.class, () -> parsed(page)).getMessage();
    }

    @Test
    void aPageComesBackWithAndWithoutItsWords() throws Exception {
        OpenedKeys keys = Samples.founded().keys();
        String page = PaperKey.print(keys, Samples.password("pw"), Instant.EPOCH);
        for (String typed : new String[] {page, String.join("\n", numbered(page)), page.replace("\n", "\r\n")}) {
            PaperKey.Content content = parsed(typed).unlock(PASSWORD);
            assertArrayEquals(keys.key().own(), content.key().own());
            assertArrayEquals(keys.key().naming(), content.key().naming());
            assertEquals(keys.key().floor(), content.key().floor());
            assertArrayEquals(keys.privateKeys().get(1), content.privateKeys().get(1));
        }
    }

    @Test
    void howItIsTypedDoesNotMatter() throws Exception {
        String page = String.join("\n", numbered(page()));
        assertTrue(parsed(page.toLowerCase(Locale.ROOT)).needsPassword());
        assertTrue(parsed(page.replaceAll("(?m)^ ?([0-9]+) (.*)$", "$1\t$2").replaceAll("(?<=[A-Z0-9]) +(?=[A-Z0-9]{4})", "-")).needsPassword());
        assertTrue(parsed(page.replace('0', 'O').replace('1', 'l')).needsPassword());
        assertTrue(parsed(page.replace('1', 'I').replace("\n", "  \n\n")).needsPassword());
        List<String> lines = numbered(page);
        Collections.reverse(lines);
        assertTrue(parsed(String.join("\n", lines)).needsPassword());
    }

    @Test
    void aWrongLetterAnywhereIsFoundInItsLine() throws Exception {
        List<String> lines = numbered(page());
        for (int line = 0; line < lines.size(); line++) {
            String right = lines.get(line);
            for (int at = right.length() - 1; at > 2; at--) {
                if (right.charAt(at) == ' ') {
                    continue;
                }
                for (char wrong : new char[] {right.charAt(at) == 'X' ? 'Y' : 'X', 'U', '?'}) {
                    List<String> typed = new ArrayList<>(lines);
                    typed.set(line, right.substring(0, at) + wrong + right.substring(at + 1));
                    String message = mistake(String.join("\n", typed));
                    assertTrue(message.endsWith("mistake in line " + (line + 1)), message);
                }
            }
        }
    }

    @Test
    void swappedDoubledAndLeftOutLettersAreFound() throws Exception {
        List<String> lines = numbered(page());
        for (int line = 0; line < lines.size(); line++) {
            String right = lines.get(line);
            String swapped = right;
            for (int at = 5; at < right.length() - 1 && swapped.equals(right); at++) {
                if (right.charAt(at) != ' ' && right.charAt(at + 1) != ' ' && right.charAt(at) != right.charAt(at + 1)) {
                    swapped = right.substring(0, at) + right.charAt(at + 1) + right.charAt(at) + right.substring(at + 2);
                }
            }
            for (String wrong : new String[] {swapped, right + "7", right.substring(0, right.length() - 1)}) {
                List<String> typed = new ArrayList<>(lines);
                typed.set(line, wrong);
                assertTrue(mistake(String.join("\n", typed)).endsWith("in line " + (line + 1)));
            }
        }
    }

    @Test
    void severalMistakesAreNamedAtOnce() throws Exception {
        List<String> lines = numbered(page());
        lines.set(2, lines.get(2) + "A");
        lines.set(7, lines.get(7) + "A");
        assertTrue(mistake(String.join("\n", lines)).endsWith("in line 3, 8"));
    }

    @Test
    void leftOutAndExchangedLinesAreNamed() throws Exception {
        List<String> lines = numbered(page());
        for (int line = 0; line < lines.size(); line++) {
            List<String> typed = new ArrayList<>(lines);
            typed.remove(line);
            String message = mistake(String.join("\n", typed));
            assertTrue(message.endsWith("lacks line " + (line + 1)), message);
        }
        List<String> exchanged = new ArrayList<>(lines);
        exchanged.set(3, " 4" + lines.get(4).substring(2));
        assertTrue(mistake(String.join("\n", exchanged)).endsWith("in line 4"));
    }

    @Test
    void linesOfTwoPagesAreNotMixed() throws Exception {
        List<String> lines = numbered(page());
        lines.set(5, numbered(page()).get(5));
        assertTrue(mistake(String.join("\n", lines)).contains("two pages"));
    }

    @Test
    void otherTextIsToldWhatItIsNot() throws Exception {
        assertTrue(mistake("hello\n").contains("no numbered lines"));
        assertTrue(mistake("").contains("no numbered lines"));
        byte[] keyFile = KeyFileText.write(Samples.REPOSITORY, "me", Lock.KeyFile.random());
        assertTrue(mistake(new String(keyFile, StandardCharsets.US_ASCII)).contains("not a paper key"));
        assertTrue(KeyText.parse(page().getBytes(StandardCharsets.US_ASCII)) instanceof PaperKey);
    }

    @Test
    void theWordsSayWhatItIsForAndHowItIsLocked() throws Exception {
        String locked = page();
        assertTrue(locked.contains(Samples.REPOSITORY.hex()) && locked.contains("me (full)") && locked.contains("2026-11-21"));
        assertTrue(locked.contains("locked by the password") && !locked.contains("NOT LOCKED"));
        String open = PaperKey.print(Samples.founded().keys(), new Lock.Open(), Instant.EPOCH);
        assertTrue(open.contains("NOT LOCKED"));
        assertFalse(parsed(open).needsPassword());
        assertEquals("me", parsed(open).unlock(new Unlocker.Nothing()).key().name());
        for (String line : locked.split("\n")) {
            assertTrue(line.length() <= 78, line);
        }
        assertTrue(numbered(locked).size() <= 24, "a page is to be typed by people");
    }

    @Test
    void everyAlteredByteOfTheContentIsFound() throws Exception {
        byte[] content = TypedLines.parse(page().getBytes(StandardCharsets.US_ASCII), "the page");
        for (int i = 0; i < content.length; i++) {
            byte[] altered = content.clone();
            altered[i] ^= 1;
            String typed = TypedLines.format(altered);
            assertThrows(CairnException.class, () -> parsed(typed).unlock(PASSWORD), "byte " + i);
            byte[] cut = Arrays.copyOf(content, i);
            assertThrows(CairnException.class, () -> parsed(TypedLines.format(cut)).unlock(PASSWORD), "length " + i);
        }
    }

    @Property(tries = 200, seed = "1")
    void whateverIsWrittenIsRead(@ForAll @Size(max = 400) byte[] content) throws Exception {
        assertArrayEquals(content, TypedLines.parse(TypedLines.format(content).getBytes(StandardCharsets.US_ASCII), "x"));
    }

    @Property(tries = 300, seed = "1")
    void anyTextIsReadOrRefused(@ForAll @Size(max = 60) byte[] tail) {
        byte[] text = ("1 " + new String(tail, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(CairnException.class, () -> KeyText.parse(text));
    }

    @Test
    void aKeyFileComesBack() throws Exception {
        Lock.KeyFile lock = Lock.KeyFile.random();
        byte[] text = KeyFileText.write(Samples.REPOSITORY, "me", lock);
        KeyFileText back = (KeyFileText) KeyText.parse(text);
        assertArrayEquals(lock.secret(), back.secret());
        assertEquals("me", back.name());
        assertEquals(Samples.REPOSITORY, back.repository());
        assertEquals("key file of 'me'", back.toString());
    }
}

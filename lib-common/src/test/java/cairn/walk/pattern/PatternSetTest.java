package cairn.walk.pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.walk.PathFilter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternSetTest {
    private static final boolean FILE = false;
    private static final boolean FOLDER = true;

    private static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static PatternSet set(String... arguments) {
        PatternSetBuilder builder = new PatternSetBuilder();
        for (String argument : arguments) {
            builder.addArgument(raw(argument));
        }
        return builder.build();
    }

    private static Verdict file(PatternSet set, String path) {
        return set.match(raw(path), FILE);
    }

    @Test
    void aNameMatchesAtAnyDepthAndTakesAllBelow() {
        PatternSet set = set("cache");
        assertEquals(Verdict.MATCHED, file(set, "/cache"));
        assertEquals(Verdict.MATCHED, file(set, "/home/me/cache"));
        assertEquals(Verdict.MATCHED, file(set, "/home/cache/a/b"));
        assertEquals(Verdict.NONE, file(set, "/home/me/cache2"));
        assertEquals(Verdict.NONE, file(set, "/home/me/my-cache"));
    }

    @Test
    void aLeadingSlashIsTheRootAndASlashInTheMiddleIsTheSource() {
        PatternSet set = set("/home/me/cache", "docs/build").at(raw("/home/me"));
        assertEquals(Verdict.MATCHED, file(set, "/home/me/cache"));
        assertEquals(Verdict.NONE, file(set, "/home/me/home/me/cache"));
        assertEquals(Verdict.MATCHED, file(set, "/home/me/docs/build"));
        assertEquals(Verdict.NONE, file(set, "/home/me/x/docs/build"));
        assertEquals(Verdict.NONE, file(set, "/docs/build"));
        assertEquals(Verdict.NONE, file(set.at(raw("/home/you")), "/home/me/docs/build"));
        assertEquals(Verdict.MATCHED, file(set.at(raw("/home/you/")), "/home/you/docs/build"));
    }

    @Test
    void twoStarsAndASlashInFrontMeanAnywhere() {
        PatternSet set = set("**/docs/build").at(raw("/home/me/docs"));
        assertEquals(Verdict.MATCHED, file(set, "/docs/build"));
        assertEquals(Verdict.MATCHED, file(set, "/home/me/x/docs/build"));
        assertEquals(Verdict.MATCHED, file(set, "/home/me/docs/build"));
        assertEquals(Verdict.NONE, file(set, "/home/me/docs/x/build"));
    }

    @Test
    void aWalkLeavesOutWhatMatches() {
        PathFilter filter = set("*.o", "!keep.o", "b/c").at(raw("/a"));
        assertTrue(filter.excludes(raw("/a/x.o"), FILE));
        assertTrue(filter.excludes(raw("/a/b/c"), FOLDER));
        assertFalse(filter.excludes(raw("/a/keep.o"), FILE));
        assertFalse(filter.excludes(raw("/a"), FOLDER));
        assertFalse(filter.at(raw("/z")).excludes(raw("/a/b/c"), FOLDER));
    }

    @Test
    void twoStarsAndASlashTakeWholeNamesOnly() {
        assertEquals(Verdict.NONE, file(set("/a/**/b"), "/a/xb"));
        assertEquals(Verdict.MATCHED, file(set("/a/**/b"), "/a/b"));
        assertEquals(Verdict.NONE, set("**/[!a]").matchEntry(raw("/ a/aa"), FILE));
        String deep = "?".repeat(70);
        assertEquals(Verdict.NONE, file(set("/" + deep + "/**/[b]"), "/" + deep + "/xb"));
    }

    @Test
    void theRootItselfMatchesNoPattern() {
        PatternSet set = set("*", "/**", "**");
        assertEquals(Verdict.NONE, set.match(raw("/"), FOLDER));
        assertEquals(Verdict.NONE, set.match(raw(""), FOLDER));
    }

    @Test
    void patternsOfABaseSayNothingAboutPathsOutsideIt() {
        PatternSet set = PatternSet.parse(List.of(raw("*.o"), raw("/a"), raw("b/c")), raw("/src/"));
        assertEquals(Verdict.MATCHED, file(set, "/src/x/y.o"));
        assertEquals(Verdict.MATCHED, file(set, "/src/a"));
        assertEquals(Verdict.MATCHED, file(set, "/src/b/c"));
        assertEquals(Verdict.NONE, file(set, "/src2/y.o"));
        assertEquals(Verdict.NONE, file(set, "/y.o"));
        assertEquals(Verdict.NONE, file(set, "/a"));
        assertEquals(Verdict.NONE, set.match(raw("/src"), FOLDER));
    }

    @Test
    void aTrailingSlashMeansFoldersOnly() {
        PatternSet set = set("build/");
        assertEquals(Verdict.MATCHED, set.match(raw("/x/build"), FOLDER));
        assertEquals(Verdict.NONE, set.match(raw("/x/build"), FILE));
        assertEquals(Verdict.MATCHED, set.match(raw("/x/build/file"), FILE));
    }

    @Test
    void theLastMatchDecides() {
        PatternSet set = set("*.log", "!keep.log", "old/keep.log").at(raw("/s"));
        assertEquals(Verdict.MATCHED, file(set, "/s/a.log"));
        assertEquals(Verdict.NEGATED, file(set, "/s/keep.log"));
        assertEquals(Verdict.MATCHED, file(set, "/s/old/keep.log"));
        assertEquals(0, set.decisive(raw("/s/a.log"), FILE));
        assertEquals(1, set.decisive(raw("/s/keep.log"), FILE));
        assertEquals(2, set.decisive(raw("/s/old/keep.log"), FILE));
        assertArrayEquals(raw("!keep.log"), set.text(1));
    }

    @Test
    void whatIsBelowAMatchedFolderCannotBeTakenOut() {
        PatternSet set = set("tmp", "!/a/tmp/keep");
        assertEquals(Verdict.MATCHED, file(set, "/a/tmp/keep"));
        assertEquals(Verdict.NEGATED, set.matchEntry(raw("/a/tmp/keep"), FILE));
        PatternSet contents = set("/a/tmp/*", "!/a/tmp/keep");
        assertEquals(Verdict.NEGATED, file(contents, "/a/tmp/keep"));
        assertEquals(Verdict.MATCHED, file(contents, "/a/tmp/other/x"));
    }

    @Test
    void namesAreBytes() {
        PatternSet set = set("\377*", "[\200-\220]", "\303\244");
        assertEquals(Verdict.MATCHED, file(set, "/\377abc"));
        assertEquals(Verdict.MATCHED, file(set, "/a\n/\210"));
        assertEquals(Verdict.NONE, file(set, "/\221"));
        assertEquals(Verdict.MATCHED, file(set, "/\303\244"));
        assertEquals(Verdict.NONE, file(set, "/\303"));
    }

    @ParameterizedTest
    @CsvSource({
        "#x#, /#x#", "'a ', '/a '", "' ', '/ '", "'\\!x', /!x", "'\\#', /#",
    })
    void anArgumentIsTakenAsItStands(String pattern, String path) {
        assertEquals(Verdict.MATCHED, file(set(pattern), path));
    }

    @Test
    void aFileHasCommentsBlankLinesTrailingSpacesAndForeignLineEnds() throws CairnException {
        byte[] content = raw("\357\273\277first\r\n# a comment\n\n   \nsecond  \nthird\\ \n\\#fourth\n  fifth\n\\ \\  \nlast\r");
        PatternSet set = new PatternSetBuilder().addFile(content, "x").build();
        List<String> texts = IntStream.range(0, set.size())
                .mapToObj(i -> new String(set.text(i), StandardCharsets.ISO_8859_1)).toList();
        assertEquals(List.of("first", "second", "third\\ ", "\\#fourth", "  fifth", "\\ \\ ", "last"), texts);
        for (String name : List.of("first", "second", "third ", "#fourth", "  fifth", "  ", "last")) {
            assertEquals(Verdict.MATCHED, file(set, "/" + name), name);
        }
    }

    @Test
    void aFileWithAZeroByteIsAMistake() {
        CairnException e = assertThrows(CairnException.class,
                () -> new PatternSetBuilder().addFile(raw("a\nb\0c\0"), "list"));
        assertEquals(ExitCode.USAGE, e.exitCode());
        assertEquals("pattern file 'list' has a zero byte in line 2", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "/", "!/", "a[b", "[", "[!", "[]", "[a-", "[[:alpha:]", "[[:nothing:]]", "x\\", "x\\/",
        "./a", "../a", "a/./b", "a/..", "a//b", "//a", "**//", "a/**//", "."})
    void aPatternThatCanMatchNothingIsReported(String pattern) {
        PatternSet set = set("good", pattern);
        assertEquals(1, set.problems().size());
        assertArrayEquals(raw(pattern), set.problems().getFirst().pattern());
        for (String path : List.of("/a", "/a/b", "/x\\", "/a[b", "/[", "/[]", "/.", "/x")) {
            assertEquals(Verdict.NONE, file(set, path), path);
        }
        assertEquals(Verdict.MATCHED, file(set, "/good"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".a", "..a", "a..", "...", "[]]", "[]-a]", "[[:]", "[a-]", "*", "**", "/**", "a/**", "**/a", "\\[", "!a", "[a//b]",
            "[a]x[/./]", ".*", "*..", "**/.x"})
    void aPatternThatCanMatchIsNotReported(String pattern) {
        assertEquals(List.of(), set(pattern).problems());
    }

    @Test
    void starsTakeLinearTime() {
        // With backtracking, each of these takes longer than the age of the universe.
        byte[] path = new byte[4096];
        Arrays.fill(path, (byte) 'a');
        path[0] = '/';
        String many = "*a".repeat(30) + "*b";
        assertEquals(Verdict.NONE, set(many).match(path, FILE));
        assertEquals(Verdict.NONE, set("/" + many).match(path, FILE));
        assertEquals(Verdict.MATCHED, set("*a".repeat(1000) + "*").match(path, FILE));
        for (int i = 2; i < path.length; i += 2) {
            path[i] = '/';
        }
        assertEquals(Verdict.NONE, set("/" + "**/a/".repeat(30) + "b").matchEntry(path, FILE));
        assertEquals(Verdict.MATCHED, set("/" + "**/a/".repeat(500) + "**").matchEntry(path, FILE));
    }

    @Test
    void longPatternsMatchAsShortOnesDo() {
        for (int length : new int[] {1, 62, 63, 64, 65, 127, 128, 129, 500}) {
            String marks = "?".repeat(length);
            String text = "x".repeat(length);
            assertEquals(Verdict.MATCHED, file(set(marks), "/" + text));
            assertEquals(Verdict.NONE, file(set(marks), "/" + text + "x"));
            assertEquals(Verdict.NONE, file(set(marks), "/" + text.substring(1)));
            assertEquals(Verdict.MATCHED, file(set("/" + marks + "/**/[a-c]*"), "/" + text + "/b"));
            assertEquals(Verdict.MATCHED, file(set("/" + marks + "/**/[a-c]*"), "/" + text + "/z/z/bb"));
            assertEquals(Verdict.NONE, file(set("/" + marks + "/**/[a-c]*"), "/" + text + "/z/z"));
        }
    }

    @Test
    void aFolderThatMayHoldMatchesIsNotLeftOut() {
        PatternSet anchored = set("/home/me/docs/*.txt");
        assertTrue(anchored.mayMatchBelow(raw("/")));
        assertTrue(anchored.mayMatchBelow(raw("/home")));
        assertTrue(anchored.mayMatchBelow(raw("/home/me/docs")));
        assertFalse(anchored.mayMatchBelow(raw("/ho")));
        assertFalse(anchored.mayMatchBelow(raw("/home/you")));
        assertFalse(anchored.mayMatchBelow(raw("/home/me/doc")));
        assertTrue(set("*.txt").mayMatchBelow(raw("/usr")));
        assertTrue(set("/usr/*/x").mayMatchBelow(raw("/usr/share/doc")));
        PatternSet inSource = set("docs/a").at(raw("/home/me"));
        assertTrue(inSource.mayMatchBelow(raw("/")));
        assertTrue(inSource.mayMatchBelow(raw("/home")));
        assertTrue(inSource.mayMatchBelow(raw("/home/me")));
        assertTrue(inSource.mayMatchBelow(raw("/home/me/docs")));
        assertFalse(inSource.mayMatchBelow(raw("/home/me/pics")));
        assertFalse(inSource.mayMatchBelow(raw("/usr")));
    }

    @Test
    void aSelectionIsWhatTheIncludesAskForLessTheExcludes() {
        Selection selection = new Selection(set("/home/me/docs", "*.jpg"), set("tmp"));
        assertTrue(selection.selects(raw("/home/me/docs/a/b"), FILE));
        assertTrue(selection.selects(raw("/srv/x.jpg"), FILE));
        assertFalse(selection.selects(raw("/srv/x.png"), FILE));
        assertFalse(selection.selects(raw("/home/me/docs/tmp/b"), FILE));
        assertTrue(selection.enters(raw("/srv")));
        assertFalse(selection.enters(raw("/srv/tmp")));
        Selection anchored = new Selection(set("/home/me/docs/"), set());
        assertTrue(anchored.enters(raw("/home")));
        assertTrue(anchored.enters(raw("/home/me/docs/deep/er")));
        assertFalse(anchored.enters(raw("/usr")));
        Selection all = new Selection(set(), set());
        assertTrue(all.selects(raw("/x"), FILE));
        assertTrue(all.enters(raw("/x")));
    }
}

package cairn.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandModule;
import cairn.posix.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages are read by mandoc, completions used by the shells themselves. */
class DocumentsTest {
    private static final List<CommandModule> SAMPLE = List.of(new SampleCommands());

    @TempDir
    Path folder;

    private Path man;

    @BeforeEach
    void writeSources() throws IOException {
        man = Files.createDirectories(folder.resolve("man"));
        Files.createDirectories(man.resolve("examples"));
        Files.writeString(man.resolve("examples/gather.txt"), """
                Gather all of it:

                    $ cairn gather -x '*.o' /home
                    .leading dot, 'quote', back\\slash

                And once more,
                without options:
                    $ cairn gather /home
                """);
        Files.copy(Path.of(System.getProperty("basedir", "."), "../man/cairn.1.in"), man.resolve("cairn.1.in"));
        Files.writeString(man.resolve("cairn-thing.5"), ".TH CAIRN-THING 5 2026-01-01\n.SH NAME\ncairn-thing \\- a thing\n");
    }

    @Test
    void everyCommandHasAPageAndWrittenPagesComeAlong() throws IOException {
        assertEquals(List.of("cairn-gather.1", "cairn-give-up.1", "cairn-thing.5", "cairn-token-add.1", "cairn-token-drop.1", "cairn.1"),
                List.copyOf(manual().keySet()));
    }

    @Test
    void pagesAreCleanForMandoc() throws Exception {
        Programs.require("mandoc");
        for (Map.Entry<String, String> page : manual().entrySet()) {
            Path file = Files.writeString(folder.resolve(page.getKey()), page.getValue());
            assertEquals("", run("mandoc", "-T", "lint", "-W", "warning", file.toString()), page.getKey());
        }
    }

    @Test
    void aPageShowsTextsAsTheyWereWritten() throws Exception {
        Programs.require("mandoc", "col");
        Path file = Files.writeString(folder.resolve("page.1"), manual().get("cairn-gather.1"));
        // On a terminal bold is overstruck: col -b takes that away.
        String shown = run("sh", "-c", "mandoc -T utf8 -O width=200 \"$0\" | col -bx", file.toString());
        for (String text : List.of("cairn-gather - gather [all] it's: \\n $HOME `x` \"q\"", "cairn gather [OPTION]... PATH...",
                ".Starts with a dot, and \\fBshouts\\fR.", "'Quoted' --option and a-hyphen, ~ ^ ` ä.", "--colour=COLOUR", "-x, --exclude=PATTERN",
                "It's [a] pattern: 100% $HOME \\d `x` \"q\"; repeatable.", "$ cairn gather -x '*.o' /home",
                ".leading dot, 'quote', back\\slash", "And once more, without options:", "cairn(1)", "Repository")) {
            assertTrue(shown.contains(text), () -> "not shown: " + text + "\n" + shown);
        }
        assertFalse(shown.contains("--secret"), shown);
    }

    @Test
    void theOverviewNamesCommandsAndEveryExitStatus() throws IOException {
        String page = manual().get("cairn.1");
        for (String text : List.of("cairn\\-token\\-add", "The way in: back up", "\\fB130\\fR", "Interrupted.")) {
            assertTrue(page.contains(text), () -> "missing: " + text + "\n" + page);
        }
        assertFalse(page.lines().anyMatch(line -> line.matches("@[A-Z]+@")), page);
    }

    @Test
    void examplesOfNoCommandAreFound() throws IOException {
        Files.writeString(man.resolve("examples/gone.txt"), "    $ cairn gone\n");
        assertEquals(List.of("gone.txt"), Documents.strayExamples(man, CommandModel.all(SAMPLE)));
    }

    @Test
    void aPageIsNotWrittenTwice() throws IOException {
        Files.writeString(man.resolve("cairn-gather.1"), "");
        assertThrows(IOException.class, this::manual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void aShellCompletes(String shell) throws Exception {
        Programs.require(shell, "python3");
        Path file = completions(shell.equals("bash") ? "cairn.bash" : "_cairn");
        Path other = Files.createFile(Files.createDirectory(folder.resolve("data")).resolve("a file"));
        String data = other.getParent().toString();
        assertEquals(List.of("gather"), typed(shell, file, "ga\t"));
        assertEquals(List.of("token", "add"), typed(shell, file, "tok\t a\t"));
        assertEquals(List.of("help", "give-up"), typed(shell, file, "help gi\t"));
        assertEquals(List.of("gather", "--loud"), typed(shell, file, "gather --lo\t"));
        assertEquals(List.of("gather", "--exclude=x"), typed(shell, file, "gather --ex\tx"));
        assertEquals(List.of("gather", "--colour=dark-blue"), typed(shell, file, "gather --colour=da\t"));
        assertEquals(List.of("gather", "-c", "dark-blue"), typed(shell, file, "gather -c da\t"));
        assertEquals(List.of("gather", "--repo=" + data + "/a file"), typed(shell, file, "gather --repo=" + data + "/a\t"));
        assertEquals(List.of("gather", "-r", data + "/a file"), typed(shell, file, "gather -r " + data + "/a\t"));
        assertEquals(List.of("gather", data + "/a file"), typed(shell, file, "gather " + data + "/a\t"));
        assertEquals(List.of("-r", "repo", "gather", "--list-from=" + data + "/a file"),
                typed(shell, file, "-r repo gath\t --list-f\t" + data + "/a\t"));
        assertEquals(List.of("give-up", "latest"), typed(shell, file, "give-up la\t"));
        assertEquals(List.of("token", "drop", data + "/a"), typed(shell, file, "token drop " + data + "/a\t"), "takes no files");
        assertEquals(List.of("gather", "--sec"), typed(shell, file, "gather --sec\t"), "hidden");
    }

    @Test
    void fishCompletes() throws Exception {
        Programs.require("fish");
        Path file = completions("cairn.fish");
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.createFile(data.resolve("afile"));
        assertEquals(List.of("gather"), fish(file, "ga"));
        assertEquals(List.of("add", "drop"), fish(file, "token "));
        assertEquals(List.of("give-up"), fish(file, "help giv"));
        assertEquals(List.of("--loud"), fish(file, "gather --lou"));
        assertEquals(List.of("--colour=dark-blue"), fish(file, "gather --colour=da"));
        assertEquals(List.of("dark-blue", "red"), fish(file, "gather -c "));
        assertEquals(List.of(data + "/afile"), fish(file, "gather " + data + "/a"));
        assertEquals(List.of(data + "/afile"), fish(file, "-r repo gather --list-from " + data + "/a"));
        assertEquals(List.of("latest"), fish(file, "give-up l"));
        assertEquals(List.of(), fish(file, "token drop " + data + "/a"));
        assertEquals(List.of(), fish(file, "gather --secr"));
    }

    private Map<String, String> manual() throws IOException {
        return Documents.manual(man, SAMPLE, "1.2.3", "2026-01-02");
    }

    private Path completions(String name) throws IOException {
        return Files.writeString(Files.createDirectories(folder.resolve("completions")).resolve(name), Documents.completions(SAMPLE).get(name));
    }

    private List<String> typed(String shell, Path completion, String text) throws Exception {
        try (InputStream script = getClass().getResourceAsStream("type.py")) {
            Path file = folder.resolve("type.py");
            Files.write(file, script.readAllBytes());
            return run("python3", file.toString(), shell, completion.toString(), text).lines().toList();
        }
    }

    private static List<String> fish(Path completion, String text) throws Exception {
        return run("fish", "--no-config", "-c", "source $argv[1]; complete -C \"cairn $argv[2]\"", completion.toString(), text).lines()
                .map(line -> line.split("\t")[0]).sorted().toList();
    }

    /** What it prints on both streams. */
    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile()).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}

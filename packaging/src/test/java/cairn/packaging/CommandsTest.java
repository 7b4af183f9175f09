package cairn.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandLineFactory;
import cairn.cli.CommandModule;
import cairn.cli.CommandRun;
import cairn.cli.Registry;
import cairn.posix.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

/** The commands of the program: their modules, their examples and their manual pages. */
class CommandsTest {
    /** The table of the design: what belongs to which module is decided by the direction in which data flows. */
    private static final Map<String, Set<String>> MODULES = Map.of(
            "backup", Set.of("init", "backup", "snapshot", "scan", "send", "receive", "copy", "import", "forget", "prune", "hold",
                    "release", "tag", "key"),
            "restore", Set.of("restore", "list", "ls", "cat", "diff", "find", "versions", "sums", "export", "stats", "verify", "repair"),
            "mount", Set.of("mount", "umount", "nbd"),
            "serve", Set.of("serve", "status", "jobs", "runs", "run", "stop", "pause", "resume", "log", "config", "tui", "shell",
                    "agent", "client"));
    private static final Path MAN = Path.of(System.getProperty("basedir", "."), "../man");

    private final List<CommandModule> modules = Registry.load().modules();
    private final List<CommandModel> commands = CommandModel.all(modules);

    @Test
    void everyModuleIsFound() {
        assertEquals(4, modules.size());
    }

    @Test
    void everyCommandSitsInItsModule() {
        List<String> wrong = new ArrayList<>();
        for (CommandModule module : modules) {
            String name = module.getClass().getPackageName().replace("cairn.cmd.", "");
            module.commands().stream().filter(c -> !MODULES.get(name).contains(c.family())).forEach(c -> wrong.add(c.name() + " in cmd-" + name));
        }
        assertEquals(List.of(), wrong);
    }

    @ParameterizedTest
    @CsvSource({"create,cairn backup", "extract,cairn restore", "check,cairn verify", "snapshots,cairn list", "dump,cairn cat",
        "gc,cairn prune", "rollback,cairn restore", "archive,cairn backup", "rebuild-index,made again"})
    void aWordOfAnotherToolGetsAHintThatWorks(String word, String hint) {
        String said = CommandRun.of(word).run().err();
        assertTrue(said.contains(hint), said);
    }

    @Test
    void everyCommandHasExamples() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (CommandModel command : commands) {
            List<String> examples = Documents.examples(MAN, command);
            if (examples == null || Manual.calls(examples).isEmpty()) wrong.add(command.page());
        }
        assertEquals(List.of(), wrong, "write man/examples/COMMAND.txt for these");
        assertEquals(List.of(), Documents.strayExamples(MAN, commands), "examples of no command");
    }

    @Test
    void everyExampleIsUnderstoodByItsCommand() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (CommandModel command : commands) {
            List<String> examples = Documents.examples(MAN, command);
            for (String call : examples == null ? List.<String>of() : Manual.calls(examples)) {
                List<String> words = words(call);
                List<String> name = List.of(("cairn " + command.name()).split(" "));
                if (words.size() < name.size() || !words.subList(0, name.size()).equals(name)) continue;
                try {
                    CommandLineFactory.of(command.entry()).parseArgs(words.subList(name.size(), words.size()).toArray(String[]::new));
                } catch (ParameterException e) {
                    wrong.add(call + ": " + e.getMessage());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyManualPageIsCleanForMandoc(@TempDir Path folder) throws Exception {
        Programs.require("mandoc");
        List<String> lint = new ArrayList<>(List.of("mandoc", "-T", "lint", "-W", "warning"));
        for (Map.Entry<String, String> page : Documents.manual(MAN, modules, "1.2.3", "2026-01-02").entrySet()) {
            lint.add(Files.writeString(folder.resolve(page.getKey()), page.getValue()).toString());
        }
        Process mandoc = new ProcessBuilder(lint).redirectErrorStream(true).start();
        assertEquals("", new String(mandoc.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, mandoc.waitFor());
    }

    /** The words of the first command of a shell line; quotes are understood, expansions left as they stand. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (char c : (line + " ").toCharArray()) {
            if (quote != 0) {
                if (c == quote) quote = 0;
                else word.append(c);
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ' ') {
                if (!word.isEmpty()) words.add(word.toString());
                word.setLength(0);
            } else if ("|<>;&#".indexOf(c) >= 0) {
                return words;
            } else {
                word.append(c);
            }
        }
        return words;
    }
}

package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What each module's commands keep to. Each module inherits it. */
public abstract class CommandModuleContract {
    private static final List<String> NOT_PLAIN = List.of("${", "@|", "%n", "%%");

    protected abstract CommandModule module();

    @Test
    void theModuleIsFoundByService() {
        assertTrue(Registry.load().modules().stream().anyMatch(m -> m.getClass() == module().getClass()));
    }

    @Test
    void namesAreUniqueAmongAllModules() {
        Set<String> names = new HashSet<>(Set.of("help"));
        for (CommandEntry entry : Registry.load().commands()) assertTrue(names.add(entry.name()), entry.name());
    }

    @Test
    void noCommandHasTheWordOfAnotherTool() {
        for (CommandEntry entry : module().commands()) assertEquals(null, ForeignWords.hint(entry.family(), family -> true), entry.name());
    }

    @TestFactory
    Stream<DynamicTest> everyCommandIsDescribed() {
        return module().commands().stream().map(e -> DynamicTest.dynamicTest(e.name(), () -> described(e)));
    }

    private static void described(CommandEntry entry) {
        CommandSpec spec = CommandLineFactory.of(entry).getCommandSpec();
        assertTrue(entry.summary().length() >= 5 && entry.summary().length() <= 60, "summary: " + entry.summary());
        assertTrue(Character.isLowerCase(entry.summary().charAt(0)) && !entry.summary().endsWith("."), entry.summary());
        assertPlain(spec.usageMessage().description());
        assertPlain(spec.usageMessage().footer());
        for (ArgSpec arg : spec.args()) {
            String what = arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
            assertFalse(String.join("", arg.description()).isBlank(), what + " has no description");
            assertPlain(arg.description());
            assertFalse(arg.arity().max() > 0 && arg.paramLabel().startsWith("<"), what + " has no paramLabel");
        }
        for (String common : List.of("--help", "--json", "--quiet", "--verbose", "--no-progress")) {
            assertNotNull(spec.findOption(common), common + " is missing");
        }
        OptionSpec dryRun = spec.findOption("--dry-run");
        if (dryRun != null) assertEquals("-n", dryRun.shortestName());
    }

    private static void assertPlain(String[] texts) {
        for (String text : texts) {
            for (String markup : NOT_PLAIN) assertFalse(text.contains(markup), text);
        }
    }

    @TestFactory
    Stream<DynamicTest> helpFitsEightyColumnsAndNeedsNoRepository() {
        return module().commands().stream().map(e -> DynamicTest.dynamicTest(e.name(), () -> {
            CommandRun.Result result = CommandRun.of((e.name() + " --help").split(" ")).run();
            assertEquals(0, result.status());
            assertEquals("", result.err());
            for (String line : result.lines()) assertTrue(line.length() <= 80, line);
        }));
    }

    @TestFactory
    Stream<DynamicTest> anUnknownOptionIsWrongUsage() {
        return module().commands().stream().map(e -> DynamicTest.dynamicTest(e.name(), () -> {
            CommandRun.Result result = CommandRun.of((e.name() + " --no-such-option").split(" ")).run();
            assertEquals(2, result.status());
            assertTrue(result.err().endsWith("see 'cairn " + e.name() + " --help'\n"), result.err());
        }));
    }

    @TestFactory
    Stream<DynamicTest> makingAModelRunsNothing() {
        return module().commands().stream().map(e -> DynamicTest.dynamicTest(e.name(), () -> {
            CommandLine one = CommandLineFactory.of(e);
            CommandLine two = CommandLineFactory.of(e);
            assertFalse(one.getCommand() == two.getCommand(), "an instance serves one run");
        }));
    }
}

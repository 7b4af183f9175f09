package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispatcherTest {
    private static CommandRun cairn(String... args) {
        return CommandRun.of(args).modules(new SampleCommands()).env("HOME", "/home/me");
    }

    private static void usage(String message, String place, String... args) {
        CommandRun.Result result = cairn(args).run();
        assertEquals("", result.out());
        assertEquals(place + ": " + message + "\nsee '" + place + " --help'\n", result.err());
        assertEquals(2, result.status());
    }

    @Test
    void optionsMayFollowOperands() {
        assertEquals(List.of("target=out", "repo=/home/me/.local/share/cairn/default", "dry=false", "path=latest"),
                cairn("backup", "latest", "--target", "out").run().lines());
    }

    @Test
    void repositoryMayStandBeforeTheCommand() {
        for (String[] args : List.of(new String[] {"-r", "R", "backup"}, new String[] {"--repo=R", "backup"},
                new String[] {"-rR", "backup"}, new String[] {"backup", "--repo", "R"},
                new String[] {"-r", "R", "key", "add"}, new String[] {"key", "-r", "R", "add"},
                new String[] {"-r", "other", "backup", "-r", "R"})) {
            assertEquals("repo=R", cairn(args).run().lines().get(1));
        }
        assertEquals("repo=E", cairn("backup").env("CAIRN_REPO", "E").run().lines().get(1));
    }

    @Test
    void doubleDashEndsOptionsAndASingleDashIsAnOperand() {
        List<String> lines = cairn("backup", "-", "--", "--target", "-n").run().lines();
        assertEquals(List.of("path=-", "path=--target", "path=-n"), lines.subList(3, 6));
        assertEquals("target=null", lines.getFirst());
    }

    @Test
    void atSignIsAnOrdinaryCharacter() {
        assertTrue(cairn("backup", "@/etc/hostname").run().lines().contains("path=@/etc/hostname"));
    }

    @Test
    void valuesAreNotInterpolated() {
        assertTrue(cairn("backup", "--target", "${sys:user.name}").run().lines().contains("target=${sys:user.name}"));
        assertTrue(cairn("backup", "--target", "'quoted'").run().lines().contains("target='quoted'"));
    }

    @Test
    void shortOptionsCluster() {
        CommandRun.Result result = cairn("backup", "-nv0").run();
        assertTrue(result.out().contains("dry=true\0"));
        assertEquals("cairn: a message\ncairn: a detail\n", result.err());
    }

    @Test
    void quietSilencesMessages() {
        assertEquals("", cairn("backup", "-q").run().err());
    }

    @Test
    void jsonIsOneObjectALineOnBothStreams() {
        CommandRun.Result result = cairn("--json", "backup", "a\"b").run();
        assertEquals("{\"type\":\"result\",\"name\":\"path\",\"value\":\"a\\\"b\"}", result.lines().getLast());
        assertEquals("{\"type\":\"message\",\"message\":\"a message\"}\n", result.err());
    }

    @Test
    void wrongUsageIsSaidInOneLine() {
        usage("unknown option '--taget', did you mean '--target'?", "cairn backup", "backup", "--taget=x");
        usage("unknown option '-y'", "cairn backup", "backup", "-y");
        usage("option '--target' lacks its value", "cairn backup", "backup", "--target");
        usage("unexpected operand 'b'", "cairn fail", "fail", "a", "b");
        usage("HOW is missing", "cairn fail", "fail");
        usage("cannot fail with 'x'", "cairn fail", "fail", "x");
        usage("no command given", "cairn");
        usage("no command given: one of add, list", "cairn key", "key");
        usage("unknown command 'rotate': one of add, list", "cairn key", "key", "rotate");
        usage("unknown option '--jsn' before the command, did you mean '--json'?", "cairn", "--jsn", "backup");
        usage("option '-r' lacks its value", "cairn", "-r");
        usage("--repo is empty", "cairn backup", "backup", "-q", "--repo=");
    }

    @Test
    void abbreviationsAreNotTaken() {
        usage("unknown option '--targ', did you mean '--target'?", "cairn backup", "backup", "--targ", "x");
    }

    @Test
    void badValuesNameTheOption() {
        CommandRun.Result result = cairn("backup", "--size", "ten").run();
        assertEquals(2, result.status());
        assertTrue(result.err().startsWith("cairn backup: invalid value for option '--size': 'ten' is not a size"), result.err());
    }

    @ParameterizedTest
    @CsvSource({"bakcup,'did you mean ''backup''?'", "fial,'did you mean ''fail''?'", "create,cairn backup",
        "unlock,has no locks", "archive,cairn backup", "mount-all,unknown command 'mount-all'",
        "extract,unknown command 'extract'"}) // here is no restore
    void unknownWordsGetAHint(String word, String hint) {
        CommandRun.Result result = cairn(word).run();
        assertEquals(2, result.status());
        assertTrue(result.err().contains(hint), result.err());
    }

    @Test
    void topHelpListsEveryCommandInItsGroup() {
        CommandRun.Result result = cairn("--help").run();
        assertEquals(0, result.status());
        assertTrue(result.out().contains("the way in: "));
        assertTrue(result.out().contains("  key add       add a key\n"));
        assertFalse(result.out().contains("supervise"));
        assertEquals(result.out(), cairn("help").run().out());
        assertEquals(result.out(), cairn("-h").run().out());
    }

    @Test
    void commandHelpIsTheSameByEveryWay() {
        String help = cairn("backup", "--help").run().out();
        assertTrue(help.startsWith("usage: cairn backup [OPTION]... [PATH]...\n\nPrint what was given.\n"), help);
        assertTrue(help.contains("\n  -r, --repo=REPO           the repository: "), help);
        assertTrue(help.contains("\nrepository:\n"), help);
        assertEquals(help, cairn("help", "backup").run().out());
        assertEquals(help, cairn("--help", "backup").run().out());
        assertEquals(help.replace("cairn backup", "cairn key add").replace("Print what was given", "Add a key"),
                cairn("key", "add", "-h").run().out());
        assertTrue(cairn("key", "--help").run().out().contains("key list"));
        assertEquals(cairn("key", "--help").run().out(), cairn("help", "key").run().out());
    }

    @Test
    void helpNeverGoesBeyondEightyColumns() {
        for (String[] args : List.of(new String[] {"--help"}, new String[] {"backup", "--help"})) {
            for (String line : cairn(args).run().lines()) assertTrue(line.length() <= 80, line);
        }
    }

    @Test
    void versionIsOneLineAndMoreOnRequest() {
        assertEquals("cairn " + Version.number() + "\n", cairn("--version").run().out());
        assertTrue(cairn("--version", "-v").run().out().contains("\njdk "));
        assertTrue(cairn("--version", "--json").run().out().startsWith("{\"type\":\"version\",\"version\":"));
    }

    @Test
    void knownErrorsSayWhatToDo() {
        CommandRun.Result result = cairn("fail", "known").run();
        assertEquals("cairn: no repository at '/x\\n'\ntry: run 'cairn init'\n", result.err());
        assertEquals(10, result.status());
        assertEquals("{\"type\":\"error\",\"message\":\"no repository at '/x\\n'\",\"remedy\":\"run 'cairn init'\",\"exit_code\":10}\n",
                cairn("fail", "known", "--json").run().err());
    }

    @Test
    void tracesAppearOnlyWhenAskedForTwice() {
        assertFalse(cairn("fail", "bug", "-v").run().err().contains("\tat "));
        assertTrue(cairn("fail", "bug", "-vv").run().err().contains("\tat cairn.cli.SampleCommands"));
        assertTrue(cairn("-v", "fail", "bug", "-v").run().err().contains("\tat "));
    }

    @Test
    void theMachinesErrorsAreExplained() {
        assertTrue(cairn("fail", "memory").run().err().startsWith("cairn: out of memory (limit "));
        assertTrue(cairn("fail", "stack").run().err().startsWith("cairn: something is nested too deeply"));
        assertEquals("cairn: /gone: no such file or folder\n", cairn("fail", "io").run().err());
        assertTrue(cairn("fail", "bug").run().err().startsWith("cairn: internal error: IllegalStateException: never\ntry: "));
    }

    @Test
    void interruptionIsAnExitStatusOfItsOwn() {
        Interrupt interrupt = new Interrupt();
        interrupt.raise();
        assertEquals(130, cairn("fail", "interrupt").interrupt(interrupt).run().status());
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void aClosedPipeEndsQuietly() {
        CommandRun.Result result = cairn("backup", "-q").stdout(failing("Broken pipe")).run();
        assertEquals(141, result.status());
        assertEquals("", result.err());
    }

    @Test
    void aFullDiskOnStandardOutputIsAnError() {
        CommandRun.Result result = cairn("backup", "-q").stdout(failing("No space left on device")).run();
        assertEquals(1, result.status());
        assertEquals("cairn: cannot write to standard output: no space left on device\n", result.err());
    }
}

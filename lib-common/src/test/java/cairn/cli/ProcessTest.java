package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: raw arguments, signals, streams that fail. */
class ProcessTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void registerSampleCommands() throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(CommandModule.class.getName()), SampleCommands.class.getName() + "\n");
    }

    /** Runs a shell script in which {@code $CAIRN} is the program with the sample commands; stderr goes to stdout. */
    private Process shell(String script) throws IOException {
        String java = System.getProperty("java.home") + "/bin/java -Xlog:disable -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
                + " --enable-native-access=ALL-UNNAMED -cp " + System.getProperty("java.class.path") + ":" + folder + " cairn.cli.Main";
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script).redirectErrorStream(true);
        builder.environment().put("CAIRN", java);
        builder.environment().put("HOME", "/home/me");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.start();
    }

    private String output(String script) throws IOException, InterruptedException {
        Process process = shell(script);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        process.waitFor();
        return out;
    }

    @Test
    void argumentsAndEnvironmentArriveRawInTheCLocale() throws Exception {
        String out = output("LC_ALL=C CAIRN_REPO=\"$(printf 'r\\303\\251\\377')\" $CAIRN backup -q '' \"$(printf 'a\\377\\303\\251 b')\" | tr '\\n' '|'");
        assertEquals("target=null|repo=r\u00c3\u00a9\u00ff|dry=false|path=|path=a\u00ff\u00c3\u00a9 b|", out);
    }

    @Test
    void aReaderThatLeavesEndsTheCommandQuietly() throws Exception {
        assertEquals("141\n", output("{ { $CAIRN fail flood; echo $? >&3; } | :; } 3>&1"));
    }

    @Test
    void aFullDiskBehindStandardOutputIsSaid() throws Exception {
        assertEquals("cairn: cannot write to standard output: no space left on device\n1\n",
                output("$CAIRN backup -q >/dev/full; echo $?"));
    }

    @Test
    void aSignalEndsACommandThatHasNothingToSave() throws Exception {
        assertEquals("130", interrupt("wait", "INT"));
    }

    @Test
    void aSignalLetsAGuardedCommandComeToAGoodEnd() throws Exception {
        assertEquals("saved\n130", interrupt("guard", "TERM"));
    }

    /**
     * Sends a signal once the command says that it is ready; gives what it printed after that, and its status. What
     * runs the tests in the background may have told its children to ignore signals; env takes that back.
     */
    private String interrupt(String how, String signal) throws Exception {
        Process process = shell("exec env --default-signal $CAIRN fail " + how);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("ready", out.readLine());
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
            StringBuilder rest = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (!line.equals("cairn: interrupted")) rest.append(line).append('\n');
            }
            return rest.toString() + process.waitFor();
        }
    }

    @Test
    void versionNeedsNothing() throws Exception {
        String out = output("env -i ${CAIRN} --version; echo $?");
        assertTrue(out.startsWith("cairn ") && out.endsWith("\n0\n"), out);
    }
}

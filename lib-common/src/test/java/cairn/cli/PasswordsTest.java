package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

class PasswordsTest {
    @TempDir
    private Path folder;

    @CommandLine.Command
    private static final class Holder {
        @Mixin
        private RepoOptions repo;
    }

    private static String password(CommandContext.Builder context, String... args) throws IOException {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(args);
        return new String(holder.repo.password(context.build(), "password: "), StandardCharsets.UTF_8);
    }

    private static CommandContext.Builder context() {
        return CommandContext.builder();
    }

    @Test
    void theFirstLineOfAFileCounts() throws IOException {
        Path file = folder.resolve("p\u00e4ss");
        Files.writeString(file, "correct horse \r\nsecond");
        assertEquals("correct horse ", password(context(), "--password-file", file.toString()));
    }

    @Test
    void standardInputIsReadNoFurtherThanTheFirstLine() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream("secret\nrest".getBytes(StandardCharsets.UTF_8));
        assertEquals("secret", password(context().stdin(in), "--password-file", "-"));
        assertEquals("rest", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void aCommandMayHoldAnyCharacter() throws IOException {
        assertEquals("a'\u00fc\\ \"b%s", password(context(), "--password-command", "printf '%s\\n' \"a'\u00fc\\\\ \\\"b%s\"; echo more"));
        assertEquals("x", password(context(), "--password-command", "printf x\nprintf '\\n'"));
    }

    @Test
    void optionsComeBeforeTheEnvironmentAndThatBeforeTheTerminal() throws IOException {
        Map<String, String> environment = Map.of("CAIRN_PASSWORD", RawString.decode(new byte[] {'e', (byte) 0xC3, (byte) 0xA9}));
        assertEquals("e\u00e9", password(context().environment(environment)));
        assertEquals("c", password(context().environment(environment), "--password-command", "echo c"));
        assertEquals("typed", password(context().terminal(answering("typed"))));
    }

    private static Terminal answering(String answer) {
        return new Terminal() {
            @Override
            public boolean stdin() {
                return true;
            }

            @Override
            public boolean stdout() {
                return true;
            }

            @Override
            public boolean stderr() {
                return true;
            }

            @Override
            public int columns() {
                return 80;
            }

            @Override
            public byte[] askSecret(String prompt) {
                return answer.getBytes(StandardCharsets.UTF_8);
            }
        };
    }

    @Test
    void noPasswordIsAnErrorThatSaysWhatToDo() {
        CairnException e = assertThrows(CairnException.class, () -> password(context()));
        assertEquals(ExitCode.WRONG_PASSWORD, e.exitCode());
        assertTrue(e.remedy().contains("CAIRN_PASSWORD"));
        assertTrue(assertThrows(CairnException.class, () -> password(context(), "--password-file", folder + "/none"))
                .getMessage().contains("no such file"));
        assertTrue(assertThrows(CairnException.class, () -> password(context(), "--password-command", "exit 7"))
                .getMessage().contains("failed with status 7"));
        assertTrue(assertThrows(CairnException.class, () -> password(context(), "--password-command", ":"))
                .getMessage().contains("is empty"));
    }

    @Test
    void rawBytesOfAPasswordSurvive() throws IOException {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs();
        byte[] raw = {(byte) 0xFF, 1, (byte) 0x80};
        CommandContext context = context().environment(Map.of("CAIRN_PASSWORD", RawString.decode(raw))).build();
        assertArrayEquals(raw, holder.repo.password(context, "password: "));
    }
}

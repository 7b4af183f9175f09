package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.ExitCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void showsBytesFilesRateRestAndFile() {
        ProgressState state = new ProgressState("reading", 100 << 20, 300 << 20, 5, 20, name("home/me/x"));
        assertEquals("reading  100.0 MiB of 300.0 MiB  5 of 20 files  10.0 MiB/s  0:20 left  home/me/x",
                ProgressLine.format(state, TEN_SECONDS, 120));
    }

    @Test
    void leavesOutWhatIsUnknown() {
        ProgressState state = new ProgressState(null, 0, -1, 3, -1, null);
        assertEquals("0 B  3 files  0 B/s", ProgressLine.format(state, TEN_SECONDS, 80));
    }

    @Test
    void neverFillsMoreThanTheLine() {
        byte[] hostile = name("x\u001b[2J\n".repeat(40));
        for (int columns = 1; columns < 130; columns++) {
            String line = ProgressLine.format(new ProgressState("reading", 1 << 30, 2L << 30, 5, 20, hostile), TEN_SECONDS, columns);
            assertTrue(Text.width(line) <= columns);
            assertTrue(line.chars().noneMatch(c -> c < 0x20));
        }
    }

    /** A terminal on all streams, eighty columns wide. */
    private static final class Screen implements Terminal {
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
            return null;
        }
    }

    private static final class Working extends Command {
        private final CountDownLatch asked = new CountDownLatch(2);

        @Override
        protected ExitCode run() throws Exception {
            boolean shown;
            try (ProgressLine line = out().progress(() -> {
                asked.countDown();
                return new ProgressState("working", 7, -1, 1, -1, null);
            })) {
                shown = line != ProgressLine.NONE;
                if (shown) asked.await();
                out().message("halfway");
            }
            return shown ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private static CommandRun.Result run(Terminal terminal, String... args) {
        return CommandRun.of(args).terminal(terminal).modules(new CommandModule() {
            @Override
            public CommandGroup group() {
                return CommandGroup.WAY_IN;
            }

            @Override
            public List<CommandEntry> commands() {
                return List.of(new CommandEntry("work", "work", Working::new));
            }
        }).run();
    }

    @Test
    void theLineIsErasedBeforeAMessageAndAtTheEnd() {
        String err = run(new Screen(), "work").err();
        assertTrue(err.startsWith("\r\u001b[Kworking  7 B  1 files"), err);
        assertTrue(err.contains("\r\u001b[Kcairn: halfway\n"), err);
        String afterMessage = err.substring(err.indexOf("halfway\n") + 8);
        assertTrue(afterMessage.isEmpty() || afterMessage.endsWith("\r\u001b[K"), err);
    }

    @Test
    void thereIsNoneWithoutATerminalOrWhenForbidden() {
        assertEquals(1, run(Terminal.NONE, "work").status());
        for (String option : new String[] {"--no-progress", "-q", "--json"}) {
            CommandRun.Result result = run(new Screen(), "work", option);
            assertEquals(1, result.status());
            assertTrue(!result.err().contains("\u001b"), result.err());
        }
    }
}

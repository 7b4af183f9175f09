package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import cairn.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cron mails whatever a command prints: under {@code -q} a run in which all went well prints nothing. */
class QuietTest {
    @TempDir
    Path temp;

    private Household user;

    @BeforeEach
    void backUp() throws Exception {
        user = Household.in(temp);
        user.write("file", Household.random(10_000, 1));
        user.backup();
    }

    private List<List<String>> doers() {
        return List.of(List.of("backup", user.source().toString()), List.of("restore", "latest", "--target", temp.resolve("out").toString()),
                List.of("verify", "--read-data"), List.of("forget", "--keep-last", "1"), List.of("prune", "--grace", "0"));
    }

    private CommandRun.Result run(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return user.run(all.toArray(String[]::new));
    }

    @Test
    void aRunInWhichAllWentWellPrintsNothing() {
        for (List<String> words : doers()) {
            CommandRun.Result result = run(words, "-q");
            assertEquals("0|", result.status() + "|" + result.out() + result.err(), words.toString());
        }
    }

    @Test
    void whatWasAskedForIsPrinted() throws Exception {
        for (List<String> words : doers()) {
            assertNotEquals("", run(words, "-q", "--json").out(), words.toString());
        }
        for (String asked : List.of("list", "stats", "ls latest")) {
            assertNotEquals("", run(List.of(asked.split(" ")), "-q").out(), asked);
        }
        assertNotEquals("", run(List.of("prune", "--dry-run"), "-q").out());
        Files.writeString(user.source().resolve("new"), "x");
        assertNotEquals("", run(List.of("diff", "latest"), "-q").out());
    }
}

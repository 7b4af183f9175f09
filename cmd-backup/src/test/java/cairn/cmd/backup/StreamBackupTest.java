package cairn.cmd.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn backup} of streams as users call it. */
class StreamBackupTest {
    @TempDir
    Path temp;

    private String repo;

    private CommandRun cairn(String... args) {
        return CommandRun.of(args).env("HOME", temp.toString()).env("XDG_CACHE_HOME", temp.resolve("cache").toString())
                .env("CAIRN_PASSWORD", "first").env("CAIRN_REPO", repo);
    }

    @BeforeEach
    void make() {
        repo = temp.resolve("repo").toString();
        assertEquals(0, cairn("init").run().status());
    }

    private int backups() throws IOException {
        if (!Files.exists(Path.of(repo, "backups"))) {
            return 0;
        }
        try (var files = Files.list(Path.of(repo, "backups"))) {
            return (int) files.count();
        }
    }

    private CommandRun.Result fails(int status, String says, String... args) throws IOException {
        int before = backups();
        CommandRun.Result result = cairn(args).run();
        assertEquals(status, result.status(), result.err());
        assertTrue(result.err().contains(says), result.err());
        assertEquals(before, backups());
        return result;
    }

    @Test
    void aCommandThatEndsWellIsABackup() throws IOException {
        CommandRun.Result result = cairn("backup", "--as", "app.sql", "--", "sh", "-c", "echo content; echo from the command >&2").run();
        assertEquals(0, result.status(), result.err());
        assertTrue(result.err().contains("from the command\n"), result.err());
        assertEquals(1, backups());
    }

    @Test
    void aCommandThatFailsOrIsKilledIsNone() throws IOException {
        CommandRun.Result result = fails(5, "ended with status 3", "backup", "--as", "x", "--", "sh", "-c", "echo half; echo why >&2; exit 3");
        assertTrue(result.err().contains("why\n"), result.err());
        fails(5, "was killed by signal 9", "backup", "--as", "x", "--", "sh", "-c", "echo half; kill -9 $$");
        fails(5, "there is no such program", "backup", "--as", "x", "--", "/nonexistent/program");
    }

    @Test
    void aCommandThatClosesItsOutputAndRunsOnIsWaitedFor() throws IOException {
        Path done = temp.resolve("done");
        fails(5, "ended with status 4", "backup", "--as", "x", "--", "sh", "-c", "echo all; exec >&-; : > " + done + "; exit 4");
        assertTrue(Files.exists(done));
    }

    @Test
    void aSnapshotIsOfFilesOnly() throws IOException {
        fails(2, "--snapshot is for files", "backup", "--snapshot", "auto", "--as", "x", "--", "echo", "A");
    }

    @Test
    void ofSeveralStreamsOneThatFailsSpoilsAll() throws IOException {
        fails(5, "ended with status 1", "backup", "--stream", "a=echo A", "--stream", "b=false");
        CommandRun.Result good = cairn("backup", "--stream", "a=echo A", "--stream", "b/c=echo B", "--json").run();
        assertEquals(0, good.status(), good.err());
        assertTrue(good.out().contains("{\"type\":\"stream\",\"path\":\"/b/c\",\"bytes\":2,\"command\":\"echo B\",\"status\":0}"), good.out());
        assertTrue(good.out().contains("\"files_new\":2,"), good.out());
    }

    @Test
    void theEndOfStandardInputAndItsLengthAreChecked() throws IOException {
        fails(5, "does not end as expected", "backup", "--as", "x", "--expect-end", "complete$", "--", "echo", "half");
        fails(5, "fewer than 100", "backup", "--as", "x", "--min-size", "100", "--", "echo", "half");
        CommandRun.Result good = cairn("backup", "--as", "x", "--stdin", "--expect-end", "b.d\\s*\\z", "--min-size", "3")
                .stdin("a\nbad\n".getBytes(StandardCharsets.UTF_8)).run();
        assertEquals(0, good.status(), good.err());
        assertFalse(good.err().contains("cannot be seen"), good.err());
        CommandRun.Result unsure = cairn("backup", "--as", "x", "--stdin").stdin(new byte[] {65}).run();
        assertEquals(0, unsure.status(), unsure.err());
        assertTrue(unsure.err().contains("cannot be seen"), unsure.err());
    }

    @Test
    void whatDoesNotGoTogetherIsSaid() throws IOException {
        fails(2, "wants a name", "backup", "--stdin");
        fails(2, "wants a command", "backup", "--as", "x");
        fails(2, "do not go together", "backup", "--as", "x", "--stdin", "--", "true");
        fails(2, "do not go into one backup", "backup", "--as", "x", temp.toString(), "--", "true");
        fails(2, "do not go into one backup", "backup", "--stream", "x=true", temp.toString());
        fails(2, "NAME=COMMAND", "backup", "--stream", "=true");
        fails(2, "two streams", "backup", "--stream", "a=true", "--stream", "/a=true");
        fails(2, "cannot be named", "backup", "--stream", "../a=true");
        fails(2, "no regular expression", "backup", "--as", "x", "--expect-end", "(", "--", "true");
        fails(2, "are for streams", "backup", "--min-size", "1", temp.toString());
    }
}

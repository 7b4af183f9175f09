package cairn.cmd.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.robust.Clocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn copy} as users call it. */
class CopyCommandTest {
    @TempDir
    Path temp;

    private Path source;
    private String from;
    private String to;

    private CommandRun cairn(String... args) {
        return CommandRun.of(args).env("HOME", temp.toString()).env("XDG_CACHE_HOME", temp.resolve("cache").toString())
                .env("CAIRN_PASSWORD", "first").env("CAIRN_TO_PASSWORD", "second");
    }

    @BeforeEach
    void make() throws IOException {
        source = Files.createDirectories(temp.resolve("source/folder")).getParent();
        byte[] content = new byte[200_000];
        new Random(1).nextBytes(content);
        Files.write(source.resolve("folder/content"), content);
        Files.createLink(source.resolve("second name"), source.resolve("folder/content"));
        from = temp.resolve("from").toString();
        to = temp.resolve("to").toString();
        Clocks.pass(source); // so that no file is too new to be known in the next backup
        assertEquals(0, cairn("init", "-r", from).run().status());
        assertEquals(0, cairn("init", "-r", to).env("CAIRN_PASSWORD", "second").run().status());
        backup("one");
    }

    private void backup(String name) {
        CommandRun.Result result = cairn("backup", "-r", from, "--name", name, source.toString()).run();
        assertEquals(0, result.status(), result.err());
    }

    private CommandRun.Result copy(String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(new String[] {"copy", "-r", from, "--to", to}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        CommandRun.Result result = cairn(args).run();
        assertEquals(0, result.status(), result.err());
        return result;
    }

    @Test
    void backupsAreCopiedOnceAndOnlyWhatIsNewIsRead() throws IOException {
        assertEquals(1, copy().lines().size());
        CommandRun.Result again = copy();
        assertEquals(List.of(), again.lines());
        assertTrue(again.err().contains("1 backup was copied before"), again.err());
        Files.writeString(source.resolve("new"), "x".repeat(1000));
        backup("one");
        String copied = copy("--json").out();
        assertTrue(copied.contains("\"bytes_read\":1000,"), copied);
        assertEquals(2, files("backups"));
    }

    @Test
    void whatACopyIsCalledStays() {
        copy();
        // a copy is known again by host, name, kind and time: so it has them
        assertEquals(List.of(), copy("--name", "one").lines());
        assertEquals(List.of(), copy("--name", "other").lines());
    }

    @Test
    void someAreChosenAndADryRunCopiesNothing() throws IOException {
        backup("two");
        assertEquals(2, copy("-n").lines().size());
        assertEquals(0, files("backups"));
        assertEquals(1, copy("two@latest").lines().size());
        assertEquals(1, copy("--name", "one").lines().size());
    }

    @Test
    void aRepositoryIsNotCopiedIntoItself() {
        CommandRun.Result result = cairn("copy", "-r", from, "--to", from).env("CAIRN_TO_PASSWORD", "first").run();
        assertEquals(2, result.status());
        assertTrue(result.err().contains("both are the same repository"), result.err());
        assertEquals(2, cairn("copy", "-r", from).run().status(), "where to?");
    }

    @Test
    void theSecondPasswordIsTheSecondRepositorys() {
        assertEquals(12, cairn("copy", "-r", from, "--to", to).env("CAIRN_TO_PASSWORD", "first").run().status());
        CommandRun.Result none = CommandRun.of("copy", "-r", from, "--to", to).env("HOME", temp.toString()).env("CAIRN_PASSWORD", "first").run();
        assertEquals(12, none.status());
        assertTrue(none.err().contains("--to-password-file"), none.err());
    }

    private long files(String folder) throws IOException {
        Path path = Path.of(to, folder);
        if (!Files.isDirectory(path)) {
            return 0;
        }
        try (var files = Files.list(path)) {
            return files.count();
        }
    }
}

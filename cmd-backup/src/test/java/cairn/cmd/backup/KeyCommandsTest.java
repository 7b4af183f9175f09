package cairn.cmd.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandsTest {
    @TempDir
    private Path folder;
    private String repo;
    private String keyFile;

    @BeforeEach
    void names() {
        repo = folder.resolve("repo").toString();
        keyFile = folder.resolve("keys/first.key").toString();
    }

    private CommandRun run(String... args) {
        return CommandRun.of(args).env("HOME", folder.resolve("home").toString());
    }

    private CommandRun.Result cairn(String... args) {
        return run(args).run();
    }

    private CommandRun.Result done(String... args) {
        CommandRun.Result result = cairn(args);
        assertEquals(0, result.status(), result.err());
        return result;
    }

    private void init() {
        done("init", "-r", repo, "--key-file", keyFile);
    }

    @Test
    void initIsQuietForScripts() throws IOException {
        assertEquals("", done("init", "-q", "-r", repo, "--key-file", keyFile).out());
    }

    @Test
    void initMakesAKeyFileThatOnlyItsOwnerCanRead() throws IOException {
        CommandRun.Result result = done("init", "--json", "-r", repo, "--key-file", keyFile, "--compression", "9", "--chunk-size", "64KiB");
        assertTrue(result.out().contains("\"encrypted\":true,\"compression\":\"9\",\"chunk_size\":65536"), result.out());
        assertTrue(result.err().contains("key export --paper"), result.err());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(keyFile))));
        assertTrue(done("key", "test", "-r", repo, "--key-file", keyFile).out().contains("there is no backup yet"));
        assertTrue(Files.readString(folder.resolve("repo/cairn.toml")).contains("format = 1\n"));
    }

    @Test
    void initByPasswordOpensByThatPasswordOnly() {
        assertEquals(0, run("init", "-r", repo).env("CAIRN_PASSWORD", "correct horse").run().status());
        assertEquals(0, run("key", "test", "-r", repo).env("CAIRN_PASSWORD", "correct horse").run().status());
        assertEquals(12, run("key", "test", "-r", repo).env("CAIRN_PASSWORD", "wrong").run().status());
        assertEquals(12, cairn("key", "test", "-r", repo).status());
    }

    @Test
    void initWithoutAnySecretSaysWhatIsMissingAndMakesNothing() {
        CommandRun.Result locked = cairn("init", "-r", repo);
        assertEquals(12, locked.status());
        assertTrue(locked.err().contains("--password-file") && locked.err().contains("--key-file"), locked.err());
        assertFalse(Files.exists(Path.of(repo)));
    }

    @Test
    void initTouchesNothingThatIsThere() throws IOException {
        init();
        CommandRun.Result again = cairn("init", "-r", repo, "--key-file", folder.resolve("other").toString());
        assertEquals(1, again.status());
        assertTrue(again.err().contains("is a repository already"), again.err());
        assertFalse(Files.exists(folder.resolve("other")));
        Files.createDirectories(folder.resolve("full/sub"));
        assertEquals(1, cairn("init", "-r", folder.resolve("full").toString(), "--key-file", folder.resolve("other").toString()).status());
        CommandRun.Result taken = cairn("init", "-r", folder.resolve("new").toString(), "--key-file", keyFile);
        assertTrue(taken.err().contains("there is a file"), taken.err());
        CommandRun.Result inside = cairn("init", "-r", folder.resolve("in").toString(), "--key-file", folder.resolve("in/key").toString());
        assertEquals(2, inside.status());
    }

    @Test
    void initRefusesSizesAndWordsThatMakeNoSense() {
        for (String[] bad : List.of(new String[] {"--chunk-size", "1KiB"}, new String[] {"--pack-size", "1GiB"}, new String[] {"--encryption", "some"},
                new String[] {"--trust", "nobody"}, new String[] {"--compression", "20"}, new String[] {"--key", "a b"})) {
            CommandRun.Result result = cairn("init", "-r", repo, "--key-file", keyFile, bad[0], bad[1]);
            assertEquals(2, result.status(), result.err());
            assertFalse(Files.exists(Path.of(repo)));
        }
    }

    @Test
    void aRepositoryWithoutEncryptionNeedsNoSecretAndGivesNoRoles() {
        done("init", "-r", repo, "--encryption", "none");
        done("key", "test", "-r", repo);
        assertEquals(11, cairn("key", "add", "-r", repo, "w", "--role", "write").status());
        done("key", "add", "-r", repo, "second");
        assertEquals(List.of("default               full    opened by nothing", "second                full    opened by nothing"),
                done("key", "list", "-r", repo).lines());
    }

    @Test
    void rolesLimitWhatAKeyMayDo() {
        init();
        String writer = folder.resolve("w.key").toString();
        done("key", "add", "-r", repo, "--key-file", keyFile, "writer", "--role", "write", "--new-key-file", writer);
        assertEquals(11, cairn("key", "test", "-r", repo, "--key-file", writer).status());
        assertEquals(11, cairn("key", "add", "-r", repo, "--key-file", writer, "x", "--new-key-file", folder.resolve("x").toString()).status());
        assertFalse(Files.exists(folder.resolve("x")));
        assertEquals(11, cairn("key", "export", "--paper", "-r", repo, "--key-file", writer).status());
        assertEquals(1, cairn("key", "add", "-r", repo, "--key-file", keyFile, "writer", "--new-key-file", folder.resolve("y").toString()).status());
        assertEquals(2, cairn("key", "add", "-r", repo, "--key-file", keyFile, "z", "--role", "admin").status());
    }

    @Test
    void aRemovedKeyOpensNothingAndTheLastFullOneStays() throws IOException {
        init();
        String second = folder.resolve("second.key").toString();
        done("key", "add", "-r", repo, "--key-file", keyFile, "second", "--new-key-file", second);
        Path kept = Files.copy(folder.resolve("repo/keys/second"), folder.resolve("kept"));
        done("key", "remove", "-r", repo, "--key-file", keyFile, "second");
        assertFalse(done("key", "list", "-r", repo).out().contains("second"));
        Files.copy(kept, folder.resolve("repo/keys/second"));
        CommandRun.Result back = cairn("key", "test", "-r", repo, "--key-file", second);
        assertEquals(11, back.status(), back.err());
        assertEquals(11, cairn("key", "remove", "-r", repo, "--key-file", keyFile, "default").status());
        assertEquals(1, cairn("key", "remove", "-r", repo, "--key-file", keyFile, "nobody").status());
    }

    @Test
    void anotherPasswordOpensTheSameKeyAndTheOldOneNoMore() throws IOException {
        assertEquals(0, run("init", "-r", repo).env("CAIRN_PASSWORD", "old").run().status());
        Path file = Files.writeString(folder.resolve("file"), "content");
        assertEquals(0, run("backup", "-r", repo, file.toString()).env("CAIRN_PASSWORD", "old").run().status());
        CommandRun.Result changed = run("key", "password", "-r", repo).env("CAIRN_PASSWORD", "old").env("CAIRN_NEW_PASSWORD", "new").run();
        assertEquals(0, changed.status(), changed.err());
        assertEquals("locked anew the access key default (full)\n", changed.out());
        assertEquals(12, run("key", "test", "-r", repo).env("CAIRN_PASSWORD", "old").run().status());
        assertTrue(run("key", "test", "-r", repo).env("CAIRN_PASSWORD", "new").run().out().contains("can restore 1 of 1 backups"));
        assertEquals(0, run("key", "password", "-r", repo, "--new-key-file", keyFile).env("CAIRN_PASSWORD", "new").run().status());
        assertEquals(12, run("key", "test", "-r", repo).env("CAIRN_PASSWORD", "new").run().status());
        assertTrue(done("key", "test", "-r", repo, "--key-file", keyFile).out().contains("can restore 1 of 1 backups"));
        assertEquals(List.of("default               full    opened by key file"), done("key", "list", "-r", repo).lines());
        try (var files = Files.list(folder.resolve("repo/keys"))) {
            assertEquals(1, files.count(), "the file that the old password opens is gone");
        }
    }

    @Test
    void aKeyThatDoesNotLieInTheRepositoryGetsNoPasswordThere() {
        init();
        String client = folder.resolve("client.key").toString();
        done("key", "add", "-r", repo, "--key-file", keyFile, "--role", "write", "--client-key", client, "laptop");
        CommandRun.Result refused = run("key", "password", "-r", repo, "--key-file", client).env("CAIRN_NEW_PASSWORD", "new").run();
        assertEquals(11, refused.status());
        assertTrue(refused.err().contains("does not lie in the repository"), refused.err());
        assertFalse(Files.exists(folder.resolve("repo/keys/laptop")));
    }

    @Test
    void aKeyFileThatEverybodyCanReadIsToldAtEachUse() throws IOException {
        init();
        assertEquals("", done("key", "list", "-r", repo, "--key-file", keyFile).err());
        assertFalse(done("key", "test", "-r", repo, "--key-file", keyFile).err().contains("chmod"));
        Files.setPosixFilePermissions(Path.of(keyFile), PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(done("key", "test", "-q", "-r", repo, "--key-file", keyFile).err().contains("chmod 600"));
    }

    @Test
    void aClientThatCannotReadIsNotToldToPrintAPage() throws IOException {
        init();
        String client = folder.resolve("client.key").toString();
        done("key", "add", "-r", repo, "--key-file", keyFile, "--role", "write", "--client-key", client, "laptop");
        Path file = Files.writeString(folder.resolve("file"), "content");
        assertFalse(done("backup", "-r", repo, "--key-file", client, file.toString()).err().contains("paper"));
    }

    @Test
    void aPageThatWasTypedInOpensTheRepositoryAndEndsTheReminder() throws IOException {
        init();
        Path typed = folder.resolve("typed");
        Files.write(typed, done("key", "export", "--paper", "-r", repo, "--key-file", keyFile).outBytes());
        done("key", "test", "-r", repo, "--key-file", typed.toString());
        String page = Files.readString(typed);
        int line = page.indexOf("\n 3  ") + 5;
        char wrong = page.charAt(line) == 'A' ? 'B' : 'A';
        Files.writeString(typed, page.substring(0, line) + wrong + page.substring(line + 1));
        CommandRun.Result result = cairn("key", "test", "-r", repo, "--key-file", typed.toString());
        assertEquals(12, result.status(), result.err());
        assertTrue(result.err().contains("line 3"), result.err());
        CommandRun.Result first = done("backup", "-r", repo, "--key-file", keyFile, typed.toString());
        assertFalse(first.err().contains("paper"), first.err());
    }

    @Test
    void aLockedPageNeedsItsPasswordToo() throws IOException {
        init();
        CommandRun.Result page = run("key", "export", "--paper", "--locked", "-r", repo, "--key-file", keyFile).env("CAIRN_NEW_PASSWORD", "on paper").run();
        Path typed = Files.write(folder.resolve("typed"), page.outBytes());
        assertEquals(12, run("key", "test", "-r", repo, "--key-file", typed.toString()).env("CAIRN_PASSWORD", "other").run().status());
        assertEquals(0, run("key", "test", "-r", repo, "--key-file", typed.toString()).env("CAIRN_PASSWORD", "on paper").run().status());
        assertEquals(2, cairn("key", "export", "-r", repo, "--key-file", keyFile).status());
    }

    @Test
    void theFirstBackupMakesTheDefaultRepositoryAndSaysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");
        assertEquals(10, cairn("key", "list").status());
        CommandRun.Result first = done("backup", file.toString());
        assertTrue(first.err().contains("made your default repository"), first.err());
        assertTrue(first.err().contains("on the same disk"), first.err());
        assertTrue(first.err().contains("key export --paper"), first.err());
        assertEquals("", done("backup", file.toString()).err());
        assertEquals(0, run("key", "test").env("CAIRN_PASSWORD", "of another repository").run().status());
        assertTrue(done("key", "test").out().contains("can restore 2 of 2 backups"));
    }

    @Test
    void aLostDefaultRepositoryIsNotSilentlyMadeAnew() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");
        done("backup", file.toString());
        Path data = folder.resolve("home/.local/share/cairn/default");
        Files.move(data, folder.resolve("unmounted"));
        CommandRun.Result result = cairn("backup", file.toString());
        assertEquals(10, result.status());
        assertTrue(result.err().contains("default.key"), result.err());
        Files.createDirectories(data);
        assertEquals(10, cairn("backup", file.toString()).status());
    }

    @Test
    void keyListReadsWhatIsGoodAndNamesWhatIsNot() throws IOException {
        init();
        Files.writeString(folder.resolve("repo/keys/bad"), "not a key");
        CommandRun.Result result = cairn("key", "list", "-r", repo);
        assertEquals(4, result.status());
        assertEquals(1, result.lines().size());
        assertTrue(result.err().contains("keys/bad"), result.err());
    }
}

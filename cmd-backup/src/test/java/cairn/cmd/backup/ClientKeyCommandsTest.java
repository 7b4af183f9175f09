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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of other roles than full, from the first to the last command that has to do with them. */
class ClientKeyCommandsTest {
    @TempDir
    private Path folder;
    private String repo;
    private String owner;
    private String data;

    @BeforeEach
    void init() throws IOException {
        repo = folder.resolve("repo").toString();
        owner = folder.resolve("owner.key").toString();
        data = Files.createDirectory(folder.resolve("data")).toString();
        Files.writeString(folder.resolve("data/notes"), "some words\n".repeat(500));
        done("init", "-r", repo, "--key-file", owner);
    }

    private CommandRun run(String home, String... args) {
        return CommandRun.of(args).env("HOME", folder.resolve(home).toString());
    }

    private CommandRun.Result cairn(String... args) {
        return run("home", args).run();
    }

    private CommandRun.Result done(String... args) {
        CommandRun.Result result = cairn(args);
        assertEquals(0, result.status(), result.err());
        return result;
    }

    private void refused(String saying, String... args) {
        CommandRun.Result result = cairn(args);
        assertEquals(11, result.status(), String.join(" ", args) + ": " + result.err());
        assertTrue(result.err().contains(saying), result.err());
        assertEquals("", result.out());
    }

    private String give(String name, String role) {
        String file = folder.resolve(name + ".key").toString();
        done("key", "add", "-r", repo, "--key-file", owner, name, "--role", role, "--client-key", file);
        return file;
    }

    /** Hides the repository's folder of keys, which a client may not be able to reach. */
    private void hideKeys() throws IOException {
        Files.move(folder.resolve("repo/keys"), folder.resolve("hidden"));
    }

    private void showKeys() throws IOException {
        Files.move(folder.resolve("hidden"), folder.resolve("repo/keys"));
    }

    @Test
    void aClientKeyIsForItsOwnerAndStandsForItself() throws IOException {
        String laptop = give("laptop", "write");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(laptop))));
        assertFalse(Files.exists(folder.resolve("repo/keys/laptop")));
        assertEquals(List.of("default               full    opened by key file", "laptop                write   opened by client key"),
                done("key", "list", "-r", repo).lines());
        hideKeys();
        done("backup", "-r", repo, "--key-file", laptop, data);
        showKeys();
        assertTrue(done("forget", "-n", "-r", repo, "--key-file", owner, "--keep-last", "1").out().contains("1 kept"));
    }

    @Test
    void aClientKeyCanBeExportedLockedByAPasswordOfItsOwn() throws IOException {
        give("laptop", "write");
        String plain = folder.resolve("laptop.key").toString();
        Path exported = folder.resolve("exported.key");
        CommandRun.Result export = run("home", "key", "export", "--client", "--locked", "-r", repo, "--key-file", plain)
                .env("CAIRN_NEW_PASSWORD", "on the road").run();
        assertEquals(0, export.status(), export.err());
        Files.write(exported, export.outBytes());
        assertEquals(12, cairn("backup", "-r", repo, "--key-file", exported.toString(), data).status());
        assertEquals(12, run("home", "backup", "-r", repo, "--key-file", exported.toString(), data).env("CAIRN_PASSWORD", "off").run().status());
        assertEquals(0, run("home", "backup", "-r", repo, "--key-file", exported.toString(), data).env("CAIRN_PASSWORD", "on the road").run().status());
        assertEquals(2, cairn("key", "export", "--client", "--paper", "-r", repo, "--key-file", plain).status());
        assertEquals(2, cairn("key", "add", "-r", repo, "--key-file", owner, "x", "--client-key", "f", "--new-key-file", "g").status());
    }

    @Test
    void aWriteKeyAddsBackupsThatOnlyAFullOneReads() {
        String laptop = give("laptop", "write");
        done("backup", "-r", repo, "--key-file", laptop, data);
        CommandRun.Result second = done("backup", "--json", "-r", repo, "--key-file", laptop, data);
        assertTrue(second.out().contains("\"base\":\""), second.out());
        String says = "this key only adds backups";
        String[] with = {"-r", repo, "--key-file", laptop};
        refused(says, all(with, "prune"));
        refused(says, all(with, "forget", "--keep-last", "1"));
        refused("may not change keys or settings", all(with, "key", "rotate"));
        refused("may not change keys or settings", all(with, "key", "set", "trust=all"));
    }

    private static String[] all(String[] with, String... words) {
        return Stream.concat(Stream.of(words), Stream.of(with)).toArray(String[]::new);
    }

    @Test
    void aServerKeyForgetsAndPrunesWithoutAName() {
        String laptop = give("laptop", "write");
        String server = give("server", "server");
        String[] with = {"-r", repo, "--key-file", server};
        done("backup", "-r", repo, "--key-file", laptop, "--host", "planted-host", "--tag", "planted-tag", data);
        done("backup", "-r", repo, "--key-file", laptop, "--host", "planted-host", data);
        CommandRun.Result forget = done(all(with, "forget", "--keep-last", "1"));
        assertTrue(forget.out().contains("1 kept, 1 forgotten"), forget.out());
        assertFalse(forget.out().contains("planted"), forget.out());
        CommandRun.Result prune = done(all(with, "prune", "--grace", "0", "--json"));
        assertTrue(prune.out().contains("\"backups_deleted\":1"), prune.out());
        refused("cannot choose by names", all(with, "forget", "--keep-last", "1", "--host", "planted-host"));
        refused("knows no tags", all(with, "forget", "--keep-last", "1", "--keep-tag", "planted-tag"));
        refused("only checks and prunes", all(with, "backup", data));
    }

    @Test
    void withoutAnyKeyOneCanLookAtWhatForgetAndPruneWouldDoAndNoMore() {
        String laptop = give("laptop", "write");
        done("backup", "-r", repo, "--key-file", laptop, data);
        assertTrue(done("forget", "-n", "-r", repo, "--keep-last", "1").out().contains("1 kept"));
        done("prune", "-n", "-r", repo);
        assertEquals(12, cairn("forget", "-r", repo, "--keep-last", "1").status());
        assertEquals(12, cairn("prune", "-r", repo).status());
        assertEquals(12, cairn("backup", "-r", repo, data).status());
    }

    @Test
    void afterARotationOldKeysGoOnAndNothingIsRewritten() throws IOException {
        String laptop = give("laptop", "write");
        done("backup", "-r", repo, "--key-file", laptop, data);
        List<Path> before = packs();
        CommandRun.Result rotated = done("key", "rotate", "-r", repo, "--key-file", owner, "--json");
        assertTrue(rotated.out().contains("\"repository_key\":2"), rotated.out());
        assertTrue(rotated.err().contains("key export --paper"), rotated.err());
        Files.writeString(folder.resolve("data/more"), "more words\n".repeat(500));
        done("backup", "-r", repo, "--key-file", laptop, data);
        assertTrue(packs().containsAll(before));
        String test = done("key", "test", "-r", repo, "--key-file", owner).out();
        assertTrue(test.contains("can restore 2 of 2 backups"), test);
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("repo/packs"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void settingsStandInTheSignedListForAllClients() {
        assertEquals(List.of("compression=auto", "share-hashes=no", "trust=own"), done("key", "set", "-r", repo, "--key-file", owner).lines());
        assertEquals(List.of("compression=9", "pack-size=2097152", "share-hashes=yes", "trust=all"),
                done("key", "set", "-r", repo, "--key-file", owner, "trust=all", "share-hashes=yes", "compression=9", "pack-size=2MiB").lines());
        for (String wrong : List.of("trust=some", "share-hashes", "pack-size=1", "pack-size=x", "colour=red", "compression=20")) {
            assertEquals(2, cairn("key", "set", "-r", repo, "--key-file", owner, wrong).status(), wrong);
        }
        assertEquals(List.of("compression=9", "pack-size=2097152", "share-hashes=yes", "trust=all"),
                done("key", "set", "-r", repo, "--key-file", owner).lines());
    }

    @Test
    void aKeyListThatWasPutBackIsNoticedByWhoSawTheNewerOne() throws IOException {
        String laptop = give("laptop", "write");
        done("backup", "-r", repo, "--key-file", laptop, data);
        give("other", "write");
        done("backup", "-r", repo, "--key-file", laptop, data);
        Files.delete(folder.resolve("repo/keylist/3"));
        CommandRun.Result back = cairn("backup", "-r", repo, "--key-file", laptop, data);
        assertEquals(4, back.status(), back.err());
        assertTrue(back.err().contains("rolled back"), back.err());
        assertEquals(0, run("elsewhere", "backup", "-r", repo, "--key-file", laptop, data).run().status(), "who never saw it cannot tell");
    }

    @Test
    void aRepositoryInClearInThePlaceOfAnEncryptedOneIsRefused() throws IOException {
        done("backup", "-r", repo, "--key-file", owner, data);
        Files.move(folder.resolve("repo"), folder.resolve("away"));
        assertEquals(0, run("mallory", "init", "-r", repo, "--encryption", "none").run().status());
        CommandRun.Result result = cairn("backup", "-r", repo, data);
        assertEquals(1, result.status(), result.err());
        assertTrue(result.err().contains("not encrypted"), result.err());
        try (Stream<Path> all = Files.list(folder.resolve("repo"))) {
            assertFalse(all.anyMatch(path -> path.endsWith("packs")), "nothing was written in clear");
        }
    }

    @Test
    void anotherEncryptedRepositoryInTheSamePlaceIsToldOnce() throws IOException {
        Files.move(folder.resolve("repo"), folder.resolve("away"));
        String other = folder.resolve("other.key").toString();
        assertEquals(0, run("mallory", "init", "-r", repo, "--key-file", other).run().status());
        CommandRun.Result first = done("key", "test", "-r", repo, "--key-file", other);
        assertTrue(first.err().contains("is another repository than before"), first.err());
        assertFalse(done("key", "test", "-r", repo, "--key-file", other).err().contains("another repository"));
    }

    @Test
    void aStolenKeyCountsNoMore() {
        String laptop = give("laptop", "write");
        done("backup", "-r", repo, "--key-file", laptop, data);
        done("key", "remove", "-r", repo, "--key-file", owner, "--stolen", "laptop");
        refused("was removed", "backup", "-r", repo, "--key-file", laptop, data);
    }
}

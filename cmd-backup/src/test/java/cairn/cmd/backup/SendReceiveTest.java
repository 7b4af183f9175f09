package cairn.cmd.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.cli.Interrupt;
import cairn.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn send} and {@code cairn receive} as users call them. */
class SendReceiveTest {
    private static final Terminal SHOWING_STDOUT = new Screen(false, true);
    private static final Terminal TYPED_STDIN = new Screen(true, false);

    @TempDir
    Path temp;

    private Path source;
    private String repo;

    private record Screen(boolean stdin, boolean stdout) implements Terminal {
        @Override
        public boolean stderr() {
            return false;
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

    private CommandRun cairn(String... args) {
        return CommandRun.of(args).env("HOME", temp.toString()).env("XDG_CACHE_HOME", temp.resolve("cache").toString());
    }

    @BeforeEach
    void make() throws IOException {
        source = Files.createDirectories(temp.resolve("source/folder")).getParent();
        Files.writeString(source.resolve("inline"), "a few bytes");
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Files.write(source.resolve("folder/content"), content);
        Files.createLink(source.resolve("folder/second name"), source.resolve("folder/content"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("folder/nothing"));
        repo = temp.resolve("repo").toString();
        assertEquals(0, withKey("init", "-r", repo).run().status());
    }

    private CommandRun withKey(String... args) {
        return cairn(args).env("CAIRN_PASSWORD", "secret");
    }

    private byte[] send(CommandRun run) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        CommandRun.Result result = run.stdout(stream).run();
        assertEquals(0, result.status(), result.err());
        return stream.toByteArray();
    }

    private byte[] sealed() {
        return send(withKey("send", "-r", repo, source.toString()));
    }

    private byte[] plain() {
        return send(cairn("send", source.toString()));
    }

    private List<String> backups() throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(Path.of(repo, "backups"))) {
            try (var files = Files.list(Path.of(repo, "backups"))) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names;
    }

    @Test
    void aSealedStreamNeedsNoKeyToBeReceivedAndPrintsTheId() throws IOException {
        CommandRun.Result received = cairn("receive", "-r", repo).stdin(sealed()).run();
        assertEquals(0, received.status(), received.err());
        assertEquals(backups(), received.lines());
    }

    @Test
    void aPlainStreamIsReceivedByAKeyAndSaysThatItIsPlain() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        CommandRun.Result sent = cairn("send", source.toString()).stdout(stream).run();
        assertTrue(sent.err().contains("this stream is not encrypted"), sent.err());
        assertTrue(cairn("receive", "-r", repo).stdin(stream.toByteArray()).run().status() == 12, "nobody gave a password");
        CommandRun.Result received = withKey("receive", "-r", repo).stdin(stream.toByteArray()).run();
        assertEquals(0, received.status(), received.err());
        assertEquals(backups(), received.lines());
    }

    @Test
    void anUnchangedTreeIsReceivedAgainWithoutBeingStored() {
        withKey("receive", "-r", repo).stdin(plain()).run();
        CommandRun.Result again = withKey("receive", "--json", "-r", repo).stdin(plain()).run();
        assertEquals(0, again.status(), again.err());
        assertTrue(Long.parseLong(field(again.out(), "bytes_added")) < 4096, again.out());
    }

    @Test
    void aStreamInOneDirectionIsNotResumedAndReceivingItAgainStoresOnlyTheRest() throws IOException {
        CommandRun.Result refused = withKey("send", "--resume", "-r", repo, source.toString()).run();
        assertEquals(2, refused.status());
        assertTrue(refused.err().contains("--resume goes with --to"), refused.err());
        assertEquals(0, refused.outBytes().length, "part of a stream was written");
        byte[] stream = sealed();
        CommandRun.Result broken = cairn("receive", "-r", repo).stdin(Arrays.copyOf(stream, stream.length - 700)).run();
        assertEquals(1, broken.status(), broken.err());
        assertEquals(List.of(), backups());
        CommandRun.Result again = cairn("receive", "--json", "-r", repo).stdin(stream).run();
        assertEquals(0, again.status(), again.err());
        assertEquals(1, backups().size());
        assertTrue(Long.parseLong(field(again.out(), "bytes_added")) < 50_000, "the pack of 300,000 bytes was there: " + again.out());
    }

    @Test
    void aBaseLeavesOutWhatTheReceiverHas() throws IOException {
        String base = cairn("receive", "-r", repo).stdin(sealed()).run().lines().getFirst();
        Files.writeString(source.resolve("new"), "something");
        byte[] change = send(withKey("send", "-r", repo, "--base", base, source.toString()));
        assertTrue(change.length < 20_000, change.length + " bytes");
        CommandRun.Result received = cairn("receive", "-r", repo).stdin(change).run();
        assertEquals(0, received.status(), received.err());
        assertEquals(2, backups().size());
    }

    @Test
    void aClientThatHasOnlyItsKeySendsWhatChangedSinceItsLastBackup() throws IOException {
        String key = temp.resolve("client.key").toString();
        assertEquals(0, withKey("key", "add", "laptop", "--role", "write", "--client-key", key, "-r", repo).run().status());
        byte[] whole = send(cairn("send", "--key-file", key, source.toString()));
        assertEquals(0, cairn("receive", "-r", repo).stdin(whole).run().status());
        Files.writeString(source.resolve("new"), "something");
        byte[] change = send(cairn("send", "--key-file", key, "--base", "latest", source.toString()));
        assertTrue(change.length < 20_000, change.length + " bytes");
        CommandRun.Result received = cairn("receive", "-r", repo).stdin(change).run();
        assertEquals(0, received.status(), received.err());
        assertEquals(2, backups().size());
        CommandRun.Result none = cairn("send", "--key-file", key, "--base", "other@latest", source.toString()).run();
        assertEquals(1, none.status());
        assertTrue(none.err().contains("keeps the trees of no backup 'other@latest'"), none.err());
    }

    @Test
    void aTerminalGetsNoStreamAndGivesNone() {
        assertEquals(2, cairn("send", source.toString()).terminal(SHOWING_STDOUT).run().status());
        assertEquals(2, cairn("receive", "-r", repo).terminal(TYPED_STDIN).run().status());
        assertEquals(2, cairn("send", "--base", "latest", source.toString()).run().status(), "a plain stream has no base");
    }

    @Test
    void brokenStreamsOfBothKindsMakeNoBackup() throws IOException {
        for (byte[] stream : List.of(sealed(), plain())) {
            byte[] flipped = stream.clone();
            flipped[stream.length / 2] ^= 4;
            for (byte[] bad : List.of(new byte[0], Arrays.copyOf(stream, 20), Arrays.copyOf(stream, stream.length - 1), flipped,
                    "no stream at all, just some text".getBytes(StandardCharsets.UTF_8))) {
                CommandRun.Result result = withKey("receive", "-r", repo).stdin(bad).run();
                assertEquals(1, result.status(), result.err());
                assertEquals("", result.out());
                assertEquals(List.of(), backups());
            }
        }
    }

    @Test
    void streamsBehindEachOtherAndZerosAtTheEndAreRead() throws IOException {
        ByteArrayOutputStream tape = new ByteArrayOutputStream();
        tape.write(sealed());
        tape.write(new byte[512]);
        tape.write(send(withKey("send", "-r", repo, "--name", "other", source.toString())));
        tape.write(new byte[10_000]);
        CommandRun.Result received = cairn("receive", "-r", repo).stdin(tape.toByteArray()).run();
        assertEquals(0, received.status(), received.err());
        assertEquals(backups().stream().sorted().toList(), received.lines().stream().sorted().toList());
        assertEquals(2, backups().size());
    }

    @Test
    void aDryRunShowsWhatAStreamHolds() throws IOException {
        String sealedText = cairn("receive", "--dry-run", "--json").stdin(sealed()).run().out();
        assertTrue(sealedText.contains("\"kind\":\"sealed\"") && sealedText.contains("\"name\":\"packs/") && sealedText.contains("\"type\":\"end\""),
                sealedText);
        assertTrue(!sealedText.contains("folder") && !sealedText.contains("inline"), "nothing of the content");
        String plainText = cairn("receive", "--dry-run", "--json").stdin(plain()).run().out();
        assertTrue(plainText.contains("\"path\":\"" + source + "/folder/content\"") && plainText.contains("\"type\":\"link\""), plainText);
        assertEquals(List.of(), backups());
    }

    @Test
    void neitherASealedStreamNorWhereItIsReceivedShowsWhatIsInIt() throws IOException {
        String planted = "planted-4e1f";
        Files.createDirectory(source.resolve(planted));
        Files.writeString(source.resolve(planted + "/" + planted), planted);
        Files.writeString(source.resolve(planted + "/large"), (planted + " ").repeat(2000));
        Files.createSymbolicLink(source.resolve(planted + "/link"), Path.of(planted));
        byte[] stream = send(withKey("send", "-r", repo, "--compression", "off", "--name", planted, "--tag", planted, "--host", planted, source.toString()));
        assertEquals(0, cairn("receive", "-r", repo).stdin(stream).run().status());
        assertTrue(!text(stream).contains(planted), "in the stream");
        try (var files = Files.walk(Path.of(repo))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertTrue(!text(Files.readAllBytes(file)).contains(planted), file.toString());
            }
        }
        assertTrue(text(plain()).contains(planted), "a plain stream shows it: the search is right");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void anInterruptedReceiveMakesNoBackupAndEndsItsSession() throws IOException {
        byte[] stream = sealed();
        Interrupt interrupt = new Interrupt();
        InputStream halfWay = new ByteArrayInputStream(stream) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                if (pos > stream.length / 2) {
                    interrupt.raise();
                }
                return super.read(bytes, offset, Math.min(length, 20_000));
            }
        };
        CommandRun.Result result = cairn("receive", "-r", repo).input(halfWay).interrupt(interrupt).run();
        assertEquals(130, result.status(), result.err());
        assertEquals(List.of(), backups());
        try (var sessions = Files.list(Path.of(repo, "sessions"))) {
            assertEquals(1, sessions.filter(file -> file.getFileName().toString().endsWith("-end")).count(), "the receiver's own");
        }
        assertEquals(0, cairn("receive", "-r", repo).stdin(stream).run().status());
    }

    @Test
    void aStreamForARepositoryThatIsNotEncryptedSaysSo() {
        String open = temp.resolve("open").toString();
        assertEquals(0, cairn("init", "-r", open, "--encryption", "none").run().status());
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        CommandRun.Result sent = cairn("send", "-r", open, source.toString()).stdout(stream).run();
        assertEquals(0, sent.status(), sent.err());
        assertTrue(sent.err().contains("this stream is not encrypted"), sent.err());
        assertEquals(0, cairn("receive", "-r", open).stdin(stream.toByteArray()).run().status());
    }

    @Test
    void aStreamForAnotherRepositoryIsRefused() {
        String other = temp.resolve("other").toString();
        assertEquals(0, withKey("init", "-r", other).run().status());
        CommandRun.Result received = cairn("receive", "-r", other).stdin(sealed()).run();
        assertEquals(1, received.status());
        assertTrue(received.err().contains("is for the repository"), received.err());
    }

    private static String field(String json, String name) {
        int at = json.indexOf("\"" + name + "\":");
        assertTrue(at >= 0, json);
        String rest = json.substring(at + name.length() + 3);
        return rest.substring(rest.startsWith("\"") ? 1 : 0).split("[\",}]")[0];
    }
}

package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.robust.Clocks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chain {@code scan | filter | send | receive} as users write it, stage by stage. */
class ScanTest {
    private static final String END = "{\"type\":\"end\"";

    @TempDir
    Path temp;

    private Household user;

    @BeforeEach
    void fill() throws Exception {
        user = Household.in(temp);
        user.write("big", Household.random(300_000, 1));
        user.write("sub/small", Household.random(1000, 2));
        user.write("sub/cache/drop", Household.random(500, 3));
        Files.createSymbolicLink(user.source().resolve("link"), Path.of("big"));
    }

    private CommandRun.Result run(byte[] stdin, String... args) {
        return CommandRun.of(args).env("HOME", user.home().toString()).env("PATH", System.getenv("PATH")).stdin(stdin).run();
    }

    private List<String> scan(String... more) {
        List<String> words = new ArrayList<>(List.of("scan", user.source().toString()));
        words.addAll(List.of(more));
        CommandRun.Result result = user.run(words.toArray(String[]::new));
        assertEquals("0|", result.status() + "|" + result.err());
        return new ArrayList<>(result.lines());
    }

    /** Sends the lines as a plain stream and takes it in. @return the status of send, and the backup's line of list --json */
    private String save(List<String> lines) {
        return save((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String save(byte[] lines) {
        CommandRun.Result sent = run(lines, "send", "--plain");
        assertEquals(sent.status() == 0 ? 0 : 3, run(sent.outBytes(), "receive").status());
        List<String> backups = user.run("list", "--json").lines();
        return sent.status() + " " + backups.getLast();
    }

    private List<String> restored(String id) throws IOException {
        Path out = Files.createTempDirectory(temp, "out");
        assertEquals(0, user.run("restore", id + ":" + user.source(), "--target", out.toString()).status());
        return new ArrayList<>(Household.filesBelow(out).keySet());
    }

    /** Between the source in two backups; the folders above it are not ours and change any time. */
    private String differences(String a, String b) {
        CommandRun.Result result = user.run("diff", a + ":" + user.source(), b + ":" + user.source());
        assertTrue(result.err().contains("added"), result.err());
        return result.out();
    }

    private static String id(String backup) {
        return backup.replaceFirst(".*?\"id\":\"([0-9a-f]{64}).*", "$1");
    }

    @Test
    void theChainMakesTheBackupThatBackupMakes() throws Exception {
        String whole = user.backup();
        String saved = save(scan());
        assertTrue(saved.startsWith("0 "), saved);
        assertTrue(saved.contains("\"paths\":[\"" + user.source() + "\"]") && saved.contains("\"partial\":false,\"incomplete\":false"), saved);
        assertEquals("", differences(whole, id(saved)));
        List<String> lines = scan();
        Collections.shuffle(lines, new Random(3));
        assertEquals("", differences(whole, id(save(lines))));
    }

    @Test
    void aFilterLeavesOut() throws Exception {
        List<String> lines = scan();
        lines.removeIf(line -> line.contains("/cache"));
        String saved = save(lines);
        assertTrue(saved.startsWith("0 "), saved);
        assertEquals(List.of("big", "link", "small"), restored(id(saved)));
    }

    @Test
    void aScanThatWasKilledMakesAPartialBackupThatIsNotTheLatest() throws Exception {
        String whole = user.backup();
        List<String> lines = scan();
        lines.subList(lines.size() - 3, lines.size()).clear();
        String saved = save(lines);
        assertTrue(saved.startsWith("3 ") && saved.contains("\"partial\":true,\"incomplete\":true"), saved);
        assertTrue(saved.contains("ended without its end record"), saved);
        assertEquals("", differences(whole, "latest"));
    }

    @Test
    void whatIsNoScanIsRefusedInWords() {
        CommandRun.Result result = run("{\n  \"type\": \"end\"\n}\n".getBytes(StandardCharsets.UTF_8), "send", "--plain");
        assertEquals(1, result.status());
        Household.assertClear(result, "pretty printed");
        assertTrue(result.err().contains("line 1 of the list of entries"), result.err());
        assertEquals(1, run(new byte[0], "send", "--plain").status());
    }

    @Test
    void whatChangedSinceABackupIsListedAndWhatIsGone() throws Exception {
        user.write("sub/cache/skip", Household.random(10, 8));
        Clocks.pass(user.source());
        String before = user.backup();
        Clocks.pass(user.source());
        List<String> none = scan("--changed-since", "latest");
        assertEquals(1, none.size(), none.toString());
        assertTrue(none.getFirst().startsWith(END) && none.getFirst().contains("\"changed_since\":\"" + before + "\""), none.toString());
        user.write("new", Household.random(10, 4));
        user.write("sub/small", Household.random(1000, 5));
        Files.delete(user.source().resolve("big"));
        Files.delete(user.source().resolve("sub/cache/drop"));
        List<String> lines = scan("--changed-since", before, "--exclude", "skip");
        List<String> told = new ArrayList<>();
        for (String line : lines.subList(0, lines.size() - 1)) {
            String type = line.replaceFirst(".*?\"type\":\"([a-z]+).*", "$1");
            told.add(type + " " + user.source().relativize(Path.of(line.replaceFirst(".*?\"path\":\"([^\"]+).*", "$1"))));
        }
        assertEquals(List.of("entry ", "gone big", "entry new", "entry sub/cache", "gone sub/cache/drop", "entry sub/small"), told);
        // a backup of that would lack the rest: it is made, and never counts as whole
        String saved = save(lines);
        assertTrue(saved.startsWith("3 ") && saved.contains("\"partial\":true"), saved);
    }

    @Test
    void pathsForOtherProgramsEndInZeroBytes() {
        CommandRun.Result result = user.run("scan", "-0", user.source() + "/sub");
        String sub = user.source() + "/sub";
        assertEquals(sub + "\0" + sub + "/cache\0" + sub + "/cache/drop\0" + sub + "/small\0", result.out());
    }

    @Test
    void anEntryThatCannotBeReadIsALineAndAStatus() throws Exception {
        CommandRun.Result result = user.run("scan", user.source().toString(), user.home() + "/none");
        assertEquals(3, result.status());
        Household.assertClear(result, "a path that is not there");
        assertTrue(result.lines().contains("{\"type\":\"problem\",\"path\":\"" + user.home()
                + "/none\",\"message\":\"could not be saved: no such file or directory\"}"), result.out());
        assertTrue(result.lines().getLast().endsWith("\"problems\":1}"), result.out());
        assertEquals(3, user.run("send", "--plain", user.source().toString(), user.home() + "/none").status());
        assertEquals(1, user.run("scan", user.home() + "/none").status());
        List<String> lines = scan();
        lines.add("{\"type\":\"problem\",\"path\":\"/x\",\"message\":\"cannot open it\"}");
        String saved = save(lines);
        assertTrue(saved.startsWith("3 ") && saved.contains("\"partial\":false,\"incomplete\":true") && saved.contains("could not be scanned"), saved);
    }

    @Test
    void aReaderThatWentAwayEndsItQuietly() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        CommandRun.Result result = CommandRun.of("scan", user.source().toString()).env("HOME", user.home().toString()).stdout(gone).run();
        assertEquals("141|", result.status() + "|" + result.err());
    }

    @Test
    void aSnapshotIsScannedAndSentUnderItsOriginalPath() throws Exception {
        String whole = user.backup();
        Path snapshot = Files.move(user.source(), temp.resolve("snapshot"));
        Files.createDirectory(user.source());
        CommandRun scan = CommandRun.of("scan", snapshot + "/.").env("HOME", user.home().toString());
        CommandRun.Result lines = mapped(scan, snapshot).run();
        assertEquals(0, lines.status(), lines.err());
        assertFalse(lines.out().contains(snapshot.toString()), lines.out());
        CommandRun.Result sent = mapped(CommandRun.of("send", "--plain").env("HOME", user.home().toString()), snapshot).stdin(lines.outBytes()).run();
        assertEquals(0, sent.status(), sent.err());
        assertEquals(0, run(sent.outBytes(), "receive").status());
        String saved = user.run("list", "--json").lines().getLast();
        assertTrue(saved.contains("\"paths\":[\"" + user.source() + "\"]"), saved);
        assertEquals("", differences(whole, "latest"));
        // and so does a backup
        CommandRun.Result backup = mapped(CommandRun.of("backup", "--json", snapshot.toString()).env("HOME", user.home().toString()), snapshot).run();
        assertEquals("", differences(whole, Household.id(backup)));
    }

    private CommandRun mapped(CommandRun run, Path snapshot) {
        return run.env("CAIRN_MAP_FROM", snapshot.toString()).env("CAIRN_MAP_TO", user.source().toString()).env("CAIRN_MAP_TIME", "@1700000000");
    }
}

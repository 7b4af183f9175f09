package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the README with {@code scan} in them, in a shell, each stage a process of its own. */
class ScanIT {
    @TempDir
    Path temp;

    private Household user;

    @BeforeEach
    void fill() throws IOException {
        user = Household.in(temp);
        user.write("good", Household.random(10_000, 1));
        user.write("cache/drop", Household.random(10_000, 2));
    }

    /** Runs a line, with {@code cairn} in the PATH and the source as {@code $1}; both streams in one. */
    private Program.Ended sh(String line) throws IOException, InterruptedException {
        ProcessBuilder builder = Program.of(user).command("sh", "-c", line, "sh", user.source().toString()).redirectErrorStream(true);
        builder.environment().merge("PATH", Program.TOP.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        Process process = builder.directory(temp.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Program.Ended(process.waitFor(), out);
    }

    @Test
    void largeFilesAreFoundByJq() throws Exception {
        Programs.require("jq");
        try (RandomAccessFile large = new RandomAccessFile(user.source().resolve("large").toFile(), "rw")) {
            large.setLength(2_000_000_000);
        }
        assertEquals(user.source() + "/large\n", sh("cairn scan \"$1\" | jq -r 'select(.size > 1e9) | .path'").out());
    }

    @Test
    void aFilteredScanIsSentAndReceived() throws Exception {
        Program.Ended ended = sh("cairn scan \"$1\" | grep -v /cache/ | cairn send -q --plain | cairn receive -q");
        assertEquals(0, ended.status(), ended.out());
        Path out = temp.resolve("out");
        assertEquals(0, user.run("restore", "latest:" + user.source(), "--target", out.toString()).status());
        assertEquals(Set.of("good"), Household.filesBelow(out).keySet());
        assertTrue(Files.isDirectory(out.resolve("cache")));
    }

    @Test
    void aScanThatWasCutOffIsNoticedAtTheOtherEndOfThePipe() throws Exception {
        Program.Ended ended = sh("cairn scan \"$1\" | head -n 3 | cairn send -q --plain > stream; echo status $?; cairn receive -q < stream; echo status $?");
        assertTrue(ended.out().contains("ended without its end record"), ended.out());
        assertEquals(2, ended.out().lines().filter("status 3"::equals).count(), ended.out());
        assertFalse(user.run("list", "--json").out().contains("\"partial\":false"));
    }

    @Test
    void whatMayNotBeReadIsALineOfTheScanAndAProblemOfTheBackup() throws Exception {
        user.write("closed/inside", Household.random(100, 3));
        Path closed = user.source().resolve("closed");
        Files.setPosixFilePermissions(closed, Set.of());
        String weak = Files.isReadable(closed) ? "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-all " : "";
        Program.Ended ended = sh(weak + "cairn scan \"$1\" > lines; echo status $?; cairn send -q --plain < lines > stream; echo status $?");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        assertEquals(2, ended.out().lines().filter("status 3"::equals).count(), ended.out());
        String lines = Files.readString(temp.resolve("lines"));
        assertTrue(lines.contains("{\"type\":\"problem\",\"path\":\"" + closed + "\","), lines);
        assertTrue(lines.endsWith("\"problems\":1}\n"), lines);
    }
}

package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.posix.Programs;
import cairn.posix.RawString;
import cairn.restore.TreeState;
import cairn.tar.TarMaker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tar archives as sources of a backup: what comes back is what the tar that made it would have unpacked. */
class TarStreamTest {
    @TempDir
    private Path folder;
    private Path source;
    private String repo;

    @BeforeEach
    void make() {
        repo = folder.resolve("repo").toString();
        source = folder.resolve("source");
        done("init", "--encryption", "none");
    }

    private CommandRun cairn(String... args) {
        return CommandRun.of(args).env("HOME", folder.toString()).env("XDG_CACHE_HOME", folder.resolve("cache").toString()).env("CAIRN_REPO", repo);
    }

    private CommandRun.Result done(String... args) {
        return ends(0, args);
    }

    private CommandRun.Result ends(int status, String... args) {
        CommandRun.Result result = cairn(args).run();
        assertEquals(status, result.status(), String.join(" ", args) + ": " + result.err());
        return result;
    }

    private void shell(String line) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", line).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), line + ": " + said);
    }

    /** Lines that are not in both. */
    private List<String> differences(String one, String other) throws IOException {
        List<String> lines = new ArrayList<>();
        Map<String, String> ones = state(one);
        Map<String, String> others = state(other);
        ones.forEach((path, line) -> {
            if (!line.equals(others.remove(path))) {
                lines.add(one + ": " + path + line);
            }
        });
        others.forEach((path, line) -> lines.add(other + ": " + path + line));
        return lines;
    }

    private Map<String, String> state(String name) throws IOException {
        return TreeState.of(RawString.encode(folder.resolve(name).toString()));
    }

    /** Everything that archives can hold and this machine lets us make. */
    private void fill() throws Exception {
        Path deep = Files.createDirectories(source.resolve("d/" + "long name ".repeat(15) + "/" + "x".repeat(200)));
        Files.writeString(deep.resolve("file"), "deep\n".repeat(1000));
        Files.writeString(source.resolve("empty"), "");
        Files.writeString(source.resolve("with \n newline"), "a\n");
        shell("""
                cd source
                ln empty 'd/second name'
                ln -s nowhere link; ln link 'link again'
                ln -s "$(printf '%0200d' 1)" 'long link'
                mkfifo fifo
                : > "$(printf 'not utf8 \\377')"
                printf begin > sparse; truncate -s 3M sparse; printf middle >> sparse; truncate -s 9M sparse
                truncate -s 100k 'only a hole'
                for i in $(seq 60); do printf $i >> 'many holes'; truncate -s ${i}00k 'many holes'; done
                chmod 1640 d; chmod 4751 empty
                touch -d '2001-02-03 04:05:06.789012345Z' sparse; touch -h -d '1969-12-31 23:59:58Z' link; touch -d '2001-02-03 04:05:06.5Z' d
                if [ "$(id -u)" = 0 ]; then mknod null c 1 3; mknod disk b 259 1048575; chown 12345:4000000000 'only a hole'; fi
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar --format=v7", "tar --format=ustar", "tar --format=oldgnu --sparse", "tar --format=gnu --sparse", "tar --format=posix --sparse",
            "tar --format=posix --sparse --sparse-version=0.0", "tar --format=posix --sparse --sparse-version=0.1", "bsdtar --format=ustar",
            "bsdtar --format=pax", "bsdtar --format=gnutar", "bsdtar --format=v7"})
    void whatComesBackIsWhatTarUnpacks(String tar) throws Exception {
        Programs.require("tar", "bsdtar");
        fill();
        // some formats cannot hold all of it, and say so: what they hold counts
        shell("cd source; " + tar + " -cf ../archive.tar . 2>../said || grep -v -e '^$' ../said > /dev/null");
        shell("mkdir unpacked; cd unpacked; " + (tar.startsWith("bsdtar") ? "bsdtar" : "tar") + " -x --same-owner -pf ../archive.tar");
        done("backup", "--stream", "base=tar:cat " + folder.resolve("archive.tar"));
        done("restore", "latest:/base", "--target", folder.resolve("back").toString());
        shell("touch -d @0 unpacked back"); // bsdtar does not set it
        assertEquals(List.of(), differences("unpacked", "back"));
    }

    @Test
    void aMemberIsAFileAsAnyOther() throws Exception {
        Programs.require("tar");
        fill();
        CommandRun.Result saved = done("backup", "--stream", "base=tar:tar -C '" + source + "' -cf - .", "--json");
        assertTrue(saved.out().contains("{\"type\":\"stream\",\"path\":\"/base\","), saved.out());
        assertTrue(saved.out().contains("\"format\":\"tar\""), saved.out());
        assertEquals("a\n", done("cat", "latest:/base/with \n newline").out());
        assertFalse(done("ls", "latest:/base/d").out().isEmpty());
    }

    @Test
    void standardInputCanBeAnArchive() throws Exception {
        Programs.require("tar");
        fill();
        shell("tar -C source -cf archive.tar d");
        byte[] archive = Files.readAllBytes(folder.resolve("archive.tar"));
        CommandRun.Result saved = cairn("backup", "--stdin", "--tar", "--as", "x/y").stdin(archive).run();
        assertEquals(0, saved.status(), saved.err());
        assertTrue(done("ls", "latest:/x/y/d").out().contains("second name"));
        CommandRun.Result cut = cairn("backup", "--stdin", "--tar", "--as", "x/y").stdin(Arrays.copyOf(archive, 2000)).run();
        assertEquals(5, cut.status(), cut.err());
        assertTrue(cut.err().contains("before the archive did"), cut.err());
    }

    @Test
    void whatFailsIsNoBackup() throws Exception {
        Programs.require("tar", "gzip");
        fill();
        String tar = "tar -C '" + source + "' -cf - .";
        for (String[] failing : new String[][] {{tar + "; exit 3", "ended with status 3"}, {tar + " | head -c 5000", "before the archive did"},
                {tar + " | head -c 5000; exit 4", "ended with status 4"}, {"true", "before the archive did"},
                {tar + " | gzip", "'tar:COMMAND | gzip -d'"}, {"seq 1000", "is no tar archive"}}) {
            CommandRun.Result result = ends(5, "backup", "--stream", "base=tar:" + failing[0]);
            assertTrue(result.err().contains(failing[1]), failing[0] + ": " + result.err());
        }
        assertEquals("", done("list", "--json").out().lines().filter(line -> line.contains("\"backup\"")).findAny().orElse(""));
        ends(3, "backup", "--stream", "base=tar:" + tar + "; " + tar);
        done("backup", "--stream", "base=tar:" + tar + " | gzip | gzip -d");
    }

    @Test
    void nothingIsEverRestoredOutside() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        String up = "../".repeat(12) + outside.toString().substring(1);
        byte[] archive = new TarMaker().file(outside + "/absolute", "x").file(up + "/dots", "x").link('2', "to", outside.toString()).file("to/through", "x")
                .link('2', "up", "..").file("up/outside/up", "x").link('1', "hard", outside + "/canary").link('1', "harder", up + "/canary")
                .folder("d").file("d/s", "x")
                .link('2', "d", outside.toString()).end().bytes();
        Path canary = Files.writeString(outside.resolve("canary"), "untouched");
        CommandRun.Result saved = cairn("backup", "--stdin", "--tar", "--as", "base").stdin(archive).run();
        assertEquals(3, saved.status(), saved.err());
        done("restore", "latest:/base", "--target", folder.resolve("back").toString());
        try (var files = Files.list(outside)) {
            assertEquals(List.of(canary), files.toList());
        }
        assertEquals("untouched", Files.readString(canary));
        assertEquals(1, Files.getAttribute(canary, "unix:nlink"));
        assertTrue(Files.isSymbolicLink(folder.resolve("back/d")));
        assertTrue(Files.exists(folder.resolve("back" + outside + "/absolute")));
    }
}

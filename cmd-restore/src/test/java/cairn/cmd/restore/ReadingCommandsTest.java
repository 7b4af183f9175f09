package cairn.cmd.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.cli.Sizes;
import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.Xattrs;
import cairn.repo.Backup;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands list, ls, cat and sums. */
class ReadingCommandsTest extends RepositoryFixture {
    @Test
    void listShowsOneBackupALine() throws IOException {
        assertEquals("cairn: no backups yet\n", repository.run("list").err());
        write("file", 2048);
        Backup first = repository.maker().host("alpha").name("etc").time("2026-11-20T08:30:00Z").save(source);
        Backup second = repository.maker().host("b").name("").tags("keep").interrupted().save(source);
        String size = Sizes.format(second.record().head().bytes());
        assertEquals(first.shortId() + "  2026-11-20 08:30:00  alpha  etc      2.0 KiB                 " + source + "\n"
                        + second.shortId() + "  2026-11-20 09:30:00  b      -     "
                        + " ".repeat(10 - size.length()) + size + "  partial,#keep  " + source + "\n",
                repository.good("list").out());
        assertEquals(2, repository.good("list", "-0").out().chars().filter(c -> c == 0).count());
        assertEquals(1, repository.good("list", "--host", "b").lines().size());
        assertEquals(1, repository.good("list", "--before", "2026-11-20 09:00").lines().size());
        assertEquals(1, repository.good("list", "etc").lines().size());
        assertEquals(1, repository.good("list", "b").lines().size());
        assertEquals(1, repository.run("list", "none").status());
    }

    @Test
    void listTellsAllFieldsInJson() throws IOException {
        write("file", 2048);
        Backup backup = repository.maker().host("alpha").name("etc").tags("a", "b").time("2026-11-20T08:30:00Z").save(source);
        String json = repository.good("list", "--json").out();
        for (String field : List.of("\"type\":\"backup\"", "\"id\":\"" + backup.id().hex() + "\"", "\"time\":\"2026-11-20T08:30:00+00:00\"",
                "\"host\":\"alpha\"", "\"name\":\"etc\"", "\"kind\":\"files\"", "\"paths\":[\"" + source + "\"]", "\"tags\":[\"a\",\"b\"]",
                "\"partial\":false", "\"bytes\":2048", "\"files_new\":1", "\"problems\":[]")) {
            assertTrue(json.contains(field), () -> field + " in " + json);
        }
    }

    @Test
    void listIsACheckForMonitors() throws IOException {
        write("file", 10);
        repository.maker().name("etc").time("2026-11-20T08:00:00Z").save(source);
        repository.maker().name("home").time("2026-11-19T08:00:00Z").save(source);
        repository.maker().name("home").time("2026-11-21T08:00:00Z").interrupted().save(source);
        InstantSource clock = () -> Instant.parse("2026-11-21T09:00:00Z");
        assertEquals(0, repository.command("list", "--max-age", "26h").clock(clock).run().status());
        assertEquals(0, repository.command("list", "--max-age", "26h", "etc").clock(clock).run().status());
        CommandRun.Result late = repository.command("list", "--max-age", "26h", "etc", "home").clock(clock).run();
        assertEquals(1, late.status());
        assertEquals("cairn: the newest complete backup of 'home' is 2 d 01 h old\n", late.err());
        assertEquals(2, late.lines().size());
        assertEquals(1, repository.command("list", "--max-age", "26h", "none").clock(clock).run().status());
    }

    @Test
    void listNamesADamagedRecordAndShowsTheOthers() throws IOException {
        write("file", 10);
        repository.save();
        Files.writeString(repository.folder.resolve("backups").resolve("ab".repeat(32)), "no record");
        CommandRun.Result result = repository.run("list");
        assertEquals(4, result.status());
        assertEquals(1, result.lines().size());
        assertTrue(result.err().contains("backups/abab"), result.err());
    }

    @Test
    void lsShowsNamesAndWithLAllThatPeopleLookFor() throws IOException {
        write("dir/inner", 1536);
        write("dir/deep/leaf", 1);
        Files.createSymbolicLink(source.resolve("link"), Path.of("dir/inner"));
        Dirs.mknod(Open.AT_FDCWD, raw(source + "/pipe"), 0x1000 | 0640, 0, 0);
        int fd = Open.openat(Open.AT_FDCWD, raw(source + "/dir/inner"), Open.O_RDONLY, 0);
        Xattrs.set(fd, raw("user.note"), raw("x"), 0);
        Open.close(fd);
        for (String name : List.of("dir/inner", "pipe", "link")) {
            Attrs.mtimeat(Open.AT_FDCWD, raw(source + "/" + name), 1_000_000_000L, 5);
        }
        Attrs.chmodat(Open.AT_FDCWD, raw(source + "/dir/inner"), 04751);
        String id = repository.save().shortId();
        assertEquals("dir\nlink\npipe\n", repository.good("ls", repository.in("latest", "")).out());
        assertEquals("dir\0dir/deep\0dir/deep/leaf\0dir/inner\0link\0pipe\0", repository.good("ls", "-R0", repository.in(id, "")).out());
        assertEquals(source.getName(0) + "\n", repository.good("ls", id).out());
        String[] lines = repository.good("ls", "-l", "--numeric-ids", repository.in(id, "dir"), repository.in(id, "link"), repository.in(id, "pipe"))
                .out().split("\n");
        String owner = Files.getAttribute(source, "unix:uid") + " " + Files.getAttribute(source, "unix:gid");
        assertTrue(lines[0].startsWith("drwx"), lines[0]);
        assertEquals("-rwsr-x--x@ " + owner + " 1.5 KiB 2001-09-09 01:46:40 inner", lines[1].replaceAll(" +", " "));
        assertTrue(lines[2].startsWith("lrwxrwxrwx  ") && lines[2].endsWith(" 2001-09-09 01:46:40 " + source + "/link -> dir/inner"), lines[2]);
        assertTrue(lines[3].startsWith("p"), lines[3]);
        String json = repository.good("ls", "--json", repository.in(id, "dir/inner")).out();
        for (String field : List.of("\"path\":\"" + source + "/dir/inner\"", "\"entry_type\":\"file\"", "\"mode\":\"4751\"", "\"size\":1536",
                "\"mtime\":\"2001-09-09T01:46:40.000000005+00:00\"", "\"xattrs\":[{\"name\":\"user.note\",\"value_base64\":\"eA==\"}]")) {
            assertTrue(json.contains(field), () -> field + " in " + json);
        }
    }

    @Test
    void aPathThroughASymlinkIsRefusedWithTheReason() throws IOException {
        write("dir/inner", 10);
        Files.createSymbolicLink(source.resolve("link"), Path.of("dir"));
        repository.save();
        CommandRun.Result through = repository.run("ls", repository.in("latest", "link/inner"));
        assertEquals(1, through.status());
        assertTrue(through.err().contains("is a symlink to 'dir', which is not followed"), through.err());
        assertTrue(repository.run("ls", repository.in("latest", "none/x")).err().contains("holds no '" + source + "/none'"));
        assertTrue(repository.run("ls", repository.in("latest", "dir/inner/x")).err().contains("inner' in backup"));
        assertEquals(2, repository.run("ls").status());
        assertEquals(2, repository.run("ls", "zz").status());
    }

    @Test
    void catWritesBytesAndHolesAsZeros() throws IOException {
        write("big", 3_000_000);
        write("small", 100);
        try (RandomAccessFile file = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
            file.seek(5 << 20);
            file.write(7);
            file.setLength(6 << 20);
        }
        repository.save();
        for (String name : List.of("big", "small", "sparse")) {
            assertArrayEquals(Files.readAllBytes(source.resolve(name)), repository.good("cat", repository.in("latest", name)).outBytes(), name);
        }
        assertEquals(200, repository.good("cat", repository.in("latest", "small"), repository.in("latest", "small")).outBytes().length);
        CommandRun.Result folder = repository.run("cat", repository.in("latest", ""));
        assertEquals(1, folder.status());
        assertTrue(folder.err().contains("is no file but a directory"), folder.err());
        assertEquals(2, repository.run("cat", "latest").status());
    }

    @Test
    void sumsAreAcceptedByTheirRealJudge() throws IOException {
        write("plain", 100_000);
        write("dir/with \\ and \n and \r", 10);
        write("dir/ends\r", 3_000_000);
        write("-", 5);
        write("empty", 0);
        try (RandomAccessFile file = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
            file.setLength(3 << 20);
        }
        repository.save();
        for (String path : List.of("", "dir")) {
            byte[] lines = repository.good("sums", repository.in("latest", path)).outBytes();
            String judged = TestRepository.tool(source.resolve(path), lines, "sha256sum", "--strict", "-c", "-");
            assertEquals(path.isEmpty() ? 6 : 2, judged.lines().filter(line -> line.endsWith(": OK")).count(), judged);
        }
        byte[] whole = repository.good("sums", "latest").outBytes();
        TestRepository.tool(Path.of("/"), whole, "sha256sum", "--strict", "--quiet", "-c", "-");
        String one = repository.good("sums", repository.in("latest", "plain")).out();
        assertEquals(TestRepository.tool(source, new byte[0], "sha256sum", "plain"), one);
        String find = "find . -type f -printf '%P\\0' | sort -z | sed -z 's/^-$/.\\/-/' | xargs -0 sha256sum -z --";
        assertEquals(TestRepository.tool(source, new byte[0], "sh", "-c", find),
                new String(repository.good("sums", "-0", repository.in("latest", "")).outBytes(), StandardCharsets.ISO_8859_1));
        assertTrue(repository.good("sums", "--json", repository.in("latest", "plain")).out().contains("\"sha256\":\"" + one.substring(0, 64) + "\""));
    }

    @Test
    void sumsNamesADamagedFileAndGoesOn() throws IOException {
        write("a", 2_000_000);
        repository.save();
        write("b", 1000);
        repository.save();
        TestRepository.damageLargestPack(repository.folder);
        CommandRun.Result result = repository.run("sums", repository.in("latest", ""));
        assertEquals(4, result.status());
        assertTrue(result.err().contains("'" + source + "/a': "), result.err());
        assertEquals(List.of("b"), result.lines().stream().map(line -> line.substring(66)).toList());
    }

    @Test
    void aFolderThatIsDamagedIsNamedAndAllElseIsShown() throws IOException {
        for (int i = 0; i < 3000; i++) {
            write("a/file" + i, 300);
        }
        repository.save();
        write("b/file", 10);
        write("c", 10);
        repository.save();
        TestRepository.damageLargestPack(repository.folder);
        for (List<String> command : List.of(List.of("ls", "-R", repository.in("latest", "")), List.of("sums", repository.in("latest", "")),
                List.of("find", "*"), List.of("export", repository.in("latest", "")))) {
            CommandRun.Result result = repository.run(command.toArray(String[]::new));
            assertEquals(4, result.status(), command.getFirst() + result.err());
            assertTrue(result.err().contains("'" + (command.getFirst().equals("export") ? "" : source + "/") + "a'"), command + result.err());
            assertTrue(result.out().contains("b/file") && result.out().contains("c"), command.getFirst());
        }
    }

    @Test
    void aBackupWhoseTopIsDamagedIsNamedAndTheOthersAreSearched() throws IOException {
        write("c", 10);
        Backup hit = repository.save();
        TestRepository.damageAllOfLargestPack(repository.folder);
        write("b/file", 10);
        Backup good = repository.save();
        for (List<String> command : List.of(List.of("find", "c"), List.of("versions", source + "/c"))) {
            CommandRun.Result result = repository.run(command.toArray(String[]::new));
            assertEquals(4, result.status(), command.getFirst() + result.err());
            assertTrue(result.err().contains("in " + hit.shortId() + ": "), result.err());
            assertTrue(result.out().contains(good.shortId()) && !result.out().contains(hit.shortId()), result.out());
        }
    }
}

package cairn.cmd.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.posix.Attrs;
import cairn.posix.Open;
import cairn.posix.Xattrs;
import cairn.repo.Backup;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffCommandTest extends RepositoryFixture {
    private void old(String... names) throws IOException {
        for (String name : names) {
            Attrs.mtimeat(Open.AT_FDCWD, raw(source + "/" + name), 1_000_000_000L, 7);
        }
    }

    /** Changes something of every kind. */
    private void fill() throws IOException {
        random("same/deep/file", 10_000, 1);
        random("content", 2_000_000, 2);
        random("inline", 100, 3);
        random("attributes", 100, 4);
        random("gone/inner", 100, 5);
        random("type", 100, 6);
        Files.createSymbolicLink(source.resolve("link"), Path.of("a"));
        old("content", "inline", "attributes", "link", "gone", "same", "");
    }

    private void change() throws IOException {
        random("content", 2_000_000, 2);
        try (RandomAccessFile file = new RandomAccessFile(source.resolve("content").toFile(), "rw")) {
            file.seek(1_500_000);
            file.write(0x55);
            file.write(0x56);
        }
        random("inline", 100, 33);
        Attrs.chmodat(Open.AT_FDCWD, raw(source + "/attributes"), 0604);
        int fd = Open.openat(Open.AT_FDCWD, raw(source + "/attributes"), Open.O_RDONLY, 0);
        Xattrs.set(fd, raw("user.a"), raw("b"), 0);
        Open.close(fd);
        Files.delete(source.resolve("gone/inner"));
        Files.delete(source.resolve("gone"));
        Files.delete(source.resolve("type"));
        random("type/inner", 5, 1);
        Files.delete(source.resolve("link"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("b"));
        random("new/deep/file", 5, 1);
        old("content", "inline", "link", "");
        old("same");
    }

    private static final String EXPECTED = """
            M attributes (mode, xattrs)
            M content (content)
            - gone/
            - gone/inner
            M inline (content)
            M link (target)
            + new/
            + new/deep/
            + new/deep/file
            M type/ (type, mode, mtime)
            + type/inner
            """;

    @Test
    void twoBackupsAreComparedByEverything() throws IOException {
        fill();
        Backup first = repository.save();
        change();
        Backup second = repository.save();
        CommandRun.Result result = repository.run("diff", repository.in(first.shortId(), ""), repository.in(second.shortId(), ""));
        assertEquals(EXPECTED, result.out());
        assertEquals("cairn: 4 added, 2 removed, 5 changed\n", result.err());
        assertEquals(0, result.status());
        assertEquals(1, repository.run("diff", "--exit-code", "-q", first.shortId(), second.shortId()).status());
        CommandRun.Result same = repository.good("diff", "-q", "--exit-code", repository.in(first.shortId(), "same"), repository.in("latest", "same"));
        assertEquals("", same.out());
        assertEquals("M . (content)\n", repository.good("diff", "-q", repository.in(first.shortId(), "inline"), repository.in("latest", "inline")).out());
        String json = repository.good("diff", "-q", "--json", repository.in(first.shortId(), "inline"), repository.in("latest", "inline")).out();
        assertTrue(json.contains("\"change\":\"changed\",\"path\":\".\",\"what\":[\"content\"],\"before\":{\"entry_type\":\"file\""), json);
        assertEquals(11, repository.good("diff", "-q0", repository.in(first.shortId(), ""), repository.in("latest", "")).out().chars()
                .filter(c -> c == 0).count());
    }

    @Test
    void aBackupIsComparedWithTheDisk() throws IOException {
        fill();
        repository.save();
        assertEquals("", repository.good("diff", "-q", "--exit-code", "latest").out());
        assertEquals("", repository.good("diff", "-q", "--exit-code", repository.in("latest", ""), ".").out());
        change();
        CommandRun.Result result = repository.run("diff", repository.in("latest", ""), source + "/");
        assertEquals(EXPECTED, result.out());
        assertEquals("cairn: 4 added, 2 removed, 5 changed\n", result.err());
        List<String> quick = repository.good("diff", "-q", "--quick", repository.in("latest", ""), source.toString()).lines();
        assertEquals(EXPECTED.lines().filter(line -> !line.endsWith("(content)")).toList(), quick);
        assertEquals(EXPECTED.lines().map(line -> line.substring(0, 2) + source + "/" + line.substring(2)).toList(),
                repository.good("diff", "-q", "latest").lines());
        assertEquals("M . (target)\n", repository.good("diff", "-q", repository.in("latest", "link"), "./link").out());
    }

    @Test
    void whatIsGoneFromTheDiskIsRemoved() throws IOException {
        random("dir/file", 10, 1);
        repository.save();
        Files.delete(source.resolve("dir/file"));
        Files.delete(source.resolve("dir"));
        Files.delete(source);
        assertEquals("- " + source + "/\n- " + source + "/dir/\n- " + source + "/dir/file\n", repository.good("diff", "-q", "latest").out());
        CommandRun.Result result = repository.run("diff", "latest", temp + "/none/at/all");
        assertEquals(1, result.status());
        assertTrue(result.err().contains("cannot compare with"), result.err());
    }

    @Test
    void holesAreContentOnlyWhereTheirZerosDiffer() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
            file.seek(4 << 20);
            file.write(1);
        }
        old("sparse", "");
        repository.save();
        byte[] dense = Files.readAllBytes(source.resolve("sparse"));
        Files.write(source.resolve("sparse"), dense);
        old("sparse");
        assertEquals("", repository.good("diff", "-q", "--exit-code", "latest").out());
        Backup first = repository.save();
        dense[100_000] = 1;
        Files.write(source.resolve("sparse"), dense);
        old("sparse");
        assertEquals("M " + source + "/sparse (content)\n", repository.good("diff", "-q", "latest").out());
        repository.save();
        assertEquals("M . (content)\n", repository.good("diff", "-q", repository.in(first.shortId(), "sparse"), repository.in("latest", "sparse")).out());
    }
}

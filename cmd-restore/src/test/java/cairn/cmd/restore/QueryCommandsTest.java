package cairn.cmd.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.repo.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The commands find, versions and stats. */
class QueryCommandsTest extends RepositoryFixture {
    @Test
    void findShowsEachPathOnceWithTheBackupsThatHoldIt() throws IOException {
        write("docs/a.odt", "1");
        write("docs/sub/b.odt", "1");
        write("other/c.txt", "1");
        Backup first = repository.save();
        Files.delete(source.resolve("docs/a.odt"));
        write("new.odt/inside", "1");
        Backup second = repository.save();
        assertEquals(first.shortId() + "    1  " + source + "/docs/a.odt\n"
                        + second.shortId() + "    2  " + source + "/docs/sub/b.odt\n"
                        + second.shortId() + "    1  " + source + "/new.odt\n",
                repository.good("find", "*.odt").out());
        assertEquals(2, repository.good("find", "-l", "b.odt").lines().size());
        assertEquals(second.shortId() + "    1  " + source + "/new.odt\n", repository.good("find", "*.odt/").out());
        assertEquals(1, repository.good("find", source + "/docs/*.odt").lines().size());
        assertEquals(1, repository.good("find", "*.odt", "!sub", "!b.*", "!new*").lines().size());
        assertEquals(3, repository.good("find", "-0", "*.odt").out().chars().filter(c -> c == 0).count());
        assertEquals(1, repository.good("find", "--before", "2026-11-20 12:30", "b.odt").out().lines().filter(l -> l.contains("    1  ")).count());
        String json = repository.good("find", "--json", "b.odt").out();
        assertTrue(json.contains("\"backups\":[\"" + first.id().hex() + "\",\"" + second.id().hex() + "\"]"), json);
        assertEquals("cairn: nothing found in 2 backups\n", repository.run("find", "none").err());
        assertEquals(2, repository.run("find", "a//b").status());
    }

    @Test
    void versionsAreDifferentContentsWithTheirBackups() throws IOException {
        write("dir/file", "one");
        Backup a = repository.save();
        write("dir/file", "three");
        Backup b = repository.save();
        write("dir/other", "x");
        Backup c = repository.save();
        write("dir/file", "one");
        Backup d = repository.save();
        String[] lines = repository.good("versions", "dir/file").out().split("\n");
        assertEquals(2, lines.length);
        assertEquals("       3 B  2026-11-20 12:00:00  2026-11-20 15:00:00    2  " + a.shortId() + " " + d.shortId(), lines[0]);
        assertEquals("       5 B  2026-11-20 13:00:00  2026-11-20 14:00:00    2  " + b.shortId() + " " + c.shortId(), lines[1]);
        assertEquals(4, repository.good("versions", source + "/dir/./x/..").lines().size());
        assertTrue(repository.good("versions", "--json", "dir/other").out().contains("\"backups\":[\"" + c.id().hex() + "\",\"" + d.id().hex() + "\"]"));
        CommandRun.Result none = repository.run("versions", "none");
        assertEquals(1, none.status());
        assertTrue(none.err().contains("no backup holds '" + source + "/none'"), none.err());
    }

    @Test
    void statsTellsOwnFromSharedBytes() throws IOException {
        random("kept", 400_000, 1);
        random("old", 300_000, 2);
        repository.save();
        Files.delete(source.resolve("old"));
        random("new", 200_000, 3);
        repository.save();
        repository.maker().save(source);
        List<long[]> figures = figures();
        assertEquals(3, figures.size());
        long alone = figures.get(0)[0];
        assertTrue(alone >= 300_000 && alone < 310_000, "own of the first: " + alone);
        assertTrue(figures.get(0)[1] >= 400_000 && figures.get(0)[1] < 410_000, "shared of the first: " + figures.get(0)[1]);
        assertTrue(figures.get(1)[0] < 5000, "equal backups have next to nothing of their own: " + figures.get(1)[0]);
        assertTrue(figures.get(2)[1] >= 600_000 && figures.get(2)[1] < 610_000, "shared of the last: " + figures.get(2)[1]);
        String text = repository.good("stats").out();
        assertEquals(8, text.lines().count(), text);
        String totals = repository.good("stats", "--json").lines().getLast();
        long stored = number(totals, "stored_bytes");
        long packs = 0;
        try (var files = Files.walk(repository.folder.resolve("packs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                packs += Files.size(file);
            }
        }
        assertEquals(packs, number(totals, "pack_bytes"));
        assertTrue(stored > 900_000 && stored < packs, totals);
    }

    private List<long[]> figures() {
        List<long[]> figures = new ArrayList<>();
        for (String line : repository.good("stats", "--json").lines()) {
            if (line.contains("\"backup_stats\"")) {
                figures.add(new long[] {number(line, "own"), number(line, "shared")});
            }
        }
        return figures;
    }

    private static long number(String json, String field) {
        Matcher matcher = Pattern.compile("\"" + field + "\":(\\d+)").matcher(json);
        assertTrue(matcher.find(), json);
        return Long.parseLong(matcher.group(1));
    }
}

package cairn.cmd.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code cairn restore} as it is called; what it restores is proved beside the engine. */
class RestoreCommandTest extends RepositoryFixture {
    private Path out;

    @BeforeEach
    void open() throws IOException {
        out = temp.resolve("out");
        Files.createDirectories(repository.source.resolve("d/e"));
        Files.writeString(repository.source.resolve("d/one.txt"), "one");
        Files.writeString(repository.source.resolve("d/e/two.c"), "two");
        Files.writeString(repository.source.resolve("three.txt"), "three");
        byte[] content = new byte[20_000];
        new Random(1).nextBytes(content);
        Files.write(repository.source.resolve("data"), content);
        repository.save();
    }

    private CommandRun.Result restore(String operand, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of("restore", operand, "--target", out.toString()));
        all.addAll(List.of(more));
        return repository.good(all.toArray(String[]::new));
    }

    private String source() {
        return "latest:" + repository.source;
    }

    private static List<String> below(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(path -> !path.equals(folder)).map(path -> folder.relativize(path).toString()).sorted().toList();
        }
    }

    @Test
    void aWholeBackupAFolderAndAFileLandWhereTheManualSays() throws IOException {
        restore("latest");
        assertEquals("three", Files.readString(Path.of(out + repository.source.resolve("three.txt").toString())));
        out = temp.resolve("folder");
        restore(source());
        assertEquals(List.of("d", "d/e", "d/e/two.c", "d/one.txt", "data", "three.txt"), below(out));
        out = temp.resolve("file");
        restore(source() + "/d/one.txt", source() + "/data");
        assertEquals(List.of("data", "one.txt"), below(out));
    }

    @Test
    void aFileGoesIntoACommandWhoseStatusCounts() throws IOException {
        repository.good("restore", source() + "/data", "--into", "cmp - '" + repository.source.resolve("data") + "'");
        CommandRun.Result failed = repository.run("restore", source() + "/data", "--into", "cat >/dev/null; echo why >&2; exit 7");
        assertEquals(1, failed.status());
        assertTrue(failed.err().contains("why\n") && failed.err().contains("ended with status 7"), failed.err());
        assertEquals(2, repository.run("restore", source() + "/data", "--into", "cat", "--target", out.toString()).status());
        assertEquals(2, repository.run("restore", "latest", "--into", "cat").status());
        assertEquals(1, repository.run("restore", source() + "/d", "--into", "cat").status());
    }

    @Test
    void patternsChoose() throws IOException {
        restore(source(), "--include", "*.txt", "--exclude", "/" + repository.source.toString().substring(1) + "/three.*");
        assertEquals(List.of("d", "d/one.txt"), below(out));
        out = temp.resolve("anchored");
        restore(source(), "--include", "d/e");
        assertEquals(List.of("d", "d/e", "d/e/two.c"), below(out));
    }

    @Test
    void aMapAloneRestoresWhatItMaps() throws IOException {
        repository.good("restore", "latest", "--map-from", repository.source.resolve("d").toString(), "--map-to", out.toString());
        assertEquals(List.of("e", "e/two.c", "one.txt"), below(out));
    }

    @Test
    void aDryRunListsWhatItWouldDoAndDoesNothing() throws IOException {
        restore(source());
        Files.writeString(out.resolve("three.txt"), "changed");
        Files.writeString(out.resolve("extra"), "mine");
        Files.delete(out.resolve("d/one.txt"));
        CommandRun.Result dry = restore(source(), "--dry-run", "--delete");
        assertEquals(List.of("created    " + out.resolve("d/one.txt"), "deleted    " + out.resolve("extra"), "updated    " + out.resolve("three.txt")),
                dry.lines().stream().filter(line -> line.contains(out.toString())).sorted().toList());
        assertEquals("changed", Files.readString(out.resolve("three.txt")));
        assertTrue(Files.exists(out.resolve("extra")));
        restore(source(), "--delete");
        assertEquals("three", Files.readString(out.resolve("three.txt")));
        assertFalse(Files.exists(out.resolve("extra")));
        assertEquals("one", Files.readString(out.resolve("d/one.txt")));
    }

    @Test
    void theSummaryIsOneObjectInJson() throws IOException {
        CommandRun.Result first = restore(source(), "--json", "--verify");
        assertEquals(1, first.lines().size());
        assertTrue(first.out().startsWith("{\"type\":\"restore\",\"dry_run\":false,\"interrupted\":false,"
                + "\"directories\":2,\"created\":4,\"updated\":0,"), first.out());
        assertTrue(first.out().contains("\"bytes_written\":20011,") && first.out().contains("\"bytes_verified\":20011,"), first.out());
        CommandRun.Result again = restore(source(), "--json");
        assertTrue(again.out().contains("\"unchanged\":4,"), again.out());
        assertTrue(again.out().contains("\"bytes_fetched\":0,"), again.out());
    }

    @Test
    void theRepositoryItselfSurvivesARestoreThatDeletesAllElse() throws IOException {
        Path inside = repository.source.resolve("repo");
        Files.move(repository.folder, inside);
        CommandRun.Result result = CommandRun.of("restore", "latest", "-r", inside.toString(), "--key-file", temp.resolve("key").toString(), "--target", "/",
                "--delete").run();
        assertEquals("", result.err());
        assertEquals(0, result.status());
        assertTrue(Files.isDirectory(inside.resolve("packs")));
        Files.move(inside, repository.folder);
    }

    @Test
    void mistakesAreNamed() {
        for (List<String> wrong : List.of(List.of("restore", "latest"), List.of("restore", "latest", "--target", ""),
                List.of("restore", "latest", "--target", "x", "--overwrite", "sometimes"), List.of("restore", "latest", "--map-from", "/a"),
                List.of("restore", "latest", "--map-from", "a", "--map-to", "/b"), List.of("restore", "--target", "x"),
                List.of("restore", "latest", "--target", "x", "--workers", "0"), List.of("restore", "latest", "--target", "x", "--owner-map", "a"))) {
            CommandRun.Result result = repository.run(wrong.toArray(String[]::new));
            assertEquals(2, result.status(), wrong + ": " + result.err());
            assertEquals("", result.out());
        }
        CommandRun.Result missing = repository.run("restore", source() + "/nope", "--target", out.toString());
        assertEquals(1, missing.status());
        assertTrue(missing.err().contains("/nope"), missing.err());
    }

    @Test
    void whatCannotBeReadIsNamedAndTheStatusSaysSo() throws IOException {
        TestRepository.damageLargestPack(repository.folder);
        CommandRun.Result result = repository.run("restore", source(), "--target", out.toString());
        assertEquals(3, result.status(), result.err());
        assertTrue(result.err().contains("/data'"), result.err());
        assertEquals("three", Files.readString(out.resolve("three.txt")));
    }
}

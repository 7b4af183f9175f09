package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code SIGINT}, as from a terminal, while a real process saves files. */
class InterruptedBackupIT {
    /** Of the requirement it is one; the rest is for a machine that has other things to do. */
    private static final int SECONDS = 4;

    @TempDir
    Path temp;

    private static long figure(String json, String name) {
        Matcher figure = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(json);
        assertTrue(figure.find(), name + " in " + json);
        return Long.parseLong(figure.group(1));
    }

    /** One a pack, for the first few; pieces of files that are being written come and go below. */
    private static int folders(Path path) {
        String[] names = path.toFile().list();
        return names == null ? 0 : names.length;
    }

    @Test
    void sigintKeepsWhatIsFinishedAndTheNextRunGoesOnFromThere() throws Exception {
        Household user = Household.in(temp);
        int files = 1500;
        for (int i = 0; i < files; i++) {
            user.write("d" + i % 30 + "/f" + i, Household.random(40_000, i));
        }
        assertEquals(0, user.run("init", "--pack-size", "1MiB").status());
        Path log = temp.resolve("log");
        Process backup = Program.of(user, "backup", "--json", "--readers", "1", user.source().toString())
                .redirectOutput(log.toFile()).redirectError(ProcessBuilder.Redirect.appendTo(temp.resolve("err").toFile())).start();
        while (folders(user.repository().resolve("packs")) < 6 && backup.isAlive()) {
            backup.waitFor(10, TimeUnit.MILLISECONDS);
        }
        assertTrue(backup.isAlive(), "it has much left to do");
        assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(backup.pid())).start().waitFor());
        assertTrue(backup.waitFor(SECONDS, TimeUnit.SECONDS), "it ends at once");
        assertEquals(130, backup.exitValue());
        String first = java.nio.file.Files.readString(log);
        assertTrue(first.contains("\"partial\":true"), first);
        long finished = figure(first, "files_new");
        assertTrue(finished > 0 && finished < files, first);

        CommandRun.Result next = user.run("backup", "--json", "--recheck", "0%", user.source().toString());
        assertEquals(0, next.status(), next.err());
        assertEquals(finished, figure(next.out(), "files_unchanged"), "finished files are not read again");
        assertEquals((files - finished) * 40_000, figure(next.out(), "bytes_read"));
        assertEquals(user.sums(), Household.sums(user.run("sums", Household.id(next) + ":" + user.source())));
        assertEquals(0, user.run("verify", "--read-data").status());
    }
}

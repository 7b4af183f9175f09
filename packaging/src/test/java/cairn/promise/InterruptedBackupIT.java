package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.robust.Clocks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code SIGINT}, as from a terminal, while a real process saves files. */
class InterruptedBackupIT {
    @TempDir
    Path temp;

    private static long figure(String json, String name) {
        Matcher figure = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(json);
        assertTrue(figure.find(), name + " in " + json);
        return Long.parseLong(figure.group(1));
    }

    /** The signal comes when some packs are written and the walk stands before a gate that half of the files lie behind. */
    @Test
    void sigintKeepsWhatIsFinishedAndTheNextRunGoesOnFromThere() throws Exception {
        Household user = Household.in(temp);
        int files = 1500;
        for (int i = 0; i < files; i++) {
            user.write((i % 2 == 0 ? "a/d" : "z/d") + i % 30 + "/f" + i, Household.random(40_000, i));
        }
        Gate.build(user.source().resolve("m"));
        assertEquals(0, user.run("init", "--pack-size", "1MiB").status());
        Clocks.pass(user.source());
        Path log = temp.resolve("log");
        ProcessBuilder builder = Program.of(user, "backup", "--json", "--readers", "1", user.source().toString()).redirectOutput(log.toFile());
        builder.command().addAll(Gate.OPTIONS);
        builder.command().addAll(0, List.of("env", "--default-signal")); // these tests may run where signals are ignored
        Process backup = builder.start();
        while (backup.isAlive() && user.files("packs").size() < 6) {
            Thread.onSpinWait();
        }
        assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(backup.pid())).start().waitFor());
        String said = Gate.open(backup);
        assertEquals(130, backup.waitFor(), said);
        Assumptions.assumeFalse(said.contains("did not get clean"), "this machine is too busy to make its file system clean");
        String first = Files.readString(log);
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

package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a backup at random moments. {@code -Dcairn.kills=50 -Dcairn.seed=N} for more and for others. */
class KilledBackupIT {
    private static final int KILLS = Integer.getInteger("cairn.kills", 10);

    @TempDir
    Path temp;

    @Test
    void whateverIsKilledNothingIsLostAndLittleIsWrittenAgain() throws Exception {
        Random random = new Random(Long.getLong("cairn.seed", 1));
        Household user = Household.in(temp);
        for (int i = 0; i < 400; i++) {
            user.write("d" + i % 20 + "/f" + i, Household.random(20_000 + 200 * i, i));
        }
        assertEquals(0, user.run("init", "--pack-size", "1MiB").status());
        long began = System.nanoTime();
        Program.Ended first = Program.run(user, "backup", "--name", "timing", user.source().toString());
        assertEquals(0, first.status(), first.out());
        long whole = (System.nanoTime() - began) / 1_000_000;
        long fresh = stored(user);
        long changed = 0;
        int kills = 0;
        for (int i = 0; i < KILLS; i++) {
            for (int j = 0; j < 40; j++) {
                byte[] content = Household.random(50_000, 1000 + 100L * i + j);
                user.write("d" + random.nextInt(20) + "/new" + i + "-" + j, content);
                changed += content.length;
            }
            Process backup = Program.of(user, "backup", "--reread", user.source().toString())
                    .redirectErrorStream(true).redirectOutput(temp.resolve("log").toFile()).start();
            if (!backup.waitFor(whole / 5 + random.nextLong(whole), TimeUnit.MILLISECONDS)) {
                kills++;
            }
            backup.destroyForcibly().waitFor();
            CommandRun.Result verify = user.run("verify", "--read-data");
            assertEquals(0, verify.status(), "kill " + i + ": " + verify.out() + verify.err());
            assertTrue(verify.out().contains("no damage found\n"), verify.out());
            if (i % 2 == 1) {
                String id = user.backup();
                CommandRun.Result sums = user.run("sums", id + ":" + user.source());
                assertEquals(user.sums(), Household.sums(sums), "after kill " + i);
            }
        }
        assertTrue(kills > KILLS / 4, kills + " of " + KILLS + " backups were still running when they were killed");
        user.backup();
        long stored = stored(user);
        assertTrue(stored < fresh + changed + (4L << 20), "stored " + stored + " for " + (fresh + changed) + " bytes: killed runs were not used");
    }

    private static long stored(Household user) throws Exception {
        long bytes = 0;
        for (Path pack : user.packs(1)) {
            bytes += Files.size(pack);
        }
        return bytes;
    }
}

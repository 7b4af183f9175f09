package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a backup at random moments. {@code -Dcairn.kills=50 -Dcairn.seed=N} for more and for others.
 *
 * <p>A moment is a number of files that the run has added to the repository. Every other run stands before a
 * {@link Gate} that keeps it from its end, so that it is certain to be hit; the others run freely and may be hit as late
 * as while they end their session.
 */
class KilledBackupIT {
    private static final int KILLS = Integer.getInteger("cairn.kills", 10);
    /** Of a process that {@code SIGKILL} ended. */
    private static final int KILLED = 128 + 9;
    /** Its session and a pack: the files that a run adds while it stands before the gate. */
    private static final int BEFORE_THE_GATE = 2;
    /** Also its other packs, index file, record and the end of its session. */
    private static final int IN_ALL = 9;

    @TempDir
    Path temp;

    @Test
    void whateverIsKilledNothingIsLostAndLittleIsWrittenAgain() throws Exception {
        Random random = new Random(Long.getLong("cairn.seed", 1));
        Household user = Household.in(temp);
        for (int i = 0; i < 400; i++) {
            user.write("d" + i % 20 + "/f" + i, Household.random(20_000 + 200 * i, i));
        }
        Gate.build(user.source().resolve("gate"));
        assertEquals(0, user.run("init", "--pack-size", "1MiB").status());
        user.backup();
        long fresh = stored(user);
        long changed = 0;
        for (int i = 0; i < KILLS; i++) {
            boolean gated = i % 2 == 0;
            for (int j = 0; j < 80; j++) {
                byte[] content = Household.random(50_000, 1000 + 100L * i + j);
                user.write("d" + random.nextInt(20) + "/new" + i + "-" + j, content);
                changed += content.length;
            }
            int status = kill(user, gated, random.nextInt((gated ? BEFORE_THE_GATE : IN_ALL) + 1), random.nextInt(5_000_000));
            assertTrue(status == KILLED || !gated && status == 0, "kill " + i + ": status " + status);
            CommandRun.Result verify = user.run("verify", "--read-data");
            assertEquals(0, verify.status(), "kill " + i + ": " + verify.out() + verify.err());
            assertTrue(verify.out().contains("no damage found\n"), verify.out());
            if (i % 3 == 2) {
                String id = user.backup();
                CommandRun.Result sums = user.run("sums", id + ":" + user.source());
                assertEquals(user.sums(), Household.sums(sums), "after kill " + i);
            }
        }
        user.backup();
        long stored = stored(user);
        assertTrue(stored < fresh + changed + (4L << 20), "stored " + stored + " for " + (fresh + changed) + " bytes: killed runs were not used");
    }

    /** Kills a backup a moment after it added its {@code files}th file. @return the status of the process */
    private int kill(Household user, boolean gated, int files, long nanos) throws Exception {
        Set<Path> before = Set.copyOf(user.files(""));
        Set<Path> added = new HashSet<>();
        ProcessBuilder builder = Program.of(user, "backup", "--reread", "--readers", "2", user.source().toString());
        builder.command().addAll(Gate.OPTIONS);
        builder.redirectOutput(temp.resolve("log").toFile());
        if (!gated) {
            builder.redirectError(temp.resolve("errors").toFile());
        }
        Process backup = builder.start();
        while (backup.isAlive() && added.size() < files) {
            user.files("").stream().filter(file -> !before.contains(file)).forEach(added::add);
        }
        LockSupport.parkNanos(nanos);
        return backup.destroyForcibly().waitFor();
    }

    private static long stored(Household user) throws Exception {
        long bytes = 0;
        for (Path pack : user.files("packs")) {
            bytes += Files.size(pack);
        }
        return bytes;
    }
}

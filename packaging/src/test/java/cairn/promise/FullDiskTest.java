package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.posix.PrivateMounts;
import cairn.posix.RawString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository on a disk of its own that gets full in the middle of a backup. */
class FullDiskTest {
    @TempDir
    Path temp;

    @Test
    void aFullDiskIsSaidNothingIsLostAndAfterwardsItGoesOn() throws Exception {
        Assumptions.assumeTrue(PrivateMounts.available(), "mounting a small disk needs root");
        Household user = Household.in(temp);
        Path disk = Files.createDirectories(user.home().resolve(".local/share/cairn"));
        PrivateMounts.run(() -> {
            PrivateMounts.mount("none", RawString.encode(disk.toString()), "tmpfs", 0, "size=16m");
            assertEquals(0, user.run("init", "--pack-size", "1MiB").status());
            Files.write(disk.resolve("ballast"), new byte[5 << 20]);
            user.write("a", Household.random(4_000_000, 1));
            String first = user.backup();
            Map<String, String> firstFiles = user.sums();
            for (int i = 0; i < 9; i++) {
                user.write("b" + i, Household.random(1_000_000, 10 + i));
            }
            for (int i = 0; i < 2; i++) {
                CommandRun.Result full = user.run("backup", user.source().toString());
                assertEquals(1, full.status(), full.err());
                assertTrue(full.err().contains("no space left"), full.err());
                assertEquals(1, full.err().lines().filter(line -> line.startsWith("cairn: ")).count(), full.err());
                Household.assertClear(full, "on a full disk");
                assertEquals(0, user.run("verify", "--read-data").status());
                CommandRun.Result sums = user.run("sums", first + ":" + user.source());
                assertEquals(firstFiles, Household.sums(sums), "reading needs no space: " + sums.err());
            }
            Files.delete(disk.resolve("ballast"));
            String second = user.backup();
            assertEquals(user.sums(), Household.sums(user.run("sums", second + ":" + user.source())));
            CommandRun.Result verify = user.run("verify", "--read-data");
            assertEquals(0, verify.status(), verify.out() + verify.err());
            assertTrue(verify.out().contains("no damage found\n"), verify.out());
        });
    }
}

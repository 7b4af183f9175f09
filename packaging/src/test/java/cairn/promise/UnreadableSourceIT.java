package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user may not read is named and recorded; all else is saved. Root does without the rights that let it read
 * everything: another user might not even get at the program and at the folder of the test.
 */
class UnreadableSourceIT {
    @TempDir
    Path temp;

    @Test
    void whatMayNotBeReadIsNamedAndAllElseIsSaved() throws Exception {
        Household user = Household.in(temp);
        user.write("good", Household.random(10_000, 1));
        user.write("secret", Household.random(10_000, 2));
        user.write("closed/inside", Household.random(10_000, 3));
        user.write("open/inside2", Household.random(10_000, 4));
        Map<String, String> expected = user.sums();
        expected.keySet().removeAll(Set.of("secret", "inside"));
        Files.setPosixFilePermissions(user.source().resolve("secret"), Set.of());
        Files.setPosixFilePermissions(user.source().resolve("closed"), Set.of());
        List<String> words = new ArrayList<>();
        if (Files.isReadable(user.source().resolve("secret"))) {
            words.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"));
        }
        ProcessBuilder builder = Program.of(user, "backup", "--json", user.source().toString()).redirectErrorStream(true);
        words.addAll(builder.command());
        Process backup = builder.command(words).start();
        String out = new String(backup.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(3, backup.waitFor(), out);
        Files.setPosixFilePermissions(user.source().resolve("closed"), PosixFilePermissions.fromString("rwx------"));
        assertTrue(out.contains("/secret") && out.contains("/closed"), out);
        assertTrue(out.contains("\"incomplete\":true"), out);
        String id = out.substring(out.indexOf("\"id\":\"") + 6).substring(0, 64);
        CommandRun.Result sums = user.run("sums", id + ":" + user.source());
        assertEquals(expected, Household.sums(sums), sums.err());
    }
}

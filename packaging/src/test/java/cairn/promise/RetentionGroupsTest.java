package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy thins out are versions of the same thing. */
class RetentionGroupsTest {
    @TempDir
    Path temp;

    private Household user;

    @BeforeEach
    void twoFolders() throws Exception {
        user = Household.in(temp);
        user.write("etc/file", Household.random(60_000, 1));
        user.write("home/file", Household.random(60_000, 2));
    }

    private String backup(String folder, String... options) {
        List<String> words = new ArrayList<>(List.of("backup", "--json", "--recheck", "0%", user.source().resolve(folder).toString()));
        words.addAll(List.of(options));
        CommandRun.Result result = user.run(words.toArray(String[]::new));
        assertEquals(0, result.status(), result.err());
        return Household.id(result);
    }

    private long left() {
        return user.run("list", "--json").lines().stream().filter(line -> line.contains("\"type\":\"backup\"")).count();
    }

    @Test
    void backupsOfOtherPathsAreNoVersionsOfEachOther() {
        backup("etc");
        backup("home");
        backup("home");
        assertEquals(0, user.run("forget", "--keep-last", "1").status());
        assertEquals(2, left());
    }

    @Test
    void backupsOfOneNameAreVersionsWhateverTheirPaths() {
        backup("etc", "--name", "nightly");
        backup("home", "--name", "nightly");
        assertEquals(0, user.run("forget", "--keep-last", "1").status());
        assertEquals(1, left());
    }

    @Test
    void anotherChoiceOfPathsStillStandsOnWhatIsKnown() {
        String first = backup("etc");
        CommandRun.Result both = user.run("backup", "--json", "--recheck", "0%", user.source().toString());
        assertTrue(both.out().contains("\"base\":\"" + first + "\""), both.out());
    }
}

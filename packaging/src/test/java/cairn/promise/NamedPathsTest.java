package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A path that is named and not there, as of a disk that is not mounted tonight, costs nobody the backup of the others. */
class NamedPathsTest {
    @TempDir
    Path temp;

    @Test
    void whatIsThereIsSavedAndWhatIsMissingIsNamed() throws Exception {
        Household user = Household.in(temp);
        user.write("f", "content");
        String missing = temp.resolve("not/mounted").toString();
        CommandRun.Result dry = user.run("backup", "-n", user.source().toString(), missing);
        assertEquals(3, dry.status(), dry.err());
        assertTrue(dry.err().contains("'" + missing + "': could not be saved: no such file or directory"), dry.err());
        CommandRun.Result some = user.run("backup", "--json", user.source().toString(), missing);
        assertEquals(3, some.status(), some.err());
        assertTrue(some.err().contains(missing), some.err());
        assertTrue(some.out().contains("\"incomplete\":true"), some.out());
        assertEquals(user.sums(), Household.sums(user.run("sums", "latest:" + user.source())));
        CommandRun.Result none = user.run("backup", missing);
        assertEquals(1, none.status());
        assertEquals("cairn: cannot save '" + missing + "': no such file or directory\n", none.err());
    }
}

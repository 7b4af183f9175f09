package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.remote.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --limit @FILE}: what a file says counts from the next look on. */
class LimitFileTest {
    @TempDir
    Path temp;

    private final Throttle throttle = new Throttle(0);
    private final List<String> warnings = new ArrayList<>();

    private LimitFile file() {
        return new LimitFile(RawString.encode(temp.resolve("limit").toString()), throttle, warnings::add);
    }

    private void say(String text) throws IOException {
        Files.writeString(temp.resolve("limit"), text);
    }

    @Test
    void itsFirstLineIsTheRate() throws IOException {
        LimitFile file = file();
        say("10MiB/s\nsince the line was upgraded\n");
        file.look();
        assertEquals(10 << 20, throttle.rate());
        say("  512\n");
        file.look();
        assertEquals(512, throttle.rate());
        say("0");
        file.look();
        assertEquals(0, throttle.rate());
        assertEquals(List.of(), warnings);
    }

    @Test
    void whatCannotBeUnderstoodIsToldOnceAndLeavesTheRateAsItWas() throws IOException {
        LimitFile file = file();
        say("1KiB/s");
        file.look();
        say("fast");
        file.look();
        file.look();
        assertEquals(1024, throttle.rate());
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.getFirst().contains("not 'fast'"), warnings.toString());
        Files.delete(temp.resolve("limit"));
        file.look();
        file.look();
        assertEquals(1024, throttle.rate());
        assertEquals(2, warnings.size(), warnings.toString());
        say("2KiB/s");
        file.look();
        assertEquals(2048, throttle.rate());
        say("fast");
        file.look();
        assertEquals(3, warnings.size(), warnings.toString());
    }

    @Test
    void aFileThatIsNoGoodAtTheBeginningIsAnError() throws IOException {
        assertEquals(ExitCode.USAGE, assertThrows(CairnException.class, () -> file().follow()).exitCode());
        say("");
        assertEquals(ExitCode.USAGE, assertThrows(CairnException.class, () -> file().follow()).exitCode());
    }
}

package cairn.posix;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs of others that some tests use as judges; {@code bin/check} installs them where it may. */
public final class Programs {
    private Programs() {
    }

    /** Skips the test, and says why, if one of them is not installed. */
    public static void require(String... names) {
        for (String name : names) {
            Assumptions.assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
                    () -> name + " is missing");
        }
    }
}

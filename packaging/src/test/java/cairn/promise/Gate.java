package cairn.promise;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A place in a source tree that a backup cannot get past before somebody lets it: it has to say more about this folder
 * (under {@link #OPTIONS}) than fits into the pipe behind its standard error, which nobody reads until
 * {@link #open(Process)}. So what a test does to it meanwhile hits a running backup, on a machine of any speed.
 */
final class Gate {
    /** To be given to the backup. It saves no file of the gate. */
    static final List<String> OPTIONS = List.of("-v", "--exclude-if-present", "gate-tag", "--exclude", "gate-tag");
    /** Twice what a pipe holds by default. */
    private static final int BYTES = 128 << 10;

    private Gate() {
    }

    static void build(Path folder) throws IOException {
        String name = "n".repeat(240);
        for (int i = 0; i < BYTES / name.length(); i++) {
            Path tagged = Files.createDirectories(folder.resolve(name + i));
            Files.createFile(tagged.resolve("gate-tag"));
        }
    }

    /** Lets the backup go on, to its end; gives what it said. */
    static String open(Process backup) throws IOException {
        try (InputStream said = backup.getErrorStream()) {
            return new String(said.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

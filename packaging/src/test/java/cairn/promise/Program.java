package cairn.promise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code bin/cairn} as a process of its own, with the home of a {@link Household}. */
final class Program {
    /** The top of the sources: Maven runs the tests in the folder of the module. */
    static final Path TOP = Path.of(System.getProperty("cairn.top", "..")).toAbsolutePath().normalize();

    private Program() {
    }

    static ProcessBuilder of(Household user, String... args) {
        List<String> words = new ArrayList<>(List.of(TOP.resolve("bin/cairn").toString()));
        words.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("HOME", user.home().toString());
        builder.environment().put("CAIRN_AOT", "off");
        builder.environment().put("LC_ALL", "C.UTF-8");
        List.of("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "CAIRN_REPO", "CAIRN_PASSWORD")
                .forEach(builder.environment()::remove);
        return builder;
    }

    record Ended(int status, String out) {
    }

    /** Runs to its end; both streams in one. */
    static Ended run(Household user, String... args) throws IOException, InterruptedException {
        Process process = of(user, args).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out);
    }
}

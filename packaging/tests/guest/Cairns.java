import cairn.cli.CommandContext;
import cairn.cli.Dispatcher;
import cairn.cli.Registry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs commands of Cairn one after the other in one JVM: to start one for each costs an emulated machine more than
 * what they do. {@code Cairns FOLDER}: for each line that comes through the pipe FOLDER/asked, runs what FOLDER/args holds,
 * with a zero byte behind each, writes FOLDER/out and err, and at last its status to the pipe FOLDER/answered.
 */
final class Cairns {
    private Cairns() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Map<String, String> environment = System.getenv();
        Dispatcher dispatcher = new Dispatcher(Registry.load());
        try (BufferedReader in = Files.newBufferedReader(folder.resolve("asked"));
                Writer answered = Files.newBufferedWriter(folder.resolve("answered"))) {
            while (in.readLine() != null) {
                List<String> words = List.of(Files.readString(folder.resolve("args"), StandardCharsets.UTF_8).split("\0"));
                int status;
                try (var out = Files.newOutputStream(folder.resolve("out")); var err = Files.newOutputStream(folder.resolve("err"))) {
                    status = dispatcher.run(CommandContext.builder().args(words).stdout(out).stderr(err).environment(environment)
                            .cwd(() -> new byte[] {'/'}).build());
                }
                answered.write(status + "\n");
                answered.flush();
            }
        }
    }
}

package cairn.cli.aot;

import cairn.cli.CommandContext;
import cairn.cli.Dispatcher;
import cairn.cli.Main;
import cairn.cli.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What the launcher runs to make its AOT cache: the usual commands on a small tree, so that the JVM notes which classes
 * they load and which methods are hot. How a command ends does not matter here; what it loaded on the way does.
 */
public final class Training {
    private static final int FOLDERS = 20;
    private static final int FILES = 30;

    private final Path folder;
    private final Map<String, String> environment;

    private Training(Path folder) {
        this.folder = folder;
        this.environment = Map.of("HOME", folder.toString(), "XDG_CONFIG_HOME", folder.resolve("config").toString(),
                "XDG_DATA_HOME", folder.resolve("data").toString(), "XDG_CACHE_HOME", folder.resolve("cache").toString());
    }

    /**
     * Arguments: a folder to be made and used, then {@code --version}: the last arguments of this process are those of
     * {@link Main}, whose start and end belong to each command.
     */
    public static void main(String[] args) throws IOException {
        new Training(Files.createDirectories(Path.of(args[0]))).run();
        Main.main(new String[] {args[1]});
    }

    private void run() throws IOException {
        Path tree = folder.resolve("tree");
        writeTree(tree);
        commands(tree, "--help", "help backup", "backup --name training TREE");
        Files.writeString(tree.resolve("new"), "a change\n");
        commands(tree, "backup --name training TREE", "backup --json --name training TREE", "list", "list --json",
                "ls latest:TREE", "ls -lR latest:TREE", "cat latest:TREE/new", "find new", "versions TREE/new", "stats",
                "restore latest --target target", "restore latest:TREE --target TREE", "diff latest latest",
                "verify", "verify --read-data", "forget --keep-last 1", "prune --grace 0", "no-such-command");
        streams(tree);
        String locked = " -r " + folder.resolve("locked") + " --password-file " + Files.writeString(folder.resolve("password"), "training\n");
        commands(tree, "init" + locked, "list" + locked);
    }

    /** Backups on their way through pipes and conversations, both ends: what is new, and what is known. */
    private void streams(Path tree) throws IOException {
        Path stream = folder.resolve("stream");
        String key = folder.resolve("config/cairn/default.key").toString();
        String sealed = "send -r " + folder.resolve("data/cairn/default") + " --key-file " + key;
        for (String send : List.of(sealed + " TREE", sealed + " --base latest TREE", "send --plain TREE")) {
            command(words(tree, send), InputStream.nullInputStream(), Files.newOutputStream(stream));
            command(List.of("receive"), Files.newInputStream(stream), OutputStream.nullOutputStream());
        }
        Conversation far = new Conversation(folder, (in, out) -> command(List.of("receive", "--stdio"), in, out));
        far.hold(script -> command(List.of("send", "--to", script, "--key-file", key, tree.toString())));
        far.hold(script -> command(List.of("ls", "-r", "ssh://training/there", "--ssh", script + " #", "--key-file", key, "latest:" + tree)));
    }

    private void commands(Path tree, String... lines) {
        for (String line : lines) {
            command(words(tree, line));
        }
    }

    private static List<String> words(Path tree, String line) {
        return Stream.of(line.split(" ")).map(word -> word.replace("TREE", tree.toString())).toList();
    }

    private void command(List<String> words) {
        command(words, InputStream.nullInputStream(), OutputStream.nullOutputStream());
    }

    private void command(List<String> words, InputStream in, OutputStream out) {
        try (in; out) {
            new Dispatcher(Registry.load()).run(CommandContext.builder().args(words).environment(environment).stdin(in).stdout(out)
                    .cwd(() -> folder.toString().getBytes(StandardCharsets.UTF_8)).build());
        } catch (IOException lost) {
            // a file that cannot be closed: what was loaded until then was noted
        }
    }

    private static void writeTree(Path tree) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < FOLDERS; i++) {
            Path sub = Files.createDirectories(tree.resolve("folder-" + i));
            for (int j = 0; j < FILES; j++) {
                byte[] content = new byte[random.nextInt(1, 1 << (5 + j % 16))];
                random.nextBytes(content);
                // Half of it compresses, as in real folders.
                for (int k = 0; j % 2 == 0 && k < content.length; k++) content[k] = (byte) ('a' + (content[k] & 7));
                Files.write(sub.resolve("file-" + j), content);
            }
            Files.createSymbolicLink(sub.resolve("link"), Path.of("file-1"));
        }
        Files.createLink(tree.resolve("hard"), tree.resolve("folder-0/file-0"));
    }
}

package cairn.packaging;

import cairn.cli.CommandModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Manual pages and completions of the distribution. What is written by hand comes from {@code man/} (pages, examples and
 * the frame of {@code cairn.1}), all else from the commands.
 */
final class Documents {
    private Documents() {}

    /**
     * @param man the folder of the sources
     * @return file names below {@code man/}, and their text
     * @throws IOException also if a page that is made from a command was written by hand too
     */
    static Map<String, String> manual(Path man, List<CommandModule> modules, String version, String date) throws IOException {
        List<CommandModel> commands = CommandModel.all(modules);
        Manual manual = new Manual(version, date, commands);
        Map<String, String> pages = new TreeMap<>();
        for (CommandModel command : commands) {
            pages.put(command.page() + ".1", manual.page(command, examples(man, command)));
        }
        pages.put("cairn.1", manual.overview(Files.readString(man.resolve("cairn.1.in")), modules));
        try (Stream<Path> written = Files.list(man)) {
            for (Path page : written.filter(p -> p.getFileName().toString().matches(".*\\.[1-8]")).toList()) {
                if (pages.put(page.getFileName().toString(), Files.readString(page)) != null) {
                    throw new IOException(page + " is made from a command, and may not be written by hand too");
                }
            }
        }
        return pages;
    }

    /** File names below {@code completions/}, and their text. */
    static Map<String, String> completions(List<CommandModule> modules) {
        List<CommandModel> commands = CommandModel.all(modules);
        return Map.of("cairn.bash", BashCompletion.of(commands), "_cairn", ZshCompletion.of(commands), "cairn.fish", FishCompletion.of(commands));
    }

    /** The lines of the command's examples, or null if there are none. */
    static List<String> examples(Path man, CommandModel command) throws IOException {
        Path file = man.resolve("examples").resolve(fileName(command));
        return Files.exists(file) ? Files.readAllLines(file) : null;
    }

    private static String fileName(CommandModel command) {
        return command.name().replace(' ', '-') + ".txt";
    }

    /** File names of examples for commands that do not exist. */
    static List<String> strayExamples(Path man, List<CommandModel> commands) throws IOException {
        Path folder = man.resolve("examples");
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            List<String> known = commands.stream().map(Documents::fileName).toList();
            return files.map(f -> f.getFileName().toString()).filter(name -> !known.contains(name)).sorted().toList();
        }
    }
}

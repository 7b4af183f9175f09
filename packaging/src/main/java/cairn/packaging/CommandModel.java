package cairn.packaging;

import cairn.cli.CommandEntry;
import cairn.cli.CommandHelp;
import cairn.cli.CommandLineFactory;
import cairn.cli.CommandModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * One command as manual page and completions see it: the picocli model that also parses its arguments, so that none of
 * them can drift from what the program does.
 *
 * @param entry its name and summary
 * @param spec  its options and operands
 */
record CommandModel(CommandEntry entry, CommandSpec spec) {
    /** What stands for files in {@code --option=LABEL} and in operands. */
    private static final Set<String> FILE_LABELS = Set.of("FILE", "PATH", "DIR", "FOLDER", "REPO", "DEVICE", "IMAGE", "TARGET");

    /** How a value can be completed. */
    enum Value { NONE, FILES, WORDS, OTHER }

    static CommandModel of(CommandEntry entry) {
        return new CommandModel(entry, CommandLineFactory.of(entry).getCommandSpec());
    }

    /** All commands of the modules, in the order of help. */
    static List<CommandModel> all(List<CommandModule> modules) {
        return modules.stream().flatMap(m -> m.commands().stream()).map(CommandModel::of).toList();
    }

    /** {@code key add}. */
    String name() {
        return entry.name();
    }

    /** The name of its manual page: {@code cairn-key-add}. */
    String page() {
        return "cairn-" + name().replace(' ', '-');
    }

    /** Those that help shows, in its order. */
    List<OptionSpec> options() {
        List<OptionSpec> shown = new ArrayList<>();
        CommandHelp.sections(spec).values().forEach(shown::addAll);
        return shown;
    }

    List<PositionalParamSpec> operands() {
        return spec.positionalParameters().stream().filter(p -> !p.hidden()).toList();
    }

    /** How the command's operands can be completed; files win where several kinds are possible. */
    Value operandValue() {
        List<Value> kinds = operands().stream().map(CommandModel::value).toList();
        for (Value kind : List.of(Value.FILES, Value.WORDS, Value.OTHER)) {
            if (kinds.contains(kind)) return kind;
        }
        return Value.NONE;
    }

    static Value value(ArgSpec arg) {
        if (arg.arity().max() == 0) return Value.NONE;
        if (!words(arg).isEmpty()) return Value.WORDS;
        for (String part : arg.paramLabel().split("[^A-Z]+")) {
            if (FILE_LABELS.contains(part)) return Value.FILES;
        }
        return Value.OTHER;
    }

    /** The words a value may be, if they are known: what the option names as candidates, or the constants of its type. */
    static List<String> words(ArgSpec arg) {
        List<String> words = new ArrayList<>();
        if (arg.completionCandidates() != null) arg.completionCandidates().forEach(words::add);
        if (words.isEmpty() && arg.isPositional() && arg.paramLabel().startsWith("BACKUP")) words.add("latest");
        return words;
    }

    static boolean repeatable(OptionSpec option) {
        return option.isMultiValue();
    }

    static String label(ArgSpec arg) {
        return arg.paramLabel();
    }

    /** The description up to its first semicolon: what fits beside a completion. */
    static String brief(ArgSpec arg) {
        return String.join(" ", arg.description()).split(";")[0];
    }
}

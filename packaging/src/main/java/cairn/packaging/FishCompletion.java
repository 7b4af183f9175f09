package cairn.packaging;

import cairn.packaging.CommandModel.Value;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish 3 and later. */
final class FishCompletion {
    private static final String HEAD = """
            # fish completion for cairn. Made from the command model: do not edit.

            # Is the command line at the command $argv, its name given in full? Without arguments: is none given yet?
            function __cairn_at
                set -l words
                set -l skip 0
                for word in (commandline -opc)[2..-1]
                    if test $skip = 1
                        set skip 0
                    else if contains -- $word $__cairn_global_valued
                        set skip 1
                    else if not string match -q -- '-*' $word
                        set -a words $word
                        if not contains -- $words[1] $__cairn_families; or test (count $words) = 2
                            break
                        end
                    end
                end
                test "$words" = "$argv"
            end

            """;

    private FishCompletion() {}

    static String of(List<CommandModel> commands) {
        StringBuilder out = new StringBuilder(HEAD);
        TreeSet<String> families = new TreeSet<>();
        commands.stream().filter(c -> c.entry().inFamily()).forEach(c -> families.add(c.entry().family()));
        out.append("set -g __cairn_families ").append(String.join(" ", families)).append('\n');
        out.append("set -g __cairn_global_valued ").append(GlobalOptions.OPTIONS.stream().filter(o -> o.arity().max() > 0)
                .flatMap(o -> List.of(o.names()).stream()).collect(Collectors.joining(" "))).append("\n\n");
        out.append("complete -c cairn -f\n");
        rule(out, "").append(" -s h -l help -d 'show help'\n");
        rule(out, "").append(" -s V -l version -d 'show the version'\n");
        GlobalOptions.OPTIONS.forEach(o -> option(out, "", o));
        rule(out, "").append(" -a help -d 'show what a command does'\n");
        for (String family : families) rule(out, "").append(" -a ").append(family).append(" -d ").append(quote("commands about: " + family)).append('\n');
        for (CommandModel command : commands) {
            boolean inFamily = command.entry().inFamily();
            String family = command.entry().family();
            rule(out, inFamily ? family : "").append(" -a ").append(inFamily ? command.name().substring(family.length() + 1) : command.name())
                    .append(" -d ").append(quote(command.entry().summary())).append('\n');
            if (!inFamily) rule(out, "help").append(" -a ").append(command.name()).append('\n');
        }
        for (CommandModel command : commands) {
            command.options().forEach(o -> option(out, command.name(), o));
            Value operands = command.operandValue();
            if (operands == Value.FILES) rule(out, command.name()).append(" -F\n");
            if (operands == Value.WORDS) {
                rule(out, command.name()).append(" -a ").append(quote(command.operands().stream()
                        .flatMap(o -> CommandModel.words(o).stream()).distinct().collect(Collectors.joining(" ")))).append('\n');
            }
        }
        return out.toString();
    }

    private static void option(StringBuilder out, String command, OptionSpec option) {
        rule(out, command);
        for (String name : option.names()) {
            out.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        boolean required = option.arity().min() > 0;
        out.append(switch (CommandModel.value(option)) {
            case NONE -> "";
            case FILES -> required ? " -r -F" : " -F";
            case WORDS -> (required ? " -x" : "") + " -a " + quote(String.join(" ", CommandModel.words(option)));
            case OTHER -> required ? " -x" : "";
        });
        out.append(" -d ").append(quote(CommandModel.brief(option))).append('\n');
    }

    private static StringBuilder rule(StringBuilder out, String command) {
        return out.append("complete -c cairn -n ").append(quote(("__cairn_at " + command).strip()));
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}

package cairn.packaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for zsh, on top of its {@code _arguments}. */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(List<CommandModel> commands) {
        StringBuilder out = new StringBuilder("""
                #compdef cairn
                # zsh completion for cairn. Made from the command model: do not edit.

                """);
        Map<String, String> first = new LinkedHashMap<>();
        for (CommandModel command : commands) {
            String family = command.entry().family();
            first.putIfAbsent(family, command.entry().inFamily() ? "commands about: " + family : command.entry().summary());
            function(out, command);
        }
        first.forEach((family, summary) -> {
            if (commands.stream().anyMatch(c -> c.entry().inFamily() && c.entry().family().equals(family))) family(out, family, commands);
        });
        first.put("help", "show what a command does");
        out.append("_cairn() {\n    local curcontext=$curcontext state line\n    local -a commands\n    typeset -A opt_args\n");
        describe(out, first);
        out.append("    _arguments -C -s \\\n");
        options(out, GlobalOptions.OPTIONS);
        out.append("        '(- *)'{-h,--help}'[show help]' '(- *)'{-V,--version}'[show the version]' \\\n");
        out.append("        '1: :->command' '*:: :->rest'\n");
        out.append("""
                    case $state in
                    command) _describe -t commands command commands ;;
                    rest)
                        case $words[1] in
                        help) _describe -t commands command commands ;;
                """);
        first.keySet().stream().filter(name -> !name.equals("help")).forEach(name ->
                out.append("        ").append(name).append(") _cairn_").append(name.replace('-', '_')).append(" ;;\n"));
        return out.append("        esac\n        ;;\n    esac\n}\n\n_cairn \"$@\"\n").toString();
    }

    private static void function(StringBuilder out, CommandModel command) {
        out.append("_cairn_").append(command.name().replaceAll("[ -]", "_")).append("() {\n    _arguments -s \\\n");
        options(out, command.options());
        out.append("        ").append(command.operands().isEmpty() ? "':'" : quote(combined(command))).append("\n}\n\n");
    }

    /** One rule for all operands: which of them a word is cannot be told while options may follow. */
    private static String combined(CommandModel command) {
        String labels = command.operands().stream().map(CommandModel::label).distinct().collect(Collectors.joining(" "));
        String action = switch (command.operandValue()) {
            case FILES -> "_files";
            case WORDS -> "(" + command.operands().stream().flatMap(o -> CommandModel.words(o).stream()).distinct()
                    .collect(Collectors.joining(" ")) + ")";
            case NONE, OTHER -> " ";
        };
        return "*:" + escape(labels) + ":" + action;
    }

    private static void family(StringBuilder out, String family, List<CommandModel> commands) {
        Map<String, String> members = new LinkedHashMap<>();
        StringBuilder branches = new StringBuilder();
        for (CommandModel command : commands) {
            if (!command.entry().inFamily() || !command.entry().family().equals(family)) continue;
            String member = command.name().substring(family.length() + 1);
            members.put(member, command.entry().summary());
            branches.append("        ").append(member).append(") _cairn_").append(command.name().replaceAll("[ -]", "_")).append(" ;;\n");
        }
        out.append("_cairn_").append(family.replace('-', '_')).append("() {\n    local curcontext=$curcontext state line\n");
        out.append("    local -a commands\n    typeset -A opt_args\n");
        describe(out, members);
        out.append("    _arguments -C '1: :->command' '*:: :->rest'\n    case $state in\n");
        out.append("    command) _describe -t commands command commands ;;\n    rest)\n        case $words[1] in\n");
        out.append(branches).append("        esac\n        ;;\n    esac\n}\n\n");
    }

    private static void describe(StringBuilder out, Map<String, String> commands) {
        out.append("    commands=(\n");
        commands.forEach((name, summary) -> out.append("        ").append(quote(name + ":" + summary)).append('\n'));
        out.append("    )\n");
    }

    private static void options(StringBuilder out, List<OptionSpec> options) {
        for (OptionSpec option : options) {
            boolean value = option.arity().max() > 0;
            boolean optional = value && option.arity().min() == 0;
            String exclusive = CommandModel.repeatable(option) ? "*" : "(" + String.join(" ", option.names()) + ")";
            for (String name : option.names()) {
                String sign = !value ? "" : !name.startsWith("--") ? "+" : optional ? "=-" : "=";
                String argument = !value ? "" : (optional ? "::" : ":") + escape(CommandModel.label(option)) + ":" + action(option);
                out.append("        ").append(quote(exclusive + name + sign + "[" + escape(CommandModel.brief(option)) + "]" + argument))
                        .append(" \\\n");
            }
        }
    }

    private static String action(ArgSpec arg) {
        return switch (CommandModel.value(arg)) {
            case FILES -> "_files";
            case WORDS -> "(" + String.join(" ", CommandModel.words(arg)) + ")";
            case NONE, OTHER -> " ";
        };
    }

    private static String escape(String text) {
        return text.replaceAll("([\\\\:\\[\\]])", "\\\\$1");
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}

package cairn.packaging;

import cairn.packaging.CommandModel.Value;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for bash 4.1 and later, without the package bash-completion. File names are left to bash itself. */
final class BashCompletion {
    private static final String HEAD = """
            # bash completion for cairn. Made from the command model: do not edit.

            # Sets options, and valued (those whose value cannot be completed), files (those that want a file), words
            # (those that know their words, as a line "OPTION WORD..." each) and operands of the command $1.
            _cairn_command() {
                options='-h --help' valued='' files='' words='' operands=none
                case $1 in
            """;
    private static final String TAIL = """
                esac
            }

            _cairn() {
                local cur=${COMP_WORDS[COMP_CWORD]} option='' command='' options valued files words operands word i
                COMPREPLY=()
                # The value of an option: behind it, or behind its "=", which is a word of its own.
                if [[ $cur == '=' ]]; then
                    option=${COMP_WORDS[COMP_CWORD-1]} cur=''
                elif ((COMP_CWORD > 2)) && [[ ${COMP_WORDS[COMP_CWORD-1]} == '=' ]]; then
                    option=${COMP_WORDS[COMP_CWORD-2]}
                elif ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[COMP_CWORD-1]} == -* ]]; then
                    option=${COMP_WORDS[COMP_CWORD-1]}
                fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ $word == -- ]]; then
                        return 0
                    elif [[ " $_cairn_global_valued " == *" $word "* ]]; then
                        [[ ${COMP_WORDS[i+1]} == '=' ]] && ((i++))
                        ((i++))
                    elif [[ $word != -* && $word != '=' ]]; then
                        if [[ -z $command && " $_cairn_families " == *" $word "* ]]; then
                            command=$word
                        elif [[ -z $command || " $_cairn_families " == *" $command "* ]]; then
                            command=${command:+$command }$word
                            break
                        fi
                    fi
                done
                _cairn_command "$command"
                if [[ " $files " == *" $option "* && -n $option ]]; then
                    return 0
                elif [[ " $valued " == *" $option "* && -n $option ]]; then
                    compopt +o default
                elif [[ -n $option && $words == *$'\\n'"$option "* ]]; then
                    words=${words#*$'\\n'"$option "}
                    mapfile -t COMPREPLY < <(compgen -W "${words%%$'\\n'*}" -- "$cur")
                    compopt +o default
                elif [[ $cur == -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
                    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
                    compopt +o default
                elif [[ $operands != files ]]; then
                    [[ $operands == none ]] || mapfile -t COMPREPLY < <(compgen -W "$operands" -- "$cur")
                    compopt +o default
                fi
                return 0
            }

            complete -o default -F _cairn cairn
            """;

    private BashCompletion() {}

    static String of(List<CommandModel> commands) {
        StringBuilder out = new StringBuilder(HEAD);
        TreeSet<String> families = new TreeSet<>();
        TreeSet<String> first = new TreeSet<>(List.of("help"));
        for (CommandModel command : commands) {
            first.add(command.entry().family());
            if (command.entry().inFamily()) families.add(command.entry().family());
        }
        branch(out, "", "-h --help -V --version " + names(GlobalOptions.OPTIONS), GlobalOptions.OPTIONS, String.join(" ", first));
        for (String family : families) {
            String members = commands.stream().filter(c -> c.entry().inFamily() && c.entry().family().equals(family))
                    .map(c -> c.name().substring(family.length() + 1)).collect(Collectors.joining(" "));
            branch(out, family, "-h --help", List.of(), members);
        }
        branch(out, "help", "-h --help", List.of(), String.join(" ", first));
        for (CommandModel command : commands) {
            branch(out, command.name(), names(command.options()), command.options(), operands(command));
        }
        out.append(TAIL);
        out.append("_cairn_families=").append(quote(String.join(" ", families))).append('\n');
        out.append("_cairn_global_valued=").append(quote(GlobalOptions.OPTIONS.stream().filter(o -> o.arity().max() > 0)
                .flatMap(o -> List.of(o.names()).stream()).collect(Collectors.joining(" ")))).append('\n');
        return out.toString();
    }

    private static void branch(StringBuilder out, String name, String options, List<OptionSpec> all, String operands) {
        out.append("    ").append(quote(name)).append(")\n");
        line(out, "options", options);
        line(out, "valued", names(all, Value.OTHER));
        line(out, "files", names(all, Value.FILES));
        String words = all.stream().filter(o -> CommandModel.value(o) == Value.WORDS).flatMap(o -> List.of(o.names()).stream()
                .map(n -> n + " " + String.join(" ", CommandModel.words(o)))).collect(Collectors.joining("\n"));
        line(out, "words", words.isEmpty() ? "" : "\n" + words);
        line(out, "operands", operands);
        out.append("        ;;\n");
    }

    private static void line(StringBuilder out, String variable, String value) {
        if (!value.isEmpty()) out.append("        ").append(variable).append('=').append(quote(value)).append('\n');
    }

    private static String operands(CommandModel command) {
        return switch (command.operandValue()) {
            case FILES -> "files";
            case WORDS -> command.operands().stream().flatMap(o -> CommandModel.words(o).stream()).distinct()
                    .collect(Collectors.joining(" "));
            case NONE, OTHER -> "none";
        };
    }

    /** Long options that take a value end with "=". */
    private static String names(List<OptionSpec> options) {
        return options.stream().flatMap(o -> List.of(o.names()).stream()
                .map(n -> n.startsWith("--") && o.arity().min() > 0 ? n + "=" : n)).collect(Collectors.joining(" "));
    }

    private static String names(List<OptionSpec> options, Value kind) {
        return options.stream().filter(o -> CommandModel.value(o) == kind).flatMap(o -> List.of(o.names()).stream())
                .collect(Collectors.joining(" "));
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}

package cairn.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Says in this program's words what picocli found wrong with the arguments. */
final class ParseErrors {
    private ParseErrors() {}

    static UsageException translate(CommandLine.ParameterException e, CommandSpec spec) {
        return new UsageException(switch (e) {
            case CommandLine.UnmatchedArgumentException u -> unmatched(u, spec);
            case CommandLine.MissingParameterException m -> missing(m);
            default -> Errors.lowerFirst(e.getMessage()).replaceFirst("' is not an? (int|long)$", "' is not a number");
        });
    }

    private static String unmatched(CommandLine.UnmatchedArgumentException e, CommandSpec spec) {
        String arg = e.getUnmatched().getFirst();
        if (!e.isUnknownOption()) return "unexpected operand '" + arg + "'";
        int equals = arg.indexOf('=');
        String name = equals > 0 ? arg.substring(0, equals) : arg;
        List<String> known = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) known.addAll(List.of(option.names()));
        }
        return "unknown option '" + name + "'" + Suggestions.ask(Suggestions.nearest(name, known));
    }

    private static String missing(CommandLine.MissingParameterException e) {
        List<String> names = new ArrayList<>();
        for (CommandLine.Model.ArgSpec arg : e.getMissing()) {
            if (arg instanceof OptionSpec option) {
                names.add(option.longestName());
            } else {
                names.add(arg.paramLabel());
            }
        }
        if (names.isEmpty()) return Errors.lowerFirst(e.getMessage());
        boolean lacksValue = e.getMissing().getFirst() instanceof OptionSpec && e.getMessage().startsWith("Missing required parameter");
        return lacksValue ? "option '" + names.getFirst() + "' lacks its value" : String.join(" and ", names) + " is missing";
    }
}

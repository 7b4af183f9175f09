package cairn.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of one command, made from its model: usage, what it does, operands, options by section. */
public final class CommandHelp {
    private static final String OWN = "options";
    private static final int INDENT = 2;
    private static final int COLUMN = 28;

    private final StringBuilder out = new StringBuilder();
    private final int width;

    private CommandHelp(int width) {
        this.width = Math.clamp(width, 60, 100);
    }

    /** @param columns of the terminal */
    static String of(CommandSpec spec, int columns) {
        return new CommandHelp(columns).render(spec);
    }

    /**
     * The options that are shown, by heading: the command's own under {@code options}, then those of each
     * {@link HelpSection} in the order in which the command has them.
     */
    public static Map<String, List<OptionSpec>> sections(CommandSpec spec) {
        Map<OptionSpec, String> headings = new LinkedHashMap<>();
        for (CommandSpec mixin : spec.mixins().values()) {
            String heading = mixin.userObject() instanceof HelpSection section ? section.heading() : OWN;
            for (OptionSpec option : mixin.options()) {
                headings.put(spec.findOption(option.longestName()), heading);
            }
        }
        Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();
        sections.put(OWN, new ArrayList<>());
        for (OptionSpec option : spec.options()) {
            if (option.hidden()) continue;
            sections.computeIfAbsent(headings.getOrDefault(option, OWN), h -> new ArrayList<>()).add(option);
        }
        List<OptionSpec> output = sections.remove("output");
        if (output != null) sections.put("output", output);
        return sections;
    }

    /** The lines after {@code usage:}, one for each form of the command. */
    public static List<String> synopsis(CommandSpec spec) {
        String[] custom = spec.usageMessage().customSynopsis();
        if (custom.length > 0) return List.of(custom);
        StringBuilder line = new StringBuilder(spec.name()).append(" [OPTION]...");
        for (PositionalParamSpec operand : spec.positionalParameters()) {
            if (operand.hidden()) continue;
            line.append(' ').append(operand.required() ? operand.paramLabel() : "[" + operand.paramLabel() + "]");
            if (operand.arity().max() > 1) line.append("...");
        }
        return List.of(line.toString());
    }

    /** {@code -r, --repo=REPO}: all names of an option and its value. */
    public static String names(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : option.paramLabel();
        StringBuilder names = new StringBuilder();
        boolean hasLong = option.longestName().startsWith("--");
        for (String name : option.names()) {
            if (!names.isEmpty()) names.append(", ");
            names.append(name);
        }
        if (value.isEmpty()) return names.toString();
        boolean optional = option.arity().min() == 0;
        return names + (optional ? "[=" + value + "]" : (hasLong ? "=" : " ") + value);
    }

    private String render(CommandSpec spec) {
        String prefix = "usage: ";
        for (String line : synopsis(spec)) {
            wrap(prefix + line, prefix.length() + spec.name().length() + 1);
            prefix = "       ";
        }
        out.append('\n');
        wrap(capital(String.join(" ", spec.usageMessage().header())) + ".", 0);
        for (String paragraph : spec.usageMessage().description()) {
            out.append('\n');
            wrap(paragraph, 0);
        }
        operands(spec);
        sections(spec).forEach(this::section);
        for (String line : spec.usageMessage().footer()) out.append('\n').append(line);
        if (spec.usageMessage().footer().length > 0) out.append('\n');
        return out.toString();
    }

    private void operands(CommandSpec spec) {
        List<PositionalParamSpec> shown = spec.positionalParameters().stream().filter(p -> !p.hidden()).toList();
        if (shown.isEmpty()) return;
        out.append("\noperands:\n");
        for (PositionalParamSpec operand : shown) row(operand.paramLabel(), operand);
    }

    private void section(String heading, List<OptionSpec> options) {
        if (options.isEmpty()) return;
        out.append('\n').append(heading).append(":\n");
        for (OptionSpec option : options) {
            boolean shortName = option.shortestName().length() == 2;
            row((shortName ? "" : "    ") + names(option), option);
        }
    }

    private void row(String term, ArgSpec arg) {
        StringBuilder text = new StringBuilder(" ".repeat(INDENT)).append(term);
        if (text.length() > COLUMN - 2) {
            out.append(text).append('\n');
            text.setLength(0);
        }
        text.repeat(' ', COLUMN - text.length()).append(String.join(" ", arg.description()));
        wrap(text.toString(), COLUMN);
    }

    /** Breaks at blanks; lines after the first are indented. */
    private void wrap(String text, int indent) {
        String rest = text;
        while (Text.width(rest) > width) {
            int cut = rest.lastIndexOf(' ', width);
            if (cut <= indent) break;
            out.append(rest, 0, cut).append('\n');
            rest = " ".repeat(indent) + rest.substring(cut + 1);
        }
        out.append(rest).append('\n');
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}

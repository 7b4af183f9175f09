package cairn.packaging;

import cairn.cli.CommandHelp;
import cairn.cli.CommandModule;
import cairn.error.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual pages of section 1: one per command, made from its model and a file of examples written by hand, and
 * {@code cairn(1)}, whose text is written by hand around lists that are made.
 *
 * <p>A file of examples holds paragraphs of text at the margin, and indented by four blanks what is typed and shown; what
 * is typed begins with {@code $}.
 */
final class Manual {
    private static final String TITLE = "Cairn manual";
    private static final String INDENT = "    ";

    private final String version;
    private final String date;
    private final List<CommandModel> commands;

    /** @param date of the pages, YYYY-MM-DD */
    Manual(String version, String date, List<CommandModel> commands) {
        this.version = version;
        this.date = date;
        this.commands = commands;
    }

    /** @param examples the lines of its file, or null */
    String page(CommandModel command, List<String> examples) {
        Roff page = new Roff().comment("Made from the command model and man/examples: do not edit.");
        page.macro("TH", command.page().toUpperCase(Locale.ROOT), "1", date, "Cairn " + version, TITLE);
        page.macro("SH", "NAME").line(Roff.literal(command.page()) + " \\- " + Roff.literal(command.entry().summary()));
        synopsis(page, command);
        page.macro("SH", "DESCRIPTION").text(sentence(command.entry().summary()));
        for (String paragraph : command.spec().usageMessage().description()) page.paragraph(paragraph);
        if (!command.operands().isEmpty()) {
            page.macro("SH", "OPERANDS");
            for (PositionalParamSpec operand : command.operands()) {
                term(page, Roff.italic(CommandModel.label(operand)), operand.description());
            }
        }
        options(page, CommandHelp.sections(command.spec()));
        page.macro("SH", "EXIT STATUS").text("0 if all was done, 1 if it failed, 2 after wrong usage; every other status is described in");
        page.line(reference("cairn-exit-codes", "7") + ".");
        if (examples != null) examples(page, examples);
        page.macro("SH", "SEE ALSO");
        List<String> others = new ArrayList<>(List.of(reference("cairn", "1")));
        commands.stream().filter(c -> c != command && c.entry().family().equals(command.entry().family()))
                .forEach(c -> others.add(reference(c.page(), "1")));
        others.add(reference("cairn-exit-codes", "7"));
        return page.line(String.join(",\n", others)).toString();
    }

    /**
     * {@code cairn(1)}.
     *
     * @param template man(7) text in which the lines {@code @TH@}, {@code @COMMANDS@}, {@code @EXIT@} and {@code @PAGES@}
     *                 are replaced
     */
    String overview(String template, List<CommandModule> modules) {
        Roff list = new Roff();
        for (CommandModule module : modules) {
            if (module.commands().isEmpty()) continue;
            list.macro("SS", sentence(module.group().heading()).replaceFirst("\\.$", ""));
            module.commands().forEach(entry -> {
                list.macro("TP").line(reference(CommandModel.of(entry).page(), "1"));
                list.text(sentence(entry.summary()));
            });
        }
        Roff exit = new Roff();
        for (ExitCode code : ExitCode.values()) term(exit, Roff.bold(String.valueOf(code.status())), sentence(code.meaning()));
        Roff head = new Roff().comment("Made from man/cairn.1.in and the commands: do not edit.")
                .macro("TH", "CAIRN", "1", date, "Cairn " + version, TITLE);
        Roff pages = new Roff().line(String.join(",\n", commands.stream().map(c -> reference(c.page(), "1")).toList()) + ",");
        return template.replace("@TH@\n", head.toString()).replace("@COMMANDS@\n", list.toString()).replace("@EXIT@\n", exit.toString())
                .replace("@PAGES@\n", commands.isEmpty() ? "" : pages.toString());
    }

    /** The typed lines of a file of examples that call cairn, without the prompt. */
    static List<String> calls(List<String> examples) {
        return examples.stream().filter(l -> l.startsWith(INDENT + "$ cairn ")).map(l -> l.substring(INDENT.length() + 2)).toList();
    }

    private static void synopsis(Roff page, CommandModel command) {
        page.macro("SH", "SYNOPSIS");
        boolean first = true;
        for (String form : CommandHelp.synopsis(command.spec())) {
            if (!first) page.macro("br");
            first = false;
            String name = command.spec().name();
            page.line(form.startsWith(name) ? Roff.bold(name) + Roff.literal(form.substring(name.length())) : Roff.literal(form));
        }
    }

    private static void options(Roff page, Map<String, List<OptionSpec>> sections) {
        page.macro("SH", "OPTIONS");
        boolean headings = sections.values().stream().filter(options -> !options.isEmpty()).count() > 1;
        sections.forEach((heading, options) -> {
            if (options.isEmpty()) return;
            if (headings && !heading.equals("options")) page.macro("SS", sentence(heading).replaceFirst("\\.$", ""));
            for (OptionSpec option : options) {
                StringBuilder names = new StringBuilder();
                for (String name : option.names()) names.append(names.isEmpty() ? "" : ", ").append(Roff.bold(name));
                String written = CommandHelp.names(option);
                String value = written.substring(String.join(", ", option.names()).length());
                term(page, names + (value.isEmpty() ? "" : Roff.italic(value)), option.description());
            }
        });
    }

    private static void examples(Roff page, List<String> lines) {
        page.macro("SH", "EXAMPLES");
        List<String> block = new ArrayList<>();
        boolean typed = false;
        for (String line : lines) {
            if (!line.isBlank() && line.startsWith(INDENT) != typed) {
                flush(page, block, typed);
                typed = !typed;
            }
            if (line.isBlank() && !typed) {
                flush(page, block, false);
            } else {
                block.add(typed && !line.isBlank() ? line.substring(INDENT.length()) : line);
            }
        }
        flush(page, block, typed);
    }

    private static void flush(Roff page, List<String> block, boolean typed) {
        while (!block.isEmpty() && block.getLast().isBlank()) block.removeLast();
        if (!block.isEmpty() && typed) page.example(block);
        if (!block.isEmpty() && !typed) page.paragraph(String.join(" ", block));
        block.clear();
    }

    private static void term(Roff page, String term, String... description) {
        page.macro("TP").line(term);
        page.text(sentence(String.join(" ", description)));
    }

    private static String reference(String page, String section) {
        return Roff.bold(page) + "(" + section + ")";
    }

    private static String sentence(String text) {
        if (text.isEmpty()) return text;
        String capital = Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }
}

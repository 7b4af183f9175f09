package cairn.cli;

import cairn.error.ExitCode;
import cairn.posix.RawString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/** Finds the command, parses its arguments, runs it, and says what went wrong. */
public final class Dispatcher {
    private final Registry registry;

    public Dispatcher(Registry registry) {
        this.registry = registry;
    }

    /** Runs one command line to its end. @return the exit status of the process */
    public int run(CommandContext context) {
        String[] place = {"cairn"};
        ExitCode code;
        try {
            code = dispatch(context, place);
            context.stdout().flush();
        } catch (PassedOn e) {
            flushQuietly(context);
            return e.status();
        } catch (Throwable e) {
            code = fail(context, e, place[0]);
        }
        return code.status();
    }

    private ExitCode dispatch(CommandContext context, String[] place) throws Exception {
        List<String> args = context.args();
        GlobalOptions global = GlobalOptions.scan(args, 0);
        if (global.version) return version(context, args);
        if (global.next == args.size()) {
            if (global.help) return print(context, TopHelp.of(registry));
            throw new UsageException("no command given");
        }
        String word = args.get(global.next);
        List<String> rest = args.subList(global.next + 1, args.size());
        if (word.equals("help")) return help(context, rest);
        List<String> given = new ArrayList<>(global.kept);
        CommandEntry entry = registry.find(word);
        if (entry == null && !registry.family(word).isEmpty()) {
            place[0] = "cairn " + word;
            GlobalOptions inner = GlobalOptions.scan(rest, 0);
            if (inner.help && inner.next == rest.size() || global.help) {
                return print(context, TopHelp.family(word, registry.family(word)));
            }
            entry = member(word, inner.next == rest.size() ? null : rest.get(inner.next));
            given.addAll(inner.kept);
            if (inner.help) given.add("--help");
            rest = rest.subList(inner.next + 1, rest.size());
        }
        if (entry == null) throw unknown(word);
        place[0] = "cairn " + entry.name();
        if (global.help) given.add("--help");
        given.addAll(rest);
        return call(context, entry, given);
    }

    private ExitCode call(CommandContext context, CommandEntry entry, List<String> args) throws Exception {
        CommandLine line = CommandLineFactory.of(entry);
        CommandLine.ParseResult parsed;
        try {
            parsed = line.parseArgs(args.toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
            throw ParseErrors.translate(e, line.getCommandSpec());
        }
        if (parsed.isUsageHelpRequested()) {
            return print(context, CommandHelp.of(line.getCommandSpec(), columns(context)));
        }
        Command command = line.getCommand();
        command.attach(context);
        return command.call();
    }

    private ExitCode help(CommandContext context, List<String> words) throws Exception {
        if (words.isEmpty()) return print(context, TopHelp.of(registry));
        CommandEntry entry = registry.find(String.join(" ", words));
        if (entry == null && words.size() > 1) entry = registry.find(words.get(0));
        if (entry == null && !registry.family(words.get(0)).isEmpty()) {
            if (words.size() > 1) throw unknownMember(words.get(0), words.get(1));
            return print(context, TopHelp.family(words.get(0), registry.family(words.get(0))));
        }
        if (entry == null) throw unknown(words.get(0));
        return print(context, CommandHelp.of(CommandLineFactory.of(entry).getCommandSpec(), columns(context)));
    }

    private static int columns(CommandContext context) {
        return context.terminal().stdout() ? context.terminal().columns() : 80;
    }

    private ExitCode version(CommandContext context, List<String> args) throws IOException {
        boolean verbose = args.contains("-v") || args.contains("--verbose") || args.contains("-vv");
        Version.Info info = new Version.Info(verbose);
        if (args.contains("--json")) {
            JsonWriter json = new JsonWriter(context.stdout(), context::zone).beginObject().field("type", info.type());
            info.json(json);
            json.endObject().endLine();
        } else {
            info.text(new Line(context.stdout(), false, '\n', context::zone));
        }
        return ExitCode.DONE;
    }

    private static ExitCode print(CommandContext context, String text) throws IOException {
        new Line(context.stdout(), false, '\n', context::zone).text(text);
        return ExitCode.DONE;
    }

    private CommandEntry member(String family, String word) throws UsageException {
        if (word == null) throw new UsageException("no command given: " + members(family));
        CommandEntry entry = registry.find(family + " " + word);
        if (entry == null) throw unknownMember(family, word);
        return entry;
    }

    private UsageException unknownMember(String family, String word) {
        return new UsageException("unknown command '" + word + "': " + members(family));
    }

    private String members(String family) {
        List<String> names = registry.family(family).stream().map(e -> e.name().substring(family.length() + 1)).toList();
        return "one of " + String.join(", ", names);
    }

    private UsageException unknown(String word) {
        String hint = ForeignWords.hint(word, family -> registry.commands().stream().anyMatch(c -> c.family().equals(family)));
        if (hint != null) return new UsageException("unknown command '" + word + "'; here: " + hint);
        Set<String> known = new LinkedHashSet<>(List.of("help"));
        for (CommandEntry entry : registry.commands()) known.add(entry.family());
        return new UsageException("unknown command '" + word + "'" + Suggestions.ask(Suggestions.nearest(word, known)));
    }

    private static ExitCode fail(CommandContext context, Throwable error, String place) {
        Throwable e = Errors.unwrap(error);
        if (e instanceof Stdout.ClosedPipe) return ExitCode.CLOSED_PIPE;
        Errors.Report report = Errors.of(e);
        flushQuietly(context);
        List<String> args = context.args();
        boolean usage = e instanceof UsageException;
        String remedy = usage ? "see '" + place + " --help'" : report.remedy();
        byte[] text = options(args).contains("--json") ? json(context, report, remedy)
                : text(usage ? place : "cairn", report, usage || remedy == null ? remedy : "try: " + remedy);
        try {
            context.stderr().write(text);
            if (verbosity(args) > 1 && !usage) context.stderr().write(trace(error));
            context.stderr().flush();
        } catch (IOException lost) {
            return report.code();
        }
        return report.code();
    }

    /** What was found before the error belongs to the user; that it cannot be written is no longer news. */
    private static void flushQuietly(CommandContext context) {
        try {
            context.stdout().flush();
        } catch (IOException e) {
            return;
        }
    }

    private static byte[] text(String who, Errors.Report report, String remedy) {
        String line = who + ": " + Text.oneLine(report.message()) + "\n";
        return RawString.encode(remedy == null ? line : line + Text.oneLine(remedy) + "\n");
    }

    private static byte[] json(CommandContext context, Errors.Report report, String remedy) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new JsonWriter(out, context::zone).beginObject().field("type", "error").field("message", report.message())
                    .field("remedy", remedy).field("exit_code", report.code().status()).endObject().endLine();
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private static byte[] trace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> options(List<String> args) {
        int end = args.indexOf("--");
        return end < 0 ? args : args.subList(0, end);
    }

    private static int verbosity(List<String> args) {
        int count = 0;
        for (String arg : options(args)) {
            if (arg.equals("--verbose")) count++;
            if (arg.matches("-[0qvn]*v[0qvn]*")) count += (int) arg.chars().filter(c -> c == 'v').count();
        }
        return count;
    }
}

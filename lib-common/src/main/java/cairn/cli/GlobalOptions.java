package cairn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The options that may stand before the command's name. They are known here by name only; the command gets them as if
 * they stood behind its name.
 */
final class GlobalOptions {
    private static final Set<String> WITH_VALUE = Set.of("-r", "--repo", "--password-file", "--password-command",
            "--key-file", "--key", "--ssh", "--remote-program", "--limit", "--cache-dir", "--cache-size");
    private static final Set<String> FLAGS = Set.of("--json", "-q", "--quiet", "-v", "-vv", "--verbose", "--no-progress");

    final List<String> kept = new ArrayList<>();
    boolean help;
    boolean version;
    /** The index of the first word that is no option. */
    int next;

    /**
     * @param from where to begin
     * @throws UsageException if an option is unknown or lacks its value
     */
    static GlobalOptions scan(List<String> args, int from) throws UsageException {
        GlobalOptions options = new GlobalOptions();
        int i = from;
        while (i < args.size() && args.get(i).startsWith("-") && args.get(i).length() > 1) i = options.take(args, i);
        options.next = i;
        return options;
    }

    private int take(List<String> args, int i) throws UsageException {
        String arg = args.get(i);
        int equals = arg.indexOf('=');
        if (arg.equals("-h") || arg.equals("--help")) {
            help = true;
        } else if (arg.equals("-V") || arg.equals("--version")) {
            version = true;
        } else if (FLAGS.contains(arg) || arg.startsWith("-r") && arg.length() > 2
                || equals > 0 && arg.startsWith("--") && WITH_VALUE.contains(arg.substring(0, equals))) {
            kept.add(arg);
        } else if (WITH_VALUE.contains(arg)) {
            if (i + 1 == args.size()) throw new UsageException("option '" + arg + "' lacks its value");
            kept.add(arg);
            kept.add(args.get(i + 1));
            return i + 2;
        } else {
            throw unknown(arg);
        }
        return i + 1;
    }

    private static UsageException unknown(String arg) {
        List<String> known = new ArrayList<>(List.of("--help", "--version"));
        known.addAll(WITH_VALUE);
        known.addAll(FLAGS);
        return new UsageException("unknown option '" + arg + "' before the command"
                + Suggestions.ask(Suggestions.nearest(arg, known)));
    }
}

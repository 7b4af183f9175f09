package cairn.cli;

import java.util.List;

/** {@code cairn --help}: every command in its group, without loading any. */
final class TopHelp {
    private TopHelp() {}

    static String of(Registry registry) {
        StringBuilder out = new StringBuilder();
        out.append("usage: cairn COMMAND [OPTION]... [OPERAND]...\n\n");
        out.append("Backs up files, streams and disk images, and stores every byte once.\n");
        for (CommandGroup group : CommandGroup.values()) {
            List<CommandEntry> entries = registry.modules().stream().filter(m -> m.group() == group)
                    .flatMap(m -> m.commands().stream()).toList();
            if (entries.isEmpty()) continue;
            out.append('\n').append(group.heading()).append('\n');
            rows(out, entries);
        }
        out.append("""

                for every command
                  cairn COMMAND --help    its options; also: cairn help COMMAND
                  -r, --repo=REPO         the repository; else $CAIRN_REPO, else your own
                  --json                  print JSON: results, messages and errors
                  -q, -v                  say less, say more

                cairn --version -v says what was built and where it runs.
                """);
        return out.toString();
    }

    /** The commands of one family, for {@code cairn key --help}. */
    static String family(String word, List<CommandEntry> entries) {
        StringBuilder out = new StringBuilder("usage: cairn ").append(word).append(" COMMAND [OPTION]... [OPERAND]...\n\n");
        rows(out, entries);
        return out.append("\nsee 'cairn ").append(word).append(" COMMAND --help'\n").toString();
    }

    private static void rows(StringBuilder out, List<CommandEntry> entries) {
        for (CommandEntry entry : entries) {
            out.append("  ").append(entry.name()).repeat(' ', Math.max(2, 14 - entry.name().length()));
            out.append(entry.summary()).append('\n');
        }
    }
}

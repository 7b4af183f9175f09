package cairn.cli;

import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.walk.Mappings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Folders that stand for others, of commands that read a source: a snapshot for what it is of. {@code cairn snapshot
 * run} sets the same by its environment, for the commands in it.
 */
public final class MapOptions {
    /** The environment's pair; used where no option is given. */
    public static final String FROM = "CAIRN_MAP_FROM";
    public static final String TO = "CAIRN_MAP_TO";
    /** A moment before the snapshot was taken, as {@link Time#parse} reads it; not needed. */
    public static final String TIME = "CAIRN_MAP_TIME";

    @Option(names = "--map-from", paramLabel = "DIR",
            description = "with --map-to: a folder that stands for another, such as a snapshot; what lies under it is recorded under the"
                    + " other's path; repeatable")
    private List<String> from = new ArrayList<>();

    @Option(names = "--map-to", paramLabel = "PATH", description = "the absolute path that the --map-from before it stands for, which need not exist")
    private List<String> to = new ArrayList<>();

    /** Checks that each folder has its counterpart; for all commands with options of these names. */
    public static void requirePairs(List<String> from, List<String> to) throws UsageException {
        if (from.size() != to.size()) {
            throw new UsageException("each --map-from needs a --map-to: there are " + from.size() + " and " + to.size());
        }
    }

    public Mappings mappings(CommandContext context) throws IOException {
        requirePairs(from, to);
        Mappings mappings = new Mappings();
        for (int i = 0; i < from.size(); i++) {
            mappings.add(RawString.encode(from.get(i)), absolute("--map-to", to.get(i)), null);
        }
        if (from.isEmpty()) {
            String by = context.env(FROM);
            String as = context.env(TO);
            if ((by == null) != (as == null)) {
                throw new UsageException((by == null ? FROM : TO) + " is not set, but its counterpart is");
            }
            if (by != null) {
                String time = context.env(TIME);
                mappings.add(absolute(FROM, by), absolute(TO, as), time == null ? null : Time.parse(time, context.zone()));
            }
        }
        return mappings;
    }

    /** The folders that stand for others. */
    public List<byte[]> standIns(CommandContext context) {
        List<String> all = from.isEmpty() && context.env(FROM) != null ? List.of(context.env(FROM)) : from;
        return all.stream().map(RawString::encode).toList();
    }

    private static byte[] absolute(String what, String path) throws UsageException {
        byte[] raw = RawString.encode(path);
        if (!RawPath.isAbsolute(raw)) {
            throw new UsageException(what + " wants an absolute path, not '" + Text.printable(raw) + "'");
        }
        return raw;
    }
}

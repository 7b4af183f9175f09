package cairn.cli;

import cairn.posix.RawString;
import cairn.query.Selection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Chooses backups by what they are; several kinds of condition must all hold, several values of one kind any. */
public final class BackupSelector implements HelpSection {
    private static final Set<String> KINDS = Set.of("files", "stream", "image");

    @Option(names = "--host", paramLabel = "HOST", description = "only backups of this host; repeatable")
    private List<String> hosts = new ArrayList<>();

    @Option(names = "--name", paramLabel = "NAME", description = "only backups of this name; repeatable")
    private List<String> names = new ArrayList<>();

    @Option(names = "--kind", paramLabel = "KIND", description = "only backups of this kind: files, stream or image; repeatable")
    private List<String> kinds = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "TAG", description = "only backups with this tag; repeatable")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--path", paramLabel = "PATH", description = "only backups that hold this absolute path; repeatable")
    private List<String> paths = new ArrayList<>();

    @Option(names = "--before", paramLabel = "TIME",
            description = "only backups begun before this time: 2026-11-20, '2026-11-20 17:30' or RFC 3339")
    private String before;

    @Override
    public String heading() {
        return "which backups";
    }

    public List<String> hosts() {
        return List.copyOf(hosts);
    }

    public List<String> names() {
        return List.copyOf(names);
    }

    /** Each {@code files}, {@code stream} or {@code image}. */
    public List<String> kinds() throws UsageException {
        for (String kind : kinds) {
            if (!KINDS.contains(kind)) throw new UsageException("'" + kind + "' is not a kind of backup (files, stream, image)");
        }
        return List.copyOf(kinds);
    }

    public List<String> tags() {
        return List.copyOf(tags);
    }

    /** Raw absolute paths. */
    public List<byte[]> paths() throws UsageException {
        List<byte[]> raw = new ArrayList<>();
        for (String path : paths) {
            if (!path.startsWith("/")) throw new UsageException("--path wants an absolute path, not '" + path + "'");
            raw.add(RawString.encode(path));
        }
        return raw;
    }

    /** The bound, or null. */
    public Instant before(CommandContext context) throws UsageException {
        return before == null ? null : Time.parse(before, context.zone());
    }

    /** All of it as one choice. */
    public Selection selection(CommandContext context) throws UsageException {
        return new Selection(hosts(), names(), kinds(), tags(), paths(), before(context));
    }

    /** Whether nothing was asked for. */
    public boolean all() {
        return hosts.isEmpty() && names.isEmpty() && kinds.isEmpty() && tags.isEmpty() && paths.isEmpty() && before == null;
    }
}

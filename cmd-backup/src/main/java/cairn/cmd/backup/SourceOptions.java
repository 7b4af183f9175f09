package cairn.cmd.backup;

import cairn.cli.CommandContext;
import cairn.cli.HelpSection;
import cairn.cli.MapOptions;
import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Sys;
import cairn.spool.Spool;
import cairn.walk.FileId;
import cairn.walk.Mappings;
import cairn.walk.PathList;
import cairn.walk.Sources;
import cairn.walk.Visitor;
import cairn.walk.WalkOptions;
import cairn.walk.pattern.PatternSet;
import cairn.walk.pattern.PatternSetBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to save: paths, lists of paths, and what to leave out. The same for all commands that read a source. */
final class SourceOptions implements HelpSection {
    /** More are no accident. */
    private static final int MOST_MISSING = 10_000;

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "a file or folder to save; relative paths count from the current folder")
    private List<String> paths = new ArrayList<>();

    @Option(names = "--files-from", paramLabel = "FILE",
            description = "save the paths listed in a file, one a line, taken literally; - for standard input; repeatable")
    private List<String> filesFrom = new ArrayList<>();

    @Option(names = "--files-from0", paramLabel = "FILE", description = "as --files-from, each path ended by a zero byte; repeatable")
    private List<String> filesFrom0 = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "PATTERN", description = "leave out what matches a pattern as in .gitignore; see cairn-patterns(7); repeatable")
    private List<String> excludes = new ArrayList<>();

    @Option(names = "--exclude-from", paramLabel = "FILE", description = "leave out what matches the patterns in a file; repeatable")
    private List<String> excludesFrom = new ArrayList<>();

    @Option(names = "--exclude-caches", description = "leave out folders that hold a CACHEDIR.TAG with the right signature")
    private boolean excludeCaches;

    @Option(names = "--exclude-if-present", paramLabel = "NAME", description = "leave out folders that hold an entry of this name; repeatable")
    private List<String> excludeIfPresent = new ArrayList<>();

    @Option(names = {"-x", "--one-file-system"}, description = "stay on the file system of each path")
    private boolean oneFileSystem;

    @Option(names = "--include-special", description = "save file systems of the kernel and /run too")
    private boolean includeSpecial;

    @Option(names = "--follow-outside", description = "save also what symlinks point to, where that is outside of the paths")
    private boolean followOutside;

    /** Named paths that are not there. */
    private final List<PosixException> missing = new ArrayList<>();

    private SnapshotSources snapshots;

    @Mixin
    private MapOptions map = new MapOptions();

    @Override
    public String heading() {
        return "what to save";
    }

    /** How many paths and lists were named. */
    int count() {
        return paths.size() + filesFrom.size() + filesFrom0.size();
    }

    /** Whether nothing was named. */
    boolean isEmpty() {
        return paths.isEmpty() && filesFrom.isEmpty() && filesFrom0.isEmpty();
    }

    /** The paths of the command line, for {@code --snapshot}, which lists would be too long for. */
    List<byte[]> named() throws UsageException {
        if (!filesFrom.isEmpty() || !filesFrom0.isEmpty()) {
            throw new UsageException("--snapshot wants the paths on the command line, not in lists");
        }
        return paths.stream().map(RawString::encode).toList();
    }

    /** Reads what was named from snapshots. */
    void from(SnapshotSources taken) {
        snapshots = taken;
    }

    /** The folders that stand for others, in no order. */
    List<byte[]> standIns(CommandContext context) {
        return map.standIns(context);
    }

    /** Which folders stand for others. */
    Mappings mappings(CommandContext context) throws IOException {
        return map.mappings(context);
    }

    /**
     * The sources, resolved. Those that are not there are only remembered, as long as there is another: see {@link
     * #tellMissing}.
     *
     * @throws UsageException if nothing was named
     * @throws CairnException if nothing of what was named is there
     */
    Sources sources(CommandContext context) throws IOException {
        // what symlinks point to has to be looked up in memory
        Mappings mappings = map.mappings(context);
        if (snapshots != null) {
            snapshots.addTo(mappings);
        }
        Sources sources = new Sources(mappings, followOutside ? null : spool(context));
        for (String path : paths) {
            byte[] raw = RawString.encode(path);
            add(sources, snapshots == null ? raw : snapshots.find(raw));
        }
        for (String list : filesFrom) {
            addList(sources, context, list, PathList.LINE);
        }
        for (String list : filesFrom0) {
            addList(sources, context, list, PathList.ZERO);
        }
        if (sources.isEmpty() && !missing.isEmpty()) {
            throw notThere(missing.getFirst());
        }
        if (sources.isEmpty()) {
            throw new UsageException(filesFrom.isEmpty() && filesFrom0.isEmpty() ? "nothing to save: name a file or folder"
                    : "nothing to save: the lists are empty");
        }
        return sources;
    }

    private void add(Sources sources, byte[] path) throws IOException {
        try {
            sources.add(path);
        } catch (PosixException e) {
            if (!e.isNotFound() || missing.size() == MOST_MISSING) {
                throw notThere(e.on(path));
            }
            missing.add(e.on(RawPath.normaliseLexically(RawPath.isAbsolute(path) ? path : RawPath.join(Sys.workingDirectory(), path))));
        }
    }

    private static CairnException notThere(PosixException e) {
        return new CairnException(ExitCode.FAILED, "cannot save '" + RawString.printable(e.path()) + "': " + e.reason(), null, e);
    }

    /** Tells of the named paths that are not there. */
    void tellMissing(Visitor visitor) throws IOException {
        for (PosixException e : missing) {
            visitor.told(e.path(), "could not be saved: " + e.reason());
        }
    }

    private void addList(Sources sources, CommandContext context, String list, byte separator) throws IOException {
        try (InputStream in = open(context, list)) {
            PathList paths = new PathList(in, separator, list);
            for (byte[] path = paths.next(); path != null; path = paths.next()) {
                add(sources, path);
            }
        }
    }

    private static InputStream open(CommandContext context, String list) throws IOException {
        try {
            return list.equals("-") ? context.stdin() : new FileInput(RawString.encode(list));
        } catch (PosixException e) {
            throw new CairnException(ExitCode.FAILED, "cannot read the list of paths '" + Text.printable(RawString.encode(list)) + "': " + e.reason(), null, e);
        }
    }

    /** Where long lists are sorted. */
    static Spool spool(CommandContext context) {
        String folder = context.env("TMPDIR");
        return new Spool(RawString.encode(folder != null ? folder : "/var/tmp"));
    }

    private static byte[] read(CommandContext context, String file) throws IOException {
        try {
            return file.equals("-") ? context.stdin().readAllBytes() : Sys.readFile(Open.AT_FDCWD, RawString.encode(file));
        } catch (PosixException e) {
            throw new CairnException(ExitCode.FAILED, "cannot read the patterns in '" + Text.printable(RawString.encode(file)) + "': " + e.reason(), null, e);
        }
    }

    /** How to walk. @param own directories never to go into @param warning takes what is odd about the patterns */
    WalkOptions walkOptions(CommandContext context, Set<FileId> own, Consumer<String> warning) throws IOException {
        PatternSetBuilder builder = new PatternSetBuilder();
        for (String file : excludesFrom) {
            builder.addFile(read(context, file), file);
        }
        for (String pattern : excludes) {
            builder.addArgument(RawString.encode(pattern));
        }
        PatternSet patterns = builder.build();
        patterns.problems().forEach(problem -> warning.accept("pattern '" + Text.printable(problem.pattern()) + "' " + problem.reason()));
        WalkOptions options = WalkOptions.DEFAULT.withOneFileSystem(oneFileSystem).withIncludeSpecial(includeSpecial)
                .withFollowOutside(followOutside).withExcludeCaches(excludeCaches).withOwnDirectories(own)
                .withTagNames(excludeIfPresent.stream().map(RawString::encode).toList());
        return patterns.isEmpty() ? options : options.withFilter(patterns);
    }
}

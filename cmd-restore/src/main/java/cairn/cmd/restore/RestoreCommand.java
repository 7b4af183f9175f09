package cairn.cmd.restore;

import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.DryRunOption;
import cairn.cli.Interrupt;
import cairn.cli.ProgressLine;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Text;
import cairn.cli.ThisHost;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.query.BackupRef;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.restore.NamedOwners;
import cairn.restore.Overwrite;
import cairn.restore.OwnerMap;
import cairn.restore.Owners;
import cairn.restore.PathFilter;
import cairn.restore.RepositorySource;
import cairn.restore.Restore;
import cairn.restore.RestoreOptions;
import cairn.restore.RestoreParts;
import cairn.restore.RestoreParts.Mapping;
import cairn.restore.RestoreRoot;
import cairn.restore.RestoreSummary;
import cairn.walk.pattern.PatternSet;
import cairn.walk.pattern.PatternSetBuilder;
import cairn.walk.pattern.Selection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn restore}: brings files back. */
@CommandLine.Command(name = "restore", description = {
    "Brings files and folders back with everything that belongs to them. A whole backup goes below the target with its full paths;"
            + " of a folder in it (BACKUP:PATH) the contents go into the target; a single file goes there under its name.",
    "What is right already, by content, is neither fetched nor written again."})
public final class RestoreCommand extends Command {
    @Parameters(arity = "1..*", paramLabel = "BACKUP[:PATH]",
            description = "latest, the beginning of an id, NAME@latest or NAME@2026-11-20; after a colon a path in it")
    private List<String> operands = new ArrayList<>();

    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private WhereOptions where = new WhereOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private DryRunOption dryRun = new DryRunOption();

    @Option(names = "--into", paramLabel = "COMMAND",
            description = "write the content of the one file BACKUP:PATH to a command line of sh instead; fails if the command does")
    private String into;

    @Option(names = "--include", paramLabel = "PATTERN",
            description = "restore only what matches a pattern as in .gitignore; see cairn-patterns(7); repeatable")
    private List<String> includes = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "PATTERN", description = "leave out what matches a pattern; repeatable")
    private List<String> excludes = new ArrayList<>();

    @Option(names = "--overwrite", paramLabel = "WHEN",
            description = "what to do with existing files: always (compare by content, the default), if-changed (by size and time first), if-newer, never")
    private String overwrite = "always";

    @Option(names = "--delete", description = "delete from restored folders what the backup does not have and no pattern leaves out")
    private boolean delete;

    @Option(names = "--numeric-ids", description = "restore owners by number, not by name")
    private boolean numericIds;

    @Option(names = "--owner-map", paramLabel = "FROM=TO",
            description = "give what belonged to one user to another, :FROM=:TO for groups; names or numbers; repeatable")
    private List<String> ownerMap = new ArrayList<>();

    @Option(names = "--no-xattrs", description = "leave out extended attributes, access control lists and capabilities")
    private boolean noXattrs;

    @Option(names = "--verify", description = "read everything back that was written, and compare")
    private boolean verify;

    @Option(names = "--workers", paramLabel = "N", description = "threads that write; else one for each processor, at least 2 and at most 8")
    private int workers = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);

    @Override
    protected ExitCode run() throws Exception {
        if (workers < 1 || workers > 64) {
            throw new UsageException("--workers wants a number from 1 to 64");
        }
        if (into != null) {
            return into();
        }
        byte[] target = where.target();
        List<Mapping> mappings = where.mappings();
        Overwrite when = when();
        Selection patterns = new Selection(patterns(includes), patterns(excludes));
        List<BackupRef> references = new ArrayList<>();
        for (String operand : operands) {
            references.add(BackupRef.parse(operand));
        }
        long began = System.nanoTime();
        AtomicBoolean stopped = new AtomicBoolean();
        RestoreSummary sum;
        try (Repository repository = RepositoryAccess.openToRead(context(), out(), repo.with(cache))) {
            List<RestoreRoot> parts = parts(repository, references, target, mappings, patterns);
            RestoreReport report = new RestoreReport(out(), dryRun.dryRun() || out().verbosity() > 0);
            try (Interrupt.Guard guard = context().interrupt().guard(() -> stopped.set(true)); ProgressLine line = out().progress(report::state)) {
                sum = new Restore(new RepositorySource(repository), options(when), report, stopped::get).run(parts);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out().done(new RestoreResult(sum, dryRun.dryRun(), stopped.get(), Duration.ofNanos(System.nanoTime() - began)), dryRun.dryRun());
        return stopped.get() ? ExitCode.INTERRUPTED : sum.complete() ? ExitCode.DONE : ExitCode.INCOMPLETE;
    }

    private ExitCode into() throws IOException {
        BackupRef reference = operands.size() == 1 ? BackupRef.parse(operands.getFirst()) : null;
        if (reference == null || reference.path() == null || where.isGiven() || dryRun.dryRun()) {
            throw new UsageException("--into wants one BACKUP:PATH, and no --target, --map-from or --dry-run");
        }
        try (Repository repository = RepositoryAccess.openToRead(context(), out(), repo.with(cache))) {
            Backup backup = reference.resolve(repository, context().zone(), ThisHost.name());
            warn(backup);
            return new RestoreInto(context(), out()).run(repository, CatCommand.file(repository, backup, reference.path()), RawString.encode(into));
        }
    }

    private RestoreOptions options(Overwrite when) throws IOException {
        Set<RestoreOptions.Kept> kept = RepositoryAccess.ownDirectories(context(), repo).stream()
                .map(id -> new RestoreOptions.Kept(id.dev(), id.ino())).collect(Collectors.toSet());
        RestoreOptions options = RestoreOptions.defaults().withOverwrite(when).withDelete(delete).withDryRun(dryRun.dryRun())
                .withXattrs(!noXattrs).withVerify(verify).withWorkers(workers).withKept(kept);
        return options.withSpool(RawString.encode(spool()));
    }

    /** Where a plan goes that outgrows memory; a rescue system may have no home and no cache. */
    private String spool() {
        try {
            Path scratch = RepositoryAccess.scratch(cache.dir(context()));
            if (scratch != null) {
                return scratch.toString();
            }
        } catch (CairnException e) {
            out().detail("no folder for caches: " + e.getMessage());
        }
        String temporary = context().env("TMPDIR");
        return temporary != null ? temporary : "/var/tmp";
    }

    private List<RestoreRoot> parts(Repository repository, List<BackupRef> references, byte[] target, List<Mapping> mappings, Selection patterns)
            throws IOException {
        List<RestoreRoot> parts = new ArrayList<>();
        for (BackupRef reference : references) {
            Backup backup = reference.resolve(repository, context().zone(), ThisHost.name());
            warn(backup);
            byte[] path = reference.path() == null ? null : RawPath.normaliseLexically(RawPath.join(RawPath.ROOT, reference.path()));
            parts.addAll(new RestoreParts(repository.trees(), backup, owners(backup), filter(patterns, backup, path), mappings).parts(path, target));
        }
        if (parts.isEmpty()) {
            throw new CairnException(ExitCode.USAGE, "nothing of what was asked for lies below a path of --map-from", "give --target for the rest");
        }
        return parts;
    }

    private void warn(Backup backup) {
        if (backup.partial()) {
            out().warning("the backup " + backup.shortId() + " is partial: it was interrupted before everything was saved");
        }
        if (backup.inDoubt()) {
            out().warning("the backup " + backup.shortId() + " is in doubt: some of it may have been pruned while it was made");
        }
    }

    private Owners owners(Backup backup) throws CairnException {
        Owners others = numericIds ? Owners.NUMERIC : new NamedOwners(backup.body().users(), backup.body().groups());
        return ownerMap.isEmpty() ? others : new OwnerMap(ownerMap, backup.body().users(), backup.body().groups(), others);
    }

    private static PathFilter filter(Selection patterns, Backup backup, byte[] path) {
        if (patterns.includes().isEmpty() && patterns.excludes().isEmpty()) {
            return PathFilter.ALL;
        }
        return new ChosenPaths(patterns, path == null ? backup.body().paths() : List.of(path));
    }

    private PatternSet patterns(List<String> arguments) {
        PatternSetBuilder builder = new PatternSetBuilder();
        arguments.forEach(pattern -> builder.addArgument(RawString.encode(pattern)));
        PatternSet patterns = builder.build();
        patterns.problems().forEach(problem -> out().warning("pattern '" + Text.printable(problem.pattern()) + "' " + problem.reason()));
        return patterns;
    }

    private Overwrite when() throws UsageException {
        try {
            return Overwrite.valueOf(overwrite.replace('-', '_').toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--overwrite wants always, if-changed, if-newer or never, not '" + overwrite + "'");
        }
    }
}

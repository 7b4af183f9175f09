package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveListener;
import cairn.archive.ArchiveOptions;
import cairn.archive.ArchiveOptions.Compared;
import cairn.archive.Archiver;
import cairn.archive.BackupLabel;
import cairn.archive.Intake;
import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.DryRunOption;
import cairn.cli.DurationConverter;
import cairn.cli.Interrupt;
import cairn.cli.PercentConverter;
import cairn.cli.KeepSafe;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.SizeConverter;
import cairn.cli.Text;
import cairn.cli.ThisHost;
import cairn.cli.Time;
import cairn.cli.UsageException;
import cairn.cli.Version;
import cairn.error.ExitCode;
import cairn.pack.Compression;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn backup}: saves files. */
@CommandLine.Command(name = "backup", description = {
    "Saves files and folders with everything that belongs to them. What did not change since the last backup is not read again."
            + " With --as, --stdin or --stream it saves what a command writes instead; a command that fails gives no backup.",
    "Without -r and CAIRN_REPO it goes to your own default repository, which is made at the first run."})
public final class BackupCommand extends Command {
    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private StreamOptions streams = new StreamOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private DryRunOption dryRun = new DryRunOption();

    @Option(names = "--tag", paramLabel = "TAG", description = "put a tag on the backup; repeatable")
    private List<String> tags = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "name of the backup: backups of one name belong together")
    private String name = "";

    @Option(names = "--host", paramLabel = "HOST", description = "record this host name instead of the machine's own")
    private String host;

    @Option(names = "--time", paramLabel = "TIME", description = "record this time: 2026-11-20, '2026-11-20 17:30' or RFC 3339")
    private String time;

    @Option(names = "--compression", paramLabel = "LEVEL", description = "off, fast, auto or 1 to 19; else as the repository was made")
    private String compression;

    @Option(names = "--compare", paramLabel = "FIELDS", description = "what must agree for a file to count as unchanged: size,mtime,ctime,inode (the default)")
    private String compare = "size,mtime,ctime,inode";

    @Option(names = "--reread", description = "read every file, also those that did not change")
    private boolean reread;

    @Option(names = "--recheck", paramLabel = "PERCENT", converter = PercentConverter.class,
            description = "read this share of what did not change again, at random, and compare (default 0.1%)")
    private Double recheck;

    @Option(names = "--readers", paramLabel = "N", description = "threads that read and store files; else one for each processor, at most 8")
    private int readers = Math.min(8, Runtime.getRuntime().availableProcessors());

    @Option(names = "--skip-if-running", description = "do nothing and succeed if a backup of the same host and name is running on this machine")
    private boolean skipIfRunning;

    @Option(names = "--if-older-than", paramLabel = "AGE", converter = DurationConverter.class,
            description = "do nothing and succeed if the last complete backup is younger: 20h, 2d")
    private Duration ifOlderThan;

    @Option(names = "--snapshot", paramLabel = "METHOD", description = "read from a snapshot of each path's volume: auto, btrfs, lvm, zfs, dattobd, script or none;"
            + " with ',required' behind it there is no backup if that fails, else a warning and one of the live files")
    private String snapshot;

    @Mixin
    private SnapshotOptions snapshotOptions = new SnapshotOptions();

    private SnapshotSources snapshots;

    @Override
    protected ExitCode run() throws Exception {
        if (readers < 1 || readers > 64) {
            throw new UsageException("--readers wants a number from 1 to 64");
        }
        if (snapshot == null || dryRun.dryRun()) {
            return save();
        }
        try (SnapshotSources taken = SnapshotSources.take(context(), out(), snapshotOptions.request(snapshot), source.named())) {
            snapshots = taken;
            source.from(taken);
            return save();
        }
    }

    private ExitCode save() throws Exception {
        Set<Compared> fields = fields();
        Instant began = Instant.now();
        StreamBackup stream = streams.wanted(context(), source) ? new StreamBackup(context(), out(), streams) : null;
        if (stream != null && name.isEmpty()) {
            name = streams.name();
        }
        Sources sources = stream != null ? null : source.sourcesThere(context());
        ArchiveCounts counts = new ArchiveCounts();
        if (dryRun.dryRun() && stream != null) {
            return stream.dryRun();
        }
        if (dryRun.dryRun()) {
            DryRun dry = new DryRun(out(), counts);
            source.tellMissing(dry);
            return dry.run(sources, source.walkOptions(context(), Set.of(), out()::warning));
        }
        String ofHost = host != null ? host : ThisHost.name();
        try (RunLock lock = RunLock.take(cache.dir(context()), ofHost, name)) {
            if (lock == null && skipIfRunning) {
                out().message("a backup of " + ofHost + " is running already: nothing to do");
                return ExitCode.DONE;
            }
            try (Repository repository = RepositoryAccess.openOrCreateDefault(context(), out(), repo.with(cache))) {
                Backup last = stream == null ? youngEnough(repository, ofHost, Archiver.KIND, sources.paths()) : youngEnough(repository, ofHost, Intake.KIND, stream.paths());
                if (last != null) {
                    out().message("the backup " + last.shortId() + " of " + Time.screen(last.time(), context().zone()) + " is young enough: nothing to do");
                    return ExitCode.DONE;
                }
                boolean first = repository.records().list().isEmpty();
                ExitCode code;
                if (stream != null) {
                    BackupLabel label = new BackupLabel(ofHost, name, Intake.KIND, stream.paths(), tags, time(began), Version.number());
                    code = stream.run(repository, label, level(repository), RepositoryAccess.scratch(cache.dir(context())), readers);
                } else {
                    WalkOptions walk = source.walkOptions(context(), RepositoryAccess.ownDirectories(context(), repo), out()::warning);
                    code = save(repository, sources, walk, ofHost, fields, counts, began);
                }
                if (first) {
                    RepoLocation location = repo.location(context());
                    if (stream == null) KeepSafe.noteSameDisk(out(), location, sources.paths());
                    if (repository.keys().encrypted()) KeepSafe.remindOfPaper(context(), out(), location, repository.id());
                }
                return code;
            }
        }
    }

    private Instant time(Instant began) throws IOException {
        return time == null ? began : Time.parse(time, context().zone());
    }

    private Compression level(Repository repository) throws IOException {
        return compression == null ? repository.compression() : Compression.parse(compression);
    }

    private ExitCode save(Repository repository, Sources sources, WalkOptions walk, String ofHost, Set<Compared> fields, ArchiveCounts counts,
            Instant began) throws IOException {
        ArchiveOptions options = new ArchiveOptions(ofHost, name, sources.paths(), tags,
                time(began), fields, reread, recheck == null ? 0.001 : recheck, readers,
                RepositoryAccess.scratch(cache.dir(context())), Version.number());
        AtomicReference<byte[]> current = new AtomicReference<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        Archiver archiver = new Archiver(repository, options, counts, listener(current), cancelled::get);
        Archiver.Result result;
        try (Interrupt.Guard guard = context().interrupt().guard(() -> cancelled.set(true));
                Forecast forecast = Forecast.start(out().showsProgress(), sources, walk);
                ProgressLine line = out().progress(() -> new ProgressState(null, counts.bytesSeen.sum(), forecast.bytes(), counts.entries(),
                        forecast.entries(), current.get()))) {
            result = archiver.run(visitor -> {
                source.tellMissing(visitor);
                Walk.run(sources, walk, visitor);
            }, level(repository), repository.packSize());
        }
        out().done(new BackupSummary(result, counts, began, Instant.now()), false);
        if (result.record().head().partial()) {
            return ExitCode.INTERRUPTED;
        }
        return result.record().head().incomplete() ? ExitCode.INCOMPLETE : ExitCode.DONE;
    }

    private ArchiveListener listener(AtomicReference<byte[]> current) {
        return new ArchiveListener() {
            @Override
            public void problem(byte[] path, String message) {
                out().warning("'" + Text.printable(path) + "' " + message);
            }

            @Override
            public void leftOut(byte[] path, String reason) {
                out().detail("left out '" + Text.printable(path) + "': " + reason);
            }

            @Override
            public void note(String message) {
                out().message(message);
            }

            @Override
            public void reading(byte[] path) {
                current.lazySet(path);
            }

            @Override
            public void allRead() throws IOException {
                if (snapshots != null) snapshots.check();
            }
        };
    }

    private Set<Compared> fields() throws UsageException {
        Set<Compared> fields = EnumSet.noneOf(Compared.class);
        for (String field : compare.split(",", -1)) {
            try {
                fields.add(Compared.valueOf(field.trim().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--compare wants size, mtime, ctime and inode, joined by commas, not '" + field + "'");
            }
        }
        return fields;
    }

    private Backup youngEnough(Repository repository, String ofHost, String kind, List<byte[]> paths) throws IOException {
        if (ifOlderThan == null) {
            return null;
        }
        Backup last = RepositoryAccess.lastComplete(repository, Archiver.group(repository, ofHost, name, kind, paths));
        return last != null && last.time().plus(ifOlderThan).isAfter(Instant.now()) ? last : null;
    }
}

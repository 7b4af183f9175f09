package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveOptions;
import cairn.archive.Archiver;
import cairn.archive.BackupLabel;
import cairn.archive.Intake;
import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.DryRunOption;
import cairn.cli.DurationConverter;
import cairn.cli.Interrupt;
import cairn.cli.KeepSafe;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Time;
import cairn.cli.UsageException;
import cairn.cli.Version;
import cairn.error.ExitCode;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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

    @Mixin
    private BackupOptions backup = new BackupOptions();

    @Option(names = "--skip-if-running", description = "do nothing and succeed if a backup of the same host and name is running on this machine")
    private boolean skipIfRunning;

    @Option(names = "--if-older-than", paramLabel = "AGE", converter = DurationConverter.class,
            description = "do nothing and succeed if the last complete backup is younger: 20h, 2d")
    private Duration ifOlderThan;

    @Option(names = "--snapshot", paramLabel = "METHOD",
            description = "read from a snapshot of each path's volume: auto, btrfs, lvm, zfs, dattobd, script or none;"
            + " with ',required' behind it there is no backup if that fails, else a warning and one of the live files")
    private String snapshot;

    @Mixin
    private SnapshotOptions snapshotOptions = new SnapshotOptions();

    private SnapshotCheck snapshots;

    @Override
    protected ExitCode run() throws Exception {
        backup.check();
        if (snapshot != null && streams.wanted(context(), source)) {
            throw new UsageException("--snapshot is for files: what a command reads is frozen by 'cairn snapshot run PATH -- COMMAND'");
        }
        if (snapshot == null || dryRun.dryRun()) {
            snapshots = SnapshotCheck.of(context(), out(), source.standIns(context()));
            return snapshots.whileReading(this::save);
        }
        try (SnapshotSources taken = SnapshotSources.take(context(), out(), snapshotOptions.request(snapshot), source.named())) {
            snapshots = taken;
            source.from(taken);
            return taken.whileReading(this::save);
        }
    }

    private ExitCode save() throws Exception {
        Instant began = Instant.now();
        StreamBackup stream = streams.wanted(context(), source) ? new StreamBackup(context(), out(), streams) : null;
        Sources sources = stream != null ? null : source.sources(context());
        ArchiveCounts counts = new ArchiveCounts();
        if (dryRun.dryRun() && stream != null) {
            return stream.dryRun();
        }
        if (dryRun.dryRun()) {
            DryRun dry = new DryRun(out(), counts);
            source.tellMissing(dry);
            return dry.run(sources, source.walkOptions(context(), Set.of(), out()::warning));
        }
        BackupLabel label = stream != null ? backup.label(context(), streams.name(), Intake.KIND, stream.paths(), began)
                : backup.label(context(), "", Archiver.KIND, sources.paths(), began);
        try (RunLock lock = RunLock.take(cache.dir(context()), label.host(), label.name())) {
            if (lock == null && skipIfRunning) {
                out().message("a backup of " + label.host() + " is running already: nothing to do");
                return ExitCode.DONE;
            }
            try (Repository repository = RepositoryAccess.openOrCreateDefault(context(), out(), repo.with(cache))) {
                Backup last = youngEnough(repository, label);
                if (last != null) {
                    out().message("the backup " + last.shortId() + " of " + Time.screen(last.time(), context().zone()) + " is young enough: nothing to do");
                    return ExitCode.DONE;
                }
                boolean first = repository.records().list().isEmpty();
                ExitCode code;
                Path scratch = RepositoryAccess.scratch(cache.dir(context()));
                if (stream != null) {
                    code = stream.run(repository, label, backup.compression(repository.compression()), scratch, backup.readers());
                } else {
                    WalkOptions walk = source.walkOptions(context(), RepositoryAccess.ownDirectories(context(), repo), out()::warning);
                    code = save(repository, sources, walk, backup.archive(context(), sources.paths(), began, scratch), counts, began);
                }
                if (first) {
                    RepoLocation location = repo.location(context());
                    if (stream == null) KeepSafe.noteSameDisk(out(), location, sources.paths());
                    if (repository.keys().encrypted() && repository.keys().canRead()) KeepSafe.remindOfPaper(context(), out(), location, repository.id());
                }
                return code;
            }
        }
    }

    private ExitCode save(Repository repository, Sources sources, WalkOptions walk, ArchiveOptions options, ArchiveCounts counts, Instant began)
            throws IOException {
        Watcher watcher = new Watcher(out(), snapshots);
        AtomicBoolean cancelled = new AtomicBoolean();
        Archiver archiver = new Archiver(repository, options, counts, watcher, cancelled::get);
        Archiver.Result result;
        try (Interrupt.Guard guard = context().interrupt().guard(() -> cancelled.set(true));
                Forecast forecast = Forecast.start(out().showsProgress(), sources, walk);
                ProgressLine line = out().progress(() -> new ProgressState(null, counts.bytesSeen.sum(), forecast.bytes(), counts.entries(),
                        forecast.entries(), watcher.current()))) {
            result = archiver.run(visitor -> {
                source.tellMissing(visitor);
                Walk.run(sources, walk, visitor);
            }, backup.compression(repository.compression()), repository.packSize());
        }
        out().done(new BackupSummary(result, counts, began, Instant.now()), false);
        if (result.record().head().partial()) {
            return ExitCode.INTERRUPTED;
        }
        return result.record().head().incomplete() ? ExitCode.INCOMPLETE : ExitCode.DONE;
    }

    private Backup youngEnough(Repository repository, BackupLabel label) throws IOException {
        if (ifOlderThan == null) {
            return null;
        }
        Backup last = RepositoryAccess.lastComplete(repository, label.group(repository));
        return last != null && last.time().plus(ifOlderThan).isAfter(Instant.now()) ? last : null;
    }
}

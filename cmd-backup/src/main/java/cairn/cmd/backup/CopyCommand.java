package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.cli.BackupSelector;
import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.DryRunOption;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.ThisHost;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.query.BackupRef;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.transfer.Copier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn copy}: backups from one repository to another. */
@CommandLine.Command(name = "copy", description = {
    "Copies backups from a repository (-r) to another (--to), each opened with its own key. A copy keeps host, name, time, tags and paths;"
            + " its id is another one.",
    "Without BACKUP all are copied that the options choose. What was copied before is passed over, and only content that is new is read."})
public final class CopyCommand extends Command {
    @Parameters(paramLabel = "BACKUP", arity = "0..*", description = "a backup to copy: an id, latest, NAME@latest or NAME@2026-11-20")
    private List<String> wanted = List.of();

    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private ToOptions to = new ToOptions();

    @Mixin
    private BackupSelector selector = new BackupSelector();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private DryRunOption dryRun = new DryRunOption();

    @Option(names = "--workers", paramLabel = "N", description = "threads that store content; else one for each processor, at most 8")
    private int workers = Math.min(8, Runtime.getRuntime().availableProcessors());

    private final AtomicReference<ArchiveCounts> counts = new AtomicReference<>(new ArchiveCounts());
    private final AtomicReference<Watcher> watcher = new AtomicReference<>();

    @Override
    protected ExitCode run() throws Exception {
        if (workers < 1 || workers > 64) {
            throw new UsageException("--workers wants a number from 1 to 64");
        }
        RepoOptions second = to.repository(repo);
        if (repo.location(context()).scheme() != null || second.location(context()).scheme() != null) {
            repo.throttle(out()); // of both, whichever is opened first
        }
        Path scratch = RepositoryAccess.scratch(cache.dir(context()));
        byte[] spool = RawString.encode(scratch != null ? scratch.toString() : context().env("TMPDIR") != null ? context().env("TMPDIR") : "/var/tmp");
        AtomicBoolean cancelled = new AtomicBoolean();
        watcher.set(new Watcher(out()));
        try (Repository from = RepositoryAccess.openToRead(context(), out(), repo);
                Repository target = RepositoryAccess.openToRead(context(), out(), second);
                var guard = context().interrupt().guard(() -> cancelled.set(true))) {
            if (from.id().equals(target.id())) {
                throw new CairnException(ExitCode.USAGE, "both are the same repository (" + from.id().hex().substring(0, 8)
                        + "), or one is a copy of the other",
                        "make the second one with 'cairn init'");
            }
            Copier copier = new Copier(from, target, watcher.get(), cancelled::get, scratch, spool, workers);
            return copy(from, copier, cancelled);
        }
    }

    private ExitCode copy(Repository from, Copier copier, AtomicBoolean cancelled) throws IOException {
        int there = 0;
        boolean doubt = false;
        try (ProgressLine line = out().progress(() -> new ProgressState(null, counts.get().bytesSeen.sum(), -1, counts.get().entries(), -1,
                watcher.get().current()))) {
            for (Backup backup : chosen(from)) {
                if (copier.copyOf(backup) != null) {
                    there++;
                } else if (backup.inDoubt()) {
                    doubt = true;
                    out().warning("the backup " + backup.shortId() + " is in doubt and was not copied: 'cairn verify' says whether it is complete");
                } else if (dryRun.dryRun()) {
                    out().emit(new CopiedEvent(backup, null, null));
                } else {
                    counts.set(new ArchiveCounts());
                    Backup copy = copier.copy(backup, counts.get());
                    if (!out().quiet() || out().json()) {
                        out().emit(new CopiedEvent(backup, copy, counts.get()));
                    }
                }
            }
        }
        if (there > 0) {
            out().message(there + (there == 1 ? " backup was" : " backups were") + " copied before");
        }
        return doubt ? ExitCode.INCOMPLETE : ExitCode.DONE;
    }

    private List<Backup> chosen(Repository from) throws IOException {
        if (wanted.isEmpty()) {
            return selector.selection(context()).select(from);
        }
        if (!selector.all()) {
            throw new UsageException("name backups, or choose them by options");
        }
        List<Backup> named = new ArrayList<>();
        for (String text : wanted) {
            named.add(BackupRef.parse(text).resolve(from, context().zone(), ThisHost.name()));
        }
        return named;
    }

    /** @param copy null if it would be copied */
    private record CopiedEvent(Backup backup, Backup copy, ArchiveCounts counts) implements Event {
        @Override
        public String type() {
            return copy == null ? "to_copy" : "copied";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("backup", backup.id().hex());
            if (copy != null) {
                json.field("copy", copy.id().hex());
            }
            json.field("host", backup.body().host()).field("name", backup.body().name()).field("time", backup.record().head().time())
                    .field("entries", backup.record().head().entries()).field("bytes", backup.record().head().bytes());
            if (copy != null) {
                json.field("bytes_read", counts.bytesRead.sum()).field("bytes_added", copy.record().head().added());
            }
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(backup.shortId()).text(copy == null ? " would be copied: " : " -> " + copy.shortId() + "  ").time(backup.record().head().time())
                    .text("  ").text(backup.body().name().isEmpty() ? backup.body().host() : backup.body().name());
        }
    }
}

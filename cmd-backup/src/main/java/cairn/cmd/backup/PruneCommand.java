package cairn.cmd.backup;

import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.DryRunOption;
import cairn.cli.DurationConverter;
import cairn.cli.Event;
import cairn.cli.Interrupt;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.PercentConverter;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Text;
import cairn.error.ExitCode;
import cairn.prune.PruneListener;
import cairn.prune.Pruner;
import cairn.repo.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn prune}: gives space back. */
@CommandLine.Command(name = "prune", description = {
    "Deletes backups that 'forget' marked and packs that no backup needs, while others may be writing.",
    "What is to go is marked first and deleted by a later prune, when the marks have rested for the grace period."})
public final class PruneCommand extends Command {
    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private DryRunOption dryRun = new DryRunOption();

    @Option(names = "--grace", paramLabel = "TIME", converter = DurationConverter.class,
            description = "how long marks rest before anything is deleted (default 24h); 0 does it all now and refuses if a writer is at work")
    private Duration grace = Duration.ofHours(24);

    @Option(names = "--max-unused", paramLabel = "PERCENT", converter = PercentConverter.class,
            description = "share of the stored bytes that may stay unused in packs that are partly needed (default 5%)")
    private Double maxUnused = 0.05;

    @Override
    protected ExitCode run() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        try (Repository repository = open();
                Interrupt.Guard guard = context().interrupt().guard(() -> cancelled.set(true))) {
            Pruner pruner = new Pruner(repository, RepositoryAccess.scratch(cache.dir(context())), listener(), cancelled::get);
            Pruner.Result result = pruner.run(new Pruner.Options(grace, maxUnused, dryRun.dryRun()));
            out().done(new Summary(result, dryRun.dryRun()), dryRun.dryRun());
            return cancelled.get() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }

    /** To look needs no key; to mark and delete needs one whose marks count. */
    private Repository open() throws IOException {
        RepoOptions options = repo.with(cache);
        return dryRun.dryRun() ? RepositoryAccess.openToCheck(context(), out(), options) : RepositoryAccess.openToMark(context(), out(), options);
    }

    private PruneListener listener() {
        return new PruneListener() {
            @Override
            public void phase(String phase) {
                out().detail(phase);
            }

            @Override
            public void note(String message) {
                out().message(message);
            }
        };
    }

    private record Summary(Pruner.Result result, boolean dry) implements Event {
        @Override
        public String type() {
            return "prune";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("dry_run", dry).field("backups_deleted", result.recordsDeleted()).field("backups_waiting", result.recordsWaiting())
                    .field("packs_deleted", result.packsDeleted()).field("bytes_deleted", result.bytesDeleted())
                    .field("packs_marked", result.packsMarked()).field("bytes_marked", result.bytesMarked())
                    .field("bytes_copied", result.bytesCopied()).field("bytes_needed", result.bytesNeeded()).field("bytes_stored", result.bytesStored());
        }

        @Override
        public void text(Line line) throws IOException {
            line.text("backups: " + result.recordsDeleted() + (dry ? " would be deleted" : " deleted")
                    + (result.recordsWaiting() > 0 ? ", " + result.recordsWaiting() + " waiting for the grace period" : "")).end();
            if (result.packsMarked() > 0) {
                line.text("packs:   " + result.packsMarked() + (dry ? " would go, " : " marked, ")).size(result.bytesMarked())
                        .text(dry ? "" : "; the next prune after the grace period deletes them").end();
            }
            line.text("space:   ").size(result.bytesDeleted()).text(" given back in " + Text.count(result.packsDeleted(), "pack") + ", ")
                    .size(result.bytesCopied()).text(" copied; ").size(result.bytesNeeded()).text(" needed of ").size(result.bytesStored()).end();
        }
    }
}

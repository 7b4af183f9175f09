package cairn.cmd.restore;

import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.Event;
import cairn.cli.Interrupt;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.PercentConverter;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.verify.Finding;
import cairn.verify.Verifier;
import cairn.verify.VerifyCounts;
import cairn.verify.VerifyListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn verify}: judges a repository. */
@CommandLine.Command(name = "verify", description = {
    "Checks that everything which backups need is there and fits together; with --read-data also that every stored byte is as it was written.",
    "Needs no key; with one that reads it also opens every blob that it reads, and names the paths that are hit.",
    "Ends with status 4 if something of a backup is lost or altered, and says which backups and paths are hit."})
public final class VerifyCommand extends Command {
    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Option(names = "--read-data", description = "read and check all stored bytes")
    private boolean readData;

    @Option(names = "--sample", paramLabel = "PERCENT", converter = PercentConverter.class,
            description = "read and check so much of the stored bytes, chosen at random")
    private Double sample;

    @Option(names = "--workers", paramLabel = "N", description = "threads that read and check; else one for each processor, at most 8")
    private int workers = Math.min(8, Runtime.getRuntime().availableProcessors());

    @Override
    protected ExitCode run() throws Exception {
        if (sample != null && sample == 0) {
            throw new UsageException("--sample wants more than 0%: nothing would be read");
        }
        if (readData && sample != null) {
            throw new UsageException("--read-data reads everything: leave out --sample");
        }
        if (workers < 1 || workers > 64) {
            throw new UsageException("--workers wants a number from 1 to 64");
        }
        VerifyCounts counts = new VerifyCounts();
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicReference<String> phase = new AtomicReference<>();
        try (Repository repository = RepositoryAccess.openToCheck(context(), out(), repo.with(cache));
                Interrupt.Guard guard = context().interrupt().guard(() -> cancelled.set(true));
                ProgressLine line = out().progress(() -> new ProgressState(phase.get(), counts.bytesRead.sum(), -1, counts.packsRead.sum(), -1, null))) {
            VerifyListener listener = listener(phase);
            new Verifier(repository, RepositoryAccess.scratch(cache.dir(context())), workers, counts, listener, cancelled::get)
                    .run(readData ? 1 : sample == null ? 0 : sample);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out().done(new Summary(counts, readData || sample != null), false);
        return cancelled.get() ? ExitCode.INTERRUPTED : counts.damage.sum() > 0 ? ExitCode.DAMAGED : ExitCode.DONE;
    }

    private VerifyListener listener(AtomicReference<String> phase) {
        return new VerifyListener() {
            @Override
            public void finding(Finding finding) {
                emit(new Found(finding));
            }

            @Override
            public void hit(Backup backup, byte[] path) {
                emit(new Hit(backup, path));
            }

            @Override
            public void phase(String now) {
                phase.set(now);
            }
        };
    }

    private void emit(Event event) {
        try {
            out().emit(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Found(Finding finding) implements Event {
        @Override
        public String type() {
            return "finding";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("severity", finding.severity().name().toLowerCase(Locale.ROOT)).field("kind", finding.kind())
                    .field("subject", finding.subject()).field("message", finding.message());
            json.name("backups").beginArray();
            for (Hash backup : finding.backups()) {
                json.value(backup.hex());
            }
            json.endArray();
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(finding.severity().name().toLowerCase(Locale.ROOT) + ": ")
                    .text(finding.message().startsWith(finding.subject()) ? "" : finding.subject() + ": ").text(finding.message()).end();
        }
    }

    private record Hit(Backup backup, byte[] path) implements Event {
        @Override
        public String type() {
            return "hit";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("backup", backup.id().hex()).field("path", path);
        }

        @Override
        public void text(Line line) throws IOException {
            line.text("hit: " + backup.shortId() + ":").name(path).end();
        }
    }

    private record Summary(VerifyCounts counts, boolean data) implements Event {
        @Override
        public String type() {
            return "verify";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("backups", counts.backups.sum()).field("files", counts.files.sum()).field("packs", counts.packs.sum())
                    .field("packs_read", counts.packsRead.sum()).field("bytes_read", counts.bytesRead.sum())
                    .field("blobs_reached", counts.blobsReached.sum()).field("blobs_opened", counts.blobsOpened.sum())
                    .field("packs_attested", counts.packsAttested.sum())
                    .field("damage", counts.damage.sum()).field("warnings", counts.warnings.sum()).field("paths_hit", counts.hits.sum());
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(Text.count(counts.backups.sum(), "backup") + ", " + Text.count(counts.packs.sum(), "pack") + ", "
                    + Text.count(counts.blobsReached.sum(), "blob") + " needed").end();
            if (data) {
                line.text("read " + Text.count(counts.packsRead.sum(), "pack") + " whole, ").size(counts.bytesRead.sum())
                        .text(", opened " + Text.count(counts.blobsOpened.sum(), "blob")).end();
            }
            if (counts.packsAttested.sum() > 0) {
                line.text("attested " + counts.packsAttested.sum() + " packs of clients that only write: from now on all may rely on them").end();
            }
            line.text(counts.damage.sum() == 0 ? "no damage found" : counts.damage.sum() + " damaged")
                    .text(counts.warnings.sum() == 0 ? "" : ", " + Text.count(counts.warnings.sum(), "warning")).end();
        }
    }
}

package cairn.cmd.restore;

import cairn.cli.CacheOptions;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Sizes;
import cairn.cli.Text;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.query.Usage;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cairn stats}: what backups take up. */
@CommandLine.Command(name = "stats", description = {
    "Shows for each backup the size of its files, the bytes that it alone takes up in the repository, and the bytes that it shares with others;"
    + " then the sums of the repository. Deleting a backup and pruning frees what it alone takes up."
    + " Reads no names and no content: a key that may not read shows the sizes, too."})
public final class StatsCommand extends ReadingCommand {
    @Mixin
    private CacheOptions cache = new CacheOptions();

    /** Needs no secret, so it asks for none. */
    @Override
    Repository open(RepoOptions options) throws IOException {
        return RepositoryAccess.openToCheck(context(), out(), options);
    }

    @Override
    CacheOptions cacheOptions() {
        return cache;
    }

    @Override
    ExitCode read(Repository repository) throws IOException {
        List<RecordFile> records = repository.records().all(repository.marks());
        repository.index();
        repository.storage().expectList("packs/", "index/", "backups/");
        AtomicLong done = new AtomicLong();
        try (Usage usage = new Usage(repository, records, scratch(cache))) {
            try (ProgressLine line = out().progress(() -> new ProgressState("backups", 0, -1, done.get(), records.size(), null))) {
                usage.run((walked, of) -> done.set(walked));
            }
            for (int i = 0; i < records.size(); i++) {
                out().emit(new BackupStats(records.get(i), open(repository, records.get(i)), usage.own(i), usage.shared(i)));
            }
            out().emit(totals(repository, records, usage));
            if (usage.missing() > 0) {
                damage("", new IOException(usage.missing() + " blobs are missing or damaged, so that sizes are too small; 'cairn verify' tells more"));
            }
        }
        return ExitCode.DONE;
    }

    /** Null where the key may not read. */
    private static Backup open(Repository repository, RecordFile record) throws IOException {
        try {
            return repository.records().open(record, repository.marks());
        } catch (CairnException e) {
            if (e.exitCode() == ExitCode.REFUSED) {
                return null;
            }
            throw e;
        }
    }

    private static Totals totals(Repository repository, List<RecordFile> records, Usage usage) throws IOException {
        long[] sums = new long[4];
        repository.storage().list("packs/", file -> {
            sums[0]++;
            sums[1] += file.size();
        });
        repository.storage().list("index/", file -> sums[2] += file.size());
        repository.storage().list("backups/", file -> sums[2] += file.size());
        for (RecordFile record : records) {
            sums[3] += record.head().bytes();
        }
        return new Totals(records.size(), sums[3], usage.blobs(), usage.plainBytes(), usage.storedBytes(), sums[0], sums[1], sums[2]);
    }

    private record BackupStats(RecordFile record, Backup backup, long own, long shared) implements Event {
        @Override
        public String type() {
            return "backup_stats";
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(record.id().hex().substring(0, 8)).text("  ").time(record.time()).text("  ").size(record.head().bytes()).text(" files")
                    .size(own).text(" own").size(shared).text(" shared");
            if (backup != null) {
                line.text("  ").text(Text.oneLine(backup.body().host())).text(backup.body().name().isEmpty() ? "" : " " + Text.oneLine(backup.body().name()));
            }
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("id", record.id().hex()).field("time", record.time()).field("bytes", record.head().bytes()).field("entries", record.head().entries())
                    .field("own", own).field("shared", shared).field("added", record.head().added());
            if (backup != null) {
                json.field("host", backup.body().host()).field("name", backup.body().name());
            }
        }
    }

    /** @param other bytes of index and records */
    private record Totals(int backups, long bytes, long blobs, long plain, long stored, long packs, long packBytes, long other) implements Event {
        @Override
        public String type() {
            return "repository_stats";
        }

        @Override
        public void text(Line line) throws IOException {
            line.size(bytes).text(" in the files of " + backups + (backups == 1 ? " backup" : " backups")).end();
            line.size(plain).text(" in " + blobs + " different blobs, ").text(ratio(bytes, plain)).text(" by storing nothing twice").end();
            line.size(stored).text(" as stored, ").text(ratio(plain, stored)).text(" by compression").end();
            line.size(packBytes).text(" in " + packs + (packs == 1 ? " pack" : " packs")).text(packBytes > stored && stored > 0
                    ? ", of which no backup needs " + Sizes.format(packBytes - stored) + " (with the packs' own heads)" : "").end();
            line.size(other).text(" in index and records").end();
        }

        private static String ratio(long from, long to) {
            return to == 0 ? "1.0 x less" : String.format(Locale.ROOT, "%.1f x less", (double) from / to);
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("backups", backups).field("bytes", bytes).field("blobs", blobs).field("plain_bytes", plain).field("stored_bytes", stored)
                    .field("packs", packs).field("pack_bytes", packBytes).field("index_and_record_bytes", other)
                    .field("deduplication_ratio", plain == 0 ? 1 : (double) bytes / plain)
                    .field("compression_ratio", stored == 0 ? 1 : (double) plain / stored);
        }
    }
}

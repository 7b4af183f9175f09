package cairn.query;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveListener;
import cairn.archive.ArchiveOptions;
import cairn.archive.ArchiveOptions.Compared;
import cairn.archive.Archiver;
import cairn.pack.Compression;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;

/** Makes backups of folders for tests of what reads them. */
public final class BackupMaker {
    private final Repository repository;
    private final Path scratch;
    private String host = "host";
    private String name = "";
    private List<String> tags = List.of();
    private Instant time = Instant.parse("2026-11-20T12:00:00Z");
    private boolean interrupted;

    public BackupMaker(Repository repository, Path scratch) {
        this.repository = repository;
        this.scratch = scratch;
    }

    public BackupMaker host(String value) {
        host = value;
        return this;
    }

    public BackupMaker name(String value) {
        name = value;
        return this;
    }

    public BackupMaker tags(String... values) {
        tags = List.of(values);
        return this;
    }

    /** RFC 3339, in UTC. */
    public BackupMaker time(String value) {
        time = Instant.parse(value);
        return this;
    }

    public BackupMaker interrupted() {
        interrupted = true;
        return this;
    }

    /** Saves a folder; each later call adds an hour to the time. */
    public Backup save(Path source) throws IOException {
        byte[] path = source.toString().getBytes(StandardCharsets.UTF_8);
        Sources sources = new Sources();
        sources.add(path);
        ArchiveOptions options = new ArchiveOptions(host, name, List.of(path), tags, time, EnumSet.allOf(Compared.class), false, 0, 2, scratch, "test");
        ArchiveCounts counts = new ArchiveCounts();
        Archiver.Result result = new Archiver(repository, options, counts, new Quiet(), () -> interrupted && counts.entries() > 0)
                .run(visitor -> Walk.run(sources, WalkOptions.DEFAULT, visitor), Compression.AUTO, 1 << 20);
        repository.refresh();
        time = time.plusSeconds(3600);
        interrupted = false;
        return repository.records().open(result.record(), repository.marks());
    }

    private static final class Quiet implements ArchiveListener {
        @Override
        public void problem(byte[] path, String message) {
            throw new AssertionError(new String(path, StandardCharsets.UTF_8) + ": " + message);
        }

        @Override
        public void leftOut(byte[] path, String reason) {
            throw new AssertionError(new String(path, StandardCharsets.UTF_8) + ": " + reason);
        }

        @Override
        public void note(String message) {
        }

        @Override
        public void reading(byte[] path) {
        }
    }
}

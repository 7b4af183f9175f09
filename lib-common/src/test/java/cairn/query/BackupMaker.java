package cairn.query;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveOptions;
import cairn.archive.ArchiveOptions.Compared;
import cairn.archive.Archiver;
import cairn.archive.BackupLabel;
import cairn.archive.Heard;
import cairn.archive.Intake;
import cairn.archive.IntakeRun;
import cairn.pack.Compression;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Attributes;
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
        return made(new Archiver(repository, options, counts, Heard.nothingAmiss(), () -> interrupted && counts.entries() > 0)
                .run(visitor -> Walk.run(sources, WalkOptions.DEFAULT, visitor), Compression.AUTO, 1 << 20));
    }

    /** Saves text as a command's output is saved, at the path and under the name of this maker. */
    public Backup saveStream(String text) throws IOException {
        byte[] path = ("/" + name).getBytes(StandardCharsets.UTF_8);
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        BackupLabel label = new BackupLabel(host, name, Intake.KIND, List.of(path), tags, time, "test");
        return made(new IntakeRun(repository, label, new ArchiveCounts(), Heard.nothingAmiss(), () -> false, scratch,
                scratch.toString().getBytes(StandardCharsets.UTF_8), 2).run(intake -> {
                    Intake.FileContent file = intake.file(path, new Attributes(0600, 0, 0, 0, 0, null, List.of(), 0, 0), null);
                    file.data(content, 0, content.length);
                    file.end();
                }, Compression.AUTO, 1 << 20));
    }

    private Backup made(Archiver.Result result) throws IOException {
        repository.refresh();
        time = time.plusSeconds(3600);
        interrupted = false;
        return repository.records().open(result.record(), repository.marks());
    }
}

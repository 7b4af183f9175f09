package cairn.cmd.backup;

import cairn.archive.ChangeWalk;
import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.ListOptions;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.ThisHost;
import cairn.error.ExitCode;
import cairn.query.BackupRef;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.scan.ScanWriter;
import cairn.walk.Sources;
import cairn.walk.Walk;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn scan}: lists what a backup would save. */
@CommandLine.Command(name = "scan", description = {
    "Lists files and folders with their attributes, one JSON object a line, for filters and for 'cairn send'; see cairn-scan(5).",
    "Needs no repository, but with --changed-since."})
public final class ScanCommand extends Command {
    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Option(names = "--changed-since", paramLabel = "BACKUP",
            description = "list only what is not as it was at this backup, and what is gone since")
    private String changedSince;

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    protected boolean nullTerminated() {
        return list.nullTerminated();
    }

    @Override
    protected ExitCode run() throws IOException {
        BackupRef since = changedSince == null ? null : BackupRef.parse(changedSince);
        try (Sources sources = source.sources(context())) {
            ScanWriter writer = new ScanWriter(context().stdout(), list.nullTerminated());
            ScanVisitor visitor = new ScanVisitor(out(), writer);
            if (since == null) {
                Walk.run(sources, source.walkOptions(context(), Set.of(), out()::warning), visitor);
                source.tellMissing(visitor);
                writer.end(null);
            } else {
                changes(sources, since, visitor, writer);
            }
            return writer.problems() > 0 ? ExitCode.INCOMPLETE : ExitCode.DONE;
        }
    }

    private void changes(Sources sources, BackupRef since, ScanVisitor visitor, ScanWriter writer) throws IOException {
        try (Repository repository = RepositoryAccess.open(context(), out(), repo.with(cache))) {
            Backup backup = since.resolve(repository, context().zone(), ThisHost.name());
            Walk.run(sources, source.walkOptions(context(), RepositoryAccess.ownDirectories(context(), repo), out()::warning),
                    new ChangeWalk(repository, backup, visitor));
            source.tellMissing(visitor);
            writer.end(backup.id().hex());
        }
    }
}

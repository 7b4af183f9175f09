package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.archive.Archiver;
import cairn.cli.CacheOptions;
import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.repo.Repository;
import cairn.stream.StreamReader;
import cairn.transfer.PlainReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Receives a plain stream. */
final class PlainReceive {
    private final CommandContext context;
    private final Output out;
    private final RepoOptions repo;
    private final CacheOptions cache;
    private final int workers;

    PlainReceive(CommandContext context, Output out, RepoOptions repo, CacheOptions cache, int workers) {
        this.context = context;
        this.out = out;
        this.repo = repo;
        this.cache = cache;
        this.workers = workers;
    }

    ExitCode receive(StreamReader stream) throws IOException {
        Path scratch = RepositoryAccess.scratch(cache.dir(context));
        byte[] spool = RawString.encode(scratch != null ? scratch.toString() : context.env("TMPDIR") != null ? context.env("TMPDIR") : "/var/tmp");
        ArchiveCounts counts = new ArchiveCounts();
        Watcher watcher = new Watcher(out);
        AtomicBoolean cancelled = new AtomicBoolean();
        try (Repository repository = RepositoryAccess.openOrCreateDefault(context, out, repo);
                var guard = context.interrupt().guard(() -> cancelled.set(true));
                ProgressLine line = out.progress(() -> new ProgressState(null, counts.bytesSeen.sum(), -1, counts.entries(), -1, watcher.current()))) {
            Archiver.Result result = new PlainReceiver(repository, counts, watcher, cancelled::get, scratch, spool, workers)
                    .receive(stream, repository.compression());
            ReceivedEvent event = ReceivedEvent.of(result, counts, stream.position());
            event.emit(out);
            return event.code();
        }
    }
}

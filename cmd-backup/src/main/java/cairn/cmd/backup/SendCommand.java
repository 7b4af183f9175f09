package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Sizes;
import cairn.cli.UsageException;
import cairn.error.ExitCode;
import cairn.remote.Throttle;
import cairn.walk.FileId;
import cairn.walk.WalkOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn send}: a backup as a stream. */
@CommandLine.Command(name = "send", description = {
    "Reads files and folders and writes a backup of them to standard output, as a stream for 'cairn receive': through a pipe, ssh, a file or a tape.",
    "Without a PATH it reads what to send from standard input, as 'cairn scan' prints it; see cairn-scan(5).",
    "With a repository (-r or CAIRN_REPO) and its key, or a client key alone (--key-file), the stream is sealed: whoever carries or"
            + " receives it sees no name, attribute or content."
        + " Without one it is plain, which is said.",
    "The backup is made when the stream is received."})
public final class SendCommand extends Command {
    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private BackupOptions backup = new BackupOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Option(names = "--base", paramLabel = "BACKUP", description = "leave out what this backup has, which the receiver must have too; for sealed streams")
    private String base;

    @Option(names = "--plain", description = "send files as they are, although a repository is given")
    private boolean plain;

    @Option(names = "--to", paramLabel = "COMMAND",
            description = "talk with this shell command ('ssh HOST cairn receive --stdio -r REPO') and send only what its repository lacks;"
                    + " the key is one of that repository")
    private String to;

    @Option(names = "--resume",
            description = "with --to: if the conversation breaks off, run the command again and go on, until five runs in a row got nowhere")
    private boolean resume;

    private final ArchiveCounts counts = new ArchiveCounts();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    @Override
    protected ExitCode run() throws Exception {
        if (to == null && context().terminal().stdout()) {
            throw new UsageException("a stream is not for a terminal: send it to a file or a program, as in 'cairn send PATH | ssh HOST cairn receive'");
        }
        if (to != null && (plain || base != null)) {
            throw new UsageException("--to finds out by itself what is there, and is always sealed: --base and --plain do not go with it");
        }
        if (resume && to == null) {
            throw new UsageException("--resume goes with --to: a stream in one direction cannot know what arrived;"
                    + " use 'send --resume --to COMMAND', or keep the stream in a file and receive that again");
        }
        backup.check();
        SnapshotCheck snapshots = SnapshotCheck.of(context(), out(), source.standIns(context()));
        return snapshots.whileReading(() -> send(new Watcher(out(), snapshots)));
    }

    private ExitCode send(Watcher watcher) throws Exception {
        Throttle throttle = repo.throttle(out());
        if (to != null) {
            repo.to(to).with(cache);
        }
        Instant began = Instant.now();
        boolean sealed = !plain && (!repo.location(context()).isDefault() || repo.keyFile() != null);
        if (!sealed && base != null) {
            throw new UsageException("--base needs a repository and its key: a plain stream holds everything");
        }
        Set<FileId> own = sealed && !repo.location(context()).isDefault() ? RepositoryAccess.ownDirectories(context(), repo) : Set.of();
        WalkOptions walk = source.walkOptions(context(), own, out()::warning);
        Path scratch = RepositoryAccess.scratch(cache.dir(context()));
        ConversationSend conversation = to == null ? null : new ConversationSend(context(), out(), repo, backup, resume);
        Sender sender = conversation != null ? conversation : sealed ? new SealedSend(context(), out(), repo, base, backup) : new PlainSend(context(), backup);
        if (!sealed) {
            out().message("this stream is not encrypted; with -r REPO it would be sealed for that repository");
        }
        Sender.Task task;
        Sender.Sent sent;
        try (SendSource entries = SendSource.open(source, context(), walk);
                var guard = context().interrupt().guard(() -> cancelled.set(true));
                Forecast forecast = entries.forecast(out().showsProgress());
                ProgressLine line = out().progress(() -> new ProgressState(null, counts.bytesSeen.sum(), forecast.bytes(), counts.entries(),
                        forecast.entries(), watcher.current()))) {
            task = new Sender.Task(entries, entries.paths(), began, scratch, counts, watcher, cancelled::get);
            sent = sender.send(task, throttle.over(context().stdout()));
        }
        if (conversation != null) {
            out().done(conversation.summary(task), false);
            out().detail("moved " + Sizes.format(sent.bytes()) + " in both directions, in " + conversation.roundTrips() + " round trips");
            return sent.code();
        }
        out().message(counts.entries() + " entries, " + Sizes.format(counts.bytesSeen.sum()) + " of content, as a stream of " + Sizes.format(sent.bytes()));
        return sent.code();
    }
}

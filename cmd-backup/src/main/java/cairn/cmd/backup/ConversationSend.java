package cairn.cmd.backup;

import cairn.archive.Archiver;
import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.ExitCode;
import cairn.record.RecordHead;
import cairn.remote.LostException;
import cairn.remote.RemoteStorage;
import cairn.repo.Repository;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** {@code send --to}: a backup into the repository that a command talks about, which gets only what it lacks. */
final class ConversationSend implements Sender {
    private static final int TRIES = 5;
    private static final long FIRST_PAUSE = 1_000_000_000;

    private final CommandContext context;
    private final Output messages;
    private final RepoOptions repo;
    private final BackupOptions backup;
    private final boolean resume;
    private Archiver.Result result;
    private Instant ended;
    private long bytes;
    private boolean connected;

    /** @param repo means the command @param resume whether to begin again when the conversation breaks off */
    ConversationSend(CommandContext context, Output messages, RepoOptions repo, BackupOptions backup, boolean resume) {
        this.context = context;
        this.messages = messages;
        this.repo = repo;
        this.backup = backup;
        this.resume = resume;
    }

    @Override
    public Sent send(Task task, OutputStream unused) throws IOException {
        long pause = FIRST_PAUSE;
        for (int i = 1;; i++) {
            try {
                attempt(task);
                break;
            } catch (LostException lost) {
                if (!resume || !connected || i == TRIES || task.cancelled().getAsBoolean()) throw lost;
                messages.warning(lost.getMessage() + "; going on in " + pause / FIRST_PAUSE + " s");
                LockSupport.parkNanos(pause);
                pause *= 2;
                task.counts().reset();
            }
        }
        RecordHead head = result.record().head();
        boolean stopped = head.partial() && task.cancelled().getAsBoolean();
        return new Sent(stopped ? ExitCode.INTERRUPTED : head.incomplete() ? ExitCode.INCOMPLETE : ExitCode.DONE, bytes);
    }

    /** The status of the command decides too: it is known when the repository was closed. */
    private void attempt(Task task) throws IOException {
        try (Repository repository = RepositoryAccess.open(context, messages, repo)) {
            connected = true;
            repository.keys().requireNames();
            Archiver archiver = new Archiver(repository, backup.archive(context, task.paths(), task.began(), task.scratch()), task.counts(),
                    task.watcher(), task.cancelled());
            result = archiver.run(task.source(), backup.compression(repository.compression()), repository.packSize());
            ended = Instant.now();
            bytes = repository.storage() instanceof RemoteStorage far ? far.sent() + far.received() : 0;
        }
    }

    /** What was done, for the end. */
    BackupSummary summary(Task task) {
        return new BackupSummary(result, task.counts(), task.began(), ended);
    }
}

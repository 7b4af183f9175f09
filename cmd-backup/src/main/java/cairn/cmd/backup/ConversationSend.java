package cairn.cmd.backup;

import cairn.archive.Archiver;
import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.ExitCode;
import cairn.record.RecordHead;
import cairn.remote.RemoteStorage;
import cairn.repo.Repository;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** {@code send --to}: a backup into the repository that a command talks about, which gets only what it lacks. */
final class ConversationSend implements Sender {
    /** More than a pack of the usual size: one at least has arrived. */
    private static final long FURTHER = 24L << 20;

    private final CommandContext context;
    private final Output messages;
    private final RepoOptions repo;
    private final BackupOptions backup;
    private final boolean resume;
    private Archiver.Result result;
    private Instant ended;
    private int roundTrips;

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
        Attempt attempt = new Attempt(task);
        if (resume) {
            new Retries(Retries.Pause.SYSTEM, messages::warning).run(attempt, task.cancelled());
        } else {
            attempt.run();
        }
        RecordHead head = result.record().head();
        boolean stopped = head.partial() && task.cancelled().getAsBoolean();
        return new Sent(stopped ? ExitCode.INTERRUPTED : head.incomplete() ? ExitCode.INCOMPLETE : ExitCode.DONE, attempt.bytes());
    }

    private final class Attempt implements Retries.Attempt {
        private final Task task;
        private RemoteStorage far;
        private boolean begun;
        private long before;

        Attempt(Task task) {
            this.task = task;
        }

        /** The status of the command decides too: it is known when the repository was closed. */
        @Override
        public void run() throws IOException {
            before = bytes();
            far = null;
            task.counts().reset();
            try (Repository repository = RepositoryAccess.open(context, messages, repo)) {
                far = (RemoteStorage) repository.storage();
                begun = true;
                repository.keys().requireNames();
                Archiver archiver = new Archiver(repository, backup.archive(context, task.paths(), task.began(), task.scratch()), task.counts(),
                        task.watcher(), task.cancelled());
                result = archiver.run(task.source(), backup.compression(repository.compression()), repository.packSize());
                ended = Instant.now();
            }
            roundTrips = far.roundTrips();
        }

        @Override
        public boolean hasBegun() {
            return begun;
        }

        @Override
        public boolean gotFurther() {
            return far != null && far.sent() >= FURTHER;
        }

        /** In both directions, of all attempts. */
        long bytes() {
            return before + (far == null ? 0 : far.sent() + far.received());
        }
    }

    /** How often one had to wait for the other side in the last attempt, the set-up apart. */
    int roundTrips() {
        return roundTrips;
    }

    /** What was done, for the end. */
    BackupSummary summary(Task task) {
        return new BackupSummary(result, task.counts(), task.began(), ended);
    }
}

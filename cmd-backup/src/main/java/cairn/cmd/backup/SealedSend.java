package cairn.cmd.backup;

import cairn.archive.Archiver;
import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.key.OpenedKeys;
import cairn.query.BackupRef;
import cairn.record.RecordHead;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.store.Storage;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import cairn.stream.StreamWriter;
import cairn.transfer.SealedSender;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** A stream that is sealed for a repository. */
final class SealedSend implements Sender {
    private final CommandContext context;
    private final Output messages;
    private final RepoOptions repo;
    private final String base;
    private final BackupOptions backup;

    /** @param base what {@code --base} named, or null */
    SealedSend(CommandContext context, Output messages, RepoOptions repo, String base, BackupOptions backup) {
        this.context = context;
        this.messages = messages;
        this.repo = repo;
        this.base = base;
        this.backup = backup;
    }

    @Override
    public Sent send(Task task, OutputStream out) throws IOException {
        RepoLocation location = repo.location(context);
        if (location.isDefault()) {
            return send(task, out, RepositoryAccess.keysAlone(context, repo), null);
        }
        try (Storage storage = RepositoryAccess.storage(context, messages, repo, location)) {
            return send(task, out, RepositoryAccess.keys(context, messages, repo, location, storage), storage);
        }
    }

    /** @param storage of the repository, or null if it is not at hand */
    private Sent send(Task task, OutputStream out, OpenedKeys keys, Storage storage) throws IOException {
        if (!keys.key().role().writes()) {
            throw new CairnException(ExitCode.REFUSED, "the access key '" + keys.key().name() + "' may not write", "use another key, or --plain");
        }
        if (!keys.key().encrypted()) {
            messages.message("this stream is not encrypted, as its repository is not");
        }
        StreamWriter stream = new StreamWriter(out, new StreamHeader(StreamKind.SEALED, keys.key().repository()));
        RecordHead head = base == null ? whole(task, keys, stream)
                : storage == null || !RepositoryKeys.of(keys).canRead() ? aboveOwn(task, keys, storage, stream) : above(task, keys, storage, stream);
        stream.end();
        out.flush();
        ExitCode code = task.cancelled().getAsBoolean() && head.partial() ? ExitCode.INTERRUPTED : head.incomplete() ? ExitCode.INCOMPLETE : ExitCode.DONE;
        return new Sent(code, stream.written());
    }

    private RecordHead whole(Task task, OpenedKeys keys, StreamWriter stream) throws IOException {
        try (SealedSender sender = SealedSender.whole(stream, RepositoryKeys.of(keys), keys.list().settings(), task.scratch())) {
            return archive(task, sender.repository(), null);
        }
    }

    private RecordHead above(Task task, OpenedKeys keys, Storage storage, StreamWriter stream) throws IOException {
        Map<String, String> settings = keys.list().settings();
        Repository source = new Repository(storage, RepositoryKeys.of(keys), settings);
        Backup older = BackupRef.parse(base).resolve(source, context.zone(), backup.host());
        if (older.inDoubt() || older.partial()) {
            throw new CairnException(ExitCode.FAILED, "the backup " + older.shortId() + " is not complete, and no base for another", "choose one that is");
        }
        try (SealedSender sender = SealedSender.above(stream, source, older.record(), settings, task.scratch())) {
            return archive(task, sender.repository(), older);
        }
    }

    private RecordHead aboveOwn(Task task, OpenedKeys keys, Storage storage, StreamWriter stream) throws IOException {
        OwnBackups own = new OwnBackups(base, backup.host(), storage, keys.key().repository());
        try (SealedSender sender = SealedSender.aboveOwn(stream, RepositoryKeys.of(keys), keys.list().settings(), task.scratch(), own::choose)) {
            return archive(task, sender.repository(), sender.base());
        }
    }

    private RecordHead archive(Task task, Repository repository, Backup older) throws IOException {
        Archiver archiver = new Archiver(repository, backup.archive(context, task.paths(), task.began(), task.scratch()), task.counts(),
                task.watcher(), task.cancelled());
        if (older != null) {
            archiver.above(older);
        }
        return archiver.run(task.source(), backup.compression(repository.compression()), repository.packSize()).record().head();
    }
}

package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.key.OpenedKeys;
import cairn.record.RecordFile;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.store.Storage;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cairn key test}: whether what was given can restore. */
@CommandLine.Command(name = "test", description = {
    "Says whether a password, a key file or a paper key that was typed in (--key-file) can restore the backups: it opens the key"
        + " and the sealed part of every backup's record."})
public final class KeyTestCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Override
    protected ExitCode run() throws Exception {
        RepoLocation location = repo.location(context());
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys keys = RepositoryAccess.keys(context(), out(), repo, location, storage);
            try {
                if (!keys.key().canRead()) {
                    throw new CairnException(ExitCode.REFUSED, "this opens the access key '" + keys.key().name() + "', which may "
                            + (keys.key().role().writes() ? "write but not read" : "check but not read") + ": it can restore nothing", "test a full key");
                }
                if (!keys.canRestoreAll()) {
                    throw new CairnException(ExitCode.FAILED, "this opens the access key '" + keys.key().name() + "', but the repository's private key "
                            + keys.unreadable().getFirst() + " is not there: backups that were sealed to it cannot be restored", "test another key");
                }
                return report(storage, keys);
            } finally {
                keys.wipe();
            }
        }
    }

    private ExitCode report(Storage storage, OpenedKeys keys) throws IOException {
        Repository repository = new Repository(storage, RepositoryKeys.of(keys), keys.list().settings());
        List<RecordFile> records = repository.records().all(repository.marks());
        int opened = 0;
        for (RecordFile record : records) {
            try {
                repository.records().open(record, repository.marks());
                opened++;
            } catch (CairnException e) {
                out().warning(e);
            }
        }
        out().emit(new Tested(keys.key().name(), keys.key().repository().hex(), opened, records.size()));
        return opened == records.size() ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private record Tested(String key, String repository, int opened, int backups) implements Event {
        @Override
        public String type() {
            return "key_test";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("key", key).field("repository", repository).field("can_restore", opened).field("backups", backups);
        }

        @Override
        public void text(Line line) throws IOException {
            line.text("opens the access key ").text(key).text(" of the repository ").text(repository).end();
            if (backups == 0) line.text("can restore everything that will be stored: there is no backup yet");
            else line.text("can restore " + opened + " of " + backups + " backups");
        }
    }
}

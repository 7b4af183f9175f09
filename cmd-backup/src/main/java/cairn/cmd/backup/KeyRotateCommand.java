package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.KeepSafe;
import cairn.cli.Line;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.ExitCode;
import cairn.key.KeyChanges;
import cairn.key.KeyStore;
import cairn.key.OpenedKeys;
import cairn.store.Storage;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cairn key rotate}: another key pair for what is written from now on. */
@CommandLine.Command(name = "rotate", description = {
    "Makes a new key pair of the repository. What is stored from now on is sealed to it; what is stored already stays as it is and can be read as before."
        + " All access keys go on as they are. Do this after a full key was removed: what comes from then on it cannot read, even with a copy of it.",
    "A paper key that was printed before opens what comes after only as long as the repository's key ring is there: print a new one."})
public final class KeyRotateCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Override
    protected ExitCode run() throws Exception {
        RepoLocation location = repo.location(context());
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys by = RepositoryAccess.keys(context(), out(), repo, location, storage);
            try {
                KeyChanges.Change change = KeyChanges.rotate(by, context().clock().millis());
                KeyStore.publish(storage, change);
                out().emit(new Rotated(change.keys().list().currentKey().number(), change.keys().list().number()));
                KeepSafe.forgetPaper(context(), by.key().repository());
                KeepSafe.remindOfPaper(context(), out(), location, by.key().repository());
            } finally {
                by.wipe();
            }
        }
        return ExitCode.DONE;
    }

    private record Rotated(int number, int list) implements Event {
        @Override
        public String type() {
            return "key_rotated";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("repository_key", number).field("key_list", list);
        }

        @Override
        public void text(Line line) throws IOException {
            line.text("backups are sealed to the repository's key " + number + " from now on");
        }
    }
}

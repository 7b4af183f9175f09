package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.ExitCode;
import cairn.key.KeyChanges;
import cairn.key.KeyList.Member;
import cairn.key.KeyList.Standing;
import cairn.key.KeyStore;
import cairn.key.OpenedKeys;
import cairn.key.Role;
import cairn.store.Storage;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn key remove}: ends the use of an access key. */
@CommandLine.Command(name = "remove", description = {
    "Ends the use of an access key, in the name of a full one that opens the repository now. What it wrote stays good."
        + " The last full key cannot be removed.",
    "Whoever kept a copy of a full key and its secret can still read what was stored until now."})
public final class KeyRemoveCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Option(names = "--stolen", description = "the key is in wrong hands: from now on nothing that it signed counts, what it wrote included")
    private boolean stolen;

    @Parameters(paramLabel = "NAME", description = "the key to remove")
    private String name;

    @Override
    protected ExitCode run() throws Exception {
        RepoLocation location = repo.location(context());
        Member removed;
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys by = RepositoryAccess.keys(context(), out(), repo, location, storage);
            try {
                removed = by.list().byName(name);
                Standing standing = stolen ? Standing.REVOKED : Standing.RETIRED;
                KeyStore.publish(storage, KeyChanges.end(by, name, standing, context().clock().millis()));
                KeyStore.deleteFiles(storage, name);
            } finally {
                by.wipe();
            }
        }
        if (removed.role() == Role.FULL && removed.readingKey() != null) {
            out().message("who kept a copy of this key can still read what was stored until now and what comes; to keep from it what comes: cairn key rotate");
        }
        if (stolen && removed.role().writes()) {
            out().message("what this key stored is relied on by nobody else, until 'cairn verify --read-data' with a full key has found it good");
        }
        out().emit(new KeyEvent(name, removed.role().word(), null, "removed", null));
        return ExitCode.DONE;
    }
}

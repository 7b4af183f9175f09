package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.NewSecret;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.UsageException;
import cairn.crypto.Wipe;
import cairn.error.ExitCode;
import cairn.key.KeyChanges;
import cairn.key.KeyName;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.key.Role;
import cairn.store.Storage;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn key add}: gives another access key to a repository. */
@CommandLine.Command(name = "add", description = {
    "Adds an access key to a repository, in the name of a full one that opens it now. A key of the role full may do everything;"
        + " one of the role write adds backups and cannot read any; one of the role server checks and prunes without any secret of the content."})
public final class KeyAddCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Mixin
    private NewLockOptions lock;

    @Option(names = "--role", paramLabel = "ROLE", description = "full, write or server (default full)")
    private String role = "full";

    @Parameters(paramLabel = "NAME", description = "the name of the new key: letters, digits, - and _")
    private String name;

    @Override
    protected ExitCode run() throws Exception {
        KeyName.check(name);
        Role given = role();
        byte[] keyFile = lock.keyFile();
        RepoLocation location = repo.location(context());
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys by = RepositoryAccess.keys(context(), out(), repo, location, storage);
            try {
                add(storage, by, given, keyFile);
            } finally {
                by.wipe();
            }
        }
        out().emit(new KeyEvent(name, given.word(), keyFile != null ? KeyEvent.KEY_FILE : KeyEvent.PASSWORD, "added", keyFile));
        return ExitCode.DONE;
    }

    private void add(Storage storage, OpenedKeys by, Role given, byte[] keyFile) throws IOException {
        long now = context().clock().millis();
        if (!by.key().encrypted()) {
            KeyStore.publish(storage, KeyChanges.add(by, name, given, new Lock.Open(), now));
            return;
        }
        if (keyFile != null) {
            Lock.KeyFile secret = Lock.KeyFile.random();
            KeyChanges.Change change = KeyChanges.add(by, name, given, secret, now);
            NewSecret.writeKeyFile(keyFile, by.key().repository(), name, secret);
            KeyStore.publish(storage, change);
            return;
        }
        byte[] password = lock.password(context());
        try {
            KeyStore.publish(storage, KeyChanges.add(by, name, given, NewSecret.lock(password), now));
        } finally {
            Wipe.bytes(password);
        }
    }

    private Role role() throws UsageException {
        for (Role each : Role.values()) {
            if (each.word().equals(role)) return each;
        }
        throw new UsageException("--role wants full, write or server, not '" + role + "'");
    }
}

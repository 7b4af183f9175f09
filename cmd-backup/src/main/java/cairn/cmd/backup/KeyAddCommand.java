package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.NewSecret;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.UsageException;
import cairn.crypto.Wipe;
import cairn.error.ExitCode;
import cairn.key.ClientKey;
import cairn.key.KeyChanges;
import cairn.key.KeyName;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.key.Role;
import cairn.posix.RawString;
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

    @Option(names = "--client-key", paramLabel = "FILE",
            description = "put the new key itself into this file, which is made, for a client that does not reach the repository's folder of keys")
    private String clientKey;

    @Parameters(paramLabel = "NAME", description = "the name of the new key: letters, digits, - and _")
    private String name;

    @Override
    protected ExitCode run() throws Exception {
        KeyName.check(name);
        Role given = role();
        byte[] keyFile = lock.keyFile();
        if (clientKey != null && lock.given()) {
            throw new UsageException("a client key is the key itself: give --client-key or a way to lock the key, not both");
        }
        byte[] client = clientKey == null ? null : RawString.encode(clientKey);
        RepoLocation location = repo.location(context());
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys by = RepositoryAccess.keys(context(), out(), repo, location, storage);
            try {
                add(storage, by, given, keyFile, client);
            } finally {
                by.wipe();
            }
        }
        String opened = client != null ? KeyEvent.CLIENT_KEY : keyFile != null ? KeyEvent.KEY_FILE : KeyEvent.PASSWORD;
        out().emit(new KeyEvent(name, given.word(), opened, "added", client != null ? client : keyFile));
        return ExitCode.DONE;
    }

    private void add(Storage storage, OpenedKeys by, Role given, byte[] keyFile, byte[] client) throws IOException {
        long now = context().clock().millis();
        if (client != null) {
            KeyChanges.Added added = KeyChanges.addForClient(by, name, given, now);
            NewSecret.writeClientKey(client, ClientKey.print(added.key(), new Lock.Open(), context().clock().instant()));
            KeyStore.publish(storage, added.change());
            added.key().wipe();
            return;
        }
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

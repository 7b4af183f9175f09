package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.NewSecret;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.key.AccessKey;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.store.Storage;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cairn key password}: another password or key file for an access key. */
@CommandLine.Command(name = "password", description = {
    "Locks the access key that opens the repository now by another password, or by a key file. The key itself stays what it is, so nothing that"
        + " is stored changes.",
    "Whoever kept a copy of the repository's folder of keys can still open that copy with the old password: if it is in wrong hands,"
        + " add another key, remove this one with --stolen, and then use 'cairn key rotate'."})
public final class KeyPasswordCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Mixin
    private NewLockOptions lock;

    @Override
    protected ExitCode run() throws Exception {
        byte[] keyFile = lock.keyFile();
        RepoLocation location = repo.location(context());
        KeyEvent changed;
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys keys = RepositoryAccess.keys(context(), out(), repo, location, storage);
            try {
                requireLocked(storage, keys.key());
                relock(storage, keys.key(), keyFile);
                changed = new KeyEvent(keys.key().name(), keys.key().role().word(), keyFile != null ? KeyEvent.KEY_FILE : KeyEvent.PASSWORD, "locked anew",
                        keyFile);
            } finally {
                keys.wipe();
            }
        }
        out().emit(changed);
        return ExitCode.DONE;
    }

    private static void requireLocked(Storage storage, AccessKey key) throws IOException {
        if (!key.encrypted()) {
            throw new CairnException(ExitCode.REFUSED, "the repository is not encrypted: its keys have no password", null);
        }
        if (!KeyStore.hasFiles(storage, key.name())) {
            throw new CairnException(ExitCode.REFUSED, "the access key '" + key.name() + "' does not lie in the repository, but in the file that was given",
                    "'cairn key export --client --locked' makes another file of it, with a password");
        }
    }

    private void relock(Storage storage, AccessKey key, byte[] keyFile) throws IOException {
        if (keyFile != null) {
            Lock.KeyFile secret = Lock.KeyFile.random();
            NewSecret.writeKeyFile(keyFile, key.repository(), key.name(), secret);
            KeyStore.relock(storage, key, secret);
            return;
        }
        byte[] password = lock.password(context());
        try {
            KeyStore.relock(storage, key, NewSecret.lock(password));
        } finally {
            Wipe.bytes(password);
        }
    }
}

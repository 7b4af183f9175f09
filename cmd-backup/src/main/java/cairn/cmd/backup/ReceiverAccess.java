package cairn.cmd.backup;

import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.key.AccessKeyFile;
import cairn.key.KeyList;
import cairn.key.KeyListFile;
import cairn.key.KeyStore;
import cairn.key.OpenedKeys;
import cairn.key.Role;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;

/**
 * A repository as whoever receives sealed streams needs it: with a key if one is at hand without asking anybody, else
 * without. The key list then is that of the storage, which is this machine's own.
 *
 * @param list   who may add to the repository
 * @param signer of a key whose word on the time of backups counts, or null
 */
record ReceiverAccess(Repository repository, KeyList list, Signer signer) implements AutoCloseable {
    static ReceiverAccess open(CommandContext context, Output out, RepoOptions options) throws IOException {
        RepoLocation location = options.location(context);
        Storage storage = RepositoryAccess.storage(context, out, options, location);
        try {
            Collection<AccessKeyFile> files = KeyStore.list(storage, new ArrayList<>());
            boolean given = options.keyFile() != null || options.hasPassword(context) || location.isDefault();
            if (given || !files.isEmpty() && files.stream().allMatch(AccessKeyFile::isOpen)) {
                OpenedKeys keys = RepositoryAccess.keys(context, out, options, location, storage);
                Signer signer = keys.key().role() == Role.WRITE ? null : keys.key().signer();
                return new ReceiverAccess(new Repository(storage, RepositoryKeys.of(keys), keys.list().settings()), keys.list(), signer);
            }
            return without(storage, KeyStore.repositoryId(storage));
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private static ReceiverAccess without(Storage storage, RepositoryId id) throws IOException {
        KeyListFile.Signed list = KeyStore.unconfirmedList(storage, id);
        if (list == null) {
            throw new CairnException(ExitCode.FAILED, "'" + storage.location() + "' has no key list, so that nobody can tell who may add to it",
                    "'cairn verify' says what else is lost");
        }
        Repository repository = new Repository(storage, RepositoryKeys.without(id, list.list()), list.list().settings());
        return new ReceiverAccess(repository, list.list(), null);
    }

    @Override
    public void close() throws IOException {
        repository.close();
    }
}

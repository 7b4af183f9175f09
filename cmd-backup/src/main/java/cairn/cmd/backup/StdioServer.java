package cairn.cmd.backup;

import cairn.cli.CacheOptions;
import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.UsageException;
import cairn.cli.Version;
import cairn.crypto.Rng;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.remote.CheckedStorage;
import cairn.remote.Message;
import cairn.remote.Questions;
import cairn.key.KeyStore;
import cairn.remote.StorageServer;
import cairn.remote.Throttle;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import cairn.transfer.ClientStorage;
import java.io.IOException;
import java.nio.file.Path;

/** {@code receive --stdio}: serves a repository to whoever is at the other end of standard input and output. */
final class StdioServer {
    private final CommandContext context;
    private final Output out;
    private final RepoOptions repo;
    private final StdioOptions options;

    StdioServer(CommandContext context, Output out, RepoOptions repo, StdioOptions options) {
        this.context = context;
        this.out = out;
        this.repo = repo;
        this.options = options;
    }

    ExitCode run() throws IOException {
        options.check();
        if (context.terminal().stdin() || context.terminal().stdout()) {
            throw new UsageException("--stdio talks to a program, not to a terminal: it is started by -r ssh://HOST/PATH or 'send --to COMMAND'");
        }
        RepoLocation location = repo.location(context);
        if (options.fresh()) {
            try (Storage storage = LocalFolder.create(location.path())) {
                // the client founds it, so nobody knows yet which repository it will be
                serve(storage, null, RepositoryId.read(Rng.bytes(RepositoryId.BYTES), 0), Message.MAY_WRITE | Message.MAY_DELETE);
            }
            return ExitCode.DONE;
        }
        if (options.client() != null) {
            serveClient();
            return ExitCode.DONE;
        }
        try (Storage storage = RepositoryAccess.local(location)) {
            RepositoryId id = KeyStore.repositoryId(storage);
            serve(new CheckedStorage(storage, id), null, id, Message.MAY_WRITE | Message.MAY_DELETE);
        }
        return ExitCode.DONE;
    }

    private void serveClient() throws IOException {
        try (ReceiverAccess access = ReceiverAccess.open(context, out, repo)) {
            ClientStorage storage = new ClientStorage(access.repository(), access.list(), options.client(), access.signer(), context.clock(), scratch());
            int answers = ClientStorage.sharesHashes(access.list()) ? Message.ALL_ARE_ANSWERED | Message.OWN_ARE_ANSWERED : Message.OWN_ARE_ANSWERED;
            serve(storage, storage.questions(), access.repository().id(), Message.MAY_WRITE | answers);
        }
    }

    private Path scratch() {
        try {
            return RepositoryAccess.scratch(new CacheOptions().dir(context));
        } catch (CairnException noHome) {
            return null;
        }
    }

    private void serve(Storage storage, Questions questions, RepositoryId id, int rights) throws IOException {
        Throttle throttle = repo.throttle(out);
        new StorageServer(storage, id, questions, rights, "cairn " + Version.number()).serve(throttle.over(context.stdin()), throttle.over(context.stdout()));
    }
}

package cairn.cmd.backup;

import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Version;
import cairn.crypto.Rng;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.remote.CheckedStorage;
import cairn.remote.Message;
import cairn.remote.RepositoryIds;
import cairn.remote.StorageServer;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import java.io.IOException;

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
        RepoLocation location = repo.location(context);
        if (options.fresh()) {
            try (Storage storage = LocalFolder.create(location.path())) {
                // the client founds it, so nobody knows yet which repository it will be
                serve(storage, RepositoryId.read(Rng.bytes(RepositoryId.BYTES), 0));
            }
            return ExitCode.DONE;
        }
        try (Storage storage = RepositoryAccess.local(location)) {
            RepositoryId id = RepositoryIds.of(storage);
            serve(new CheckedStorage(storage, id), id);
        }
        return ExitCode.DONE;
    }

    private void serve(Storage storage, RepositoryId id) throws IOException {
        new StorageServer(storage, id, null, Message.MAY_WRITE | Message.MAY_DELETE, "cairn " + Version.number())
                .serve(context.stdin(), context.stdout());
    }
}

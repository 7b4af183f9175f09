package cairn.cmd.backup;

import cairn.cli.CacheOptions;
import cairn.cli.CommandContext;
import cairn.cli.Output;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.ExitCode;
import cairn.stream.StreamReader;
import cairn.transfer.Received;
import cairn.transfer.SealedReceiver;
import java.io.IOException;
import java.nio.file.Path;

/** Receives a sealed stream. */
final class SealedReceive {
    private final CommandContext context;
    private final Output out;
    private final RepoOptions repo;
    private final CacheOptions cache;

    SealedReceive(CommandContext context, Output out, RepoOptions repo, CacheOptions cache) {
        this.context = context;
        this.out = out;
        this.repo = repo;
        this.cache = cache;
    }

    ExitCode receive(StreamReader stream) throws IOException {
        Path scratch = RepositoryAccess.scratch(cache.dir(context));
        try (ReceiverAccess access = ReceiverAccess.open(context, out, repo);
                var guard = context.interrupt().guard(() -> { })) { // the input tells; the session here then ends in good order
            Received received = new SealedReceiver(access.repository(), access.list(), access.signer(), scratch)
                    .receive(stream, context.clock().instant());
            if (received.again()) {
                out.message("this backup was received before");
            }
            ReceivedEvent event = ReceivedEvent.of(received);
            event.emit(out);
            return event.code();
        }
    }
}

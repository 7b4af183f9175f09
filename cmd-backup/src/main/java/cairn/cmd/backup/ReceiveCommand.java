package cairn.cmd.backup;

import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.DryRunOption;
import cairn.cli.RepoOptions;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import cairn.stream.StreamReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn receive}: a backup from a stream. */
@CommandLine.Command(name = "receive", description = {
    "Reads streams that 'cairn send' made from standard input, and makes the backups. It checks everything before a backup is visible, and prints its id.",
    "A sealed stream needs no key here, only the repository that it was made for. A plain stream needs a key that writes.",
    "If a stream breaks off no backup is made; what arrived whole is kept and used the next time.",
    "With --stdio it serves a repository to a client at the other end, for -r ssh://HOST/PATH and 'send --to'."})
public final class ReceiveCommand extends Command {
    private static final String WHAT = "the stream";
    private static final int BUFFER = 256 << 10;

    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Mixin
    private StdioOptions stdio = new StdioOptions();

    @Mixin
    private DryRunOption dryRun = new DryRunOption();

    @Option(names = "--workers", paramLabel = "N", description = "threads that store content; else one for each processor, at most 8; for plain streams")
    private int workers = Math.min(8, Runtime.getRuntime().availableProcessors());

    @Override
    protected ExitCode run() throws Exception {
        if (stdio.stdio()) {
            return new StdioServer(context(), out(), repo, stdio).run();
        }
        if (workers < 1 || workers > 64) {
            throw new UsageException("--workers wants a number from 1 to 64");
        }
        if (context().terminal().stdin()) {
            throw new UsageException("no stream comes in: standard input is a terminal, as in 'cairn receive < FILE' it is not");
        }
        BufferedInputStream in = new BufferedInputStream(repo.throttle(out()).over(new InterruptibleInput(context().stdin(), context().interrupt())), BUFFER);
        StreamHeader header = StreamHeader.read(in, WHAT);
        if (header == null) {
            throw new CairnException(ExitCode.FAILED, "nothing came in", "did 'cairn send' fail? It says why");
        }
        ExitCode worst = ExitCode.DONE;
        while (header != null) {
            StreamReader stream = StreamReader.of(in, header, WHAT);
            ExitCode code = receive(stream);
            worst = code == ExitCode.DONE ? worst : code;
            header = next(in);
        }
        return worst;
    }

    private ExitCode receive(StreamReader stream) throws IOException {
        if (dryRun.dryRun()) {
            return new StreamListing(out()).list(stream);
        }
        return stream.header().kind() == StreamKind.SEALED ? new SealedReceive(context(), out(), repo, cache).receive(stream)
                : new PlainReceive(context(), out(), repo, cache, workers).receive(stream);
    }

    /** The header of a further stream, or null. Zeros fill up the last block on a tape. */
    private static StreamHeader next(BufferedInputStream in) throws IOException {
        int next = 0;
        while (next == 0) {
            in.mark(1);
            next = in.read();
        }
        if (next < 0) {
            return null;
        }
        in.reset();
        return StreamHeader.read(in, "what follows the stream");
    }
}

package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.archive.Archiver;
import cairn.archive.BackupLabel;
import cairn.archive.IntakeRun;
import cairn.cli.CommandContext;
import cairn.cli.Interrupt;
import cairn.cli.Output;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.error.ExitCode;
import cairn.pack.Compression;
import cairn.posix.RawString;
import cairn.producer.StreamFeed;
import cairn.producer.StreamListener;
import cairn.producer.StreamSource;
import cairn.repo.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Saves the output of commands, or standard input, in place of files. */
final class StreamBackup {
    private final CommandContext context;
    private final Output out;
    private final StreamOptions options;
    private final List<StreamSource> sources;
    private final Instant began = Instant.now();

    StreamBackup(CommandContext context, Output out, StreamOptions options) throws UsageException {
        this.context = context;
        this.out = out;
        this.options = options;
        this.sources = options.sources(context);
        options.expected(); // a mistake is found before anything runs
        if (options.fromStdin() && context.terminal().stdin()) {
            throw new UsageException("standard input is a terminal: pipe something into --stdin, or give a command after --");
        }
    }

    /** Says what a run would do, which only the run itself could tell in full. */
    ExitCode dryRun() {
        for (StreamSource source : sources) {
            out.message("would save " + (source.command() == null ? "standard input" : "what '" + source.command().shown() + "' writes")
                    + (source.tar() ? ", unpacked from tar, below '" : " as '") + Text.printable(source.path()) + "'");
        }
        return ExitCode.DONE;
    }

    /** Where the streams stand in the backup. */
    List<byte[]> paths() {
        return sources.stream().map(StreamSource::path).toList();
    }

    /** @param scratch folder for the state of this machine, or null */
    ExitCode run(Repository repository, BackupLabel label, Compression compression, Path scratch, int workers) throws IOException {
        if (options.fromStdin() && !options.unpacksTar() && !options.expectsSomething()) {
            out.message("whether what writes standard input failed cannot be seen: this backup counts as good however it ends (--expect-end"
                    + " and --min-size check it)");
        }
        ArchiveCounts counts = new ArchiveCounts();
        Watcher watcher = new Watcher(out);
        AtomicBoolean cancelled = new AtomicBoolean();
        List<StreamEvent> ended = Collections.synchronizedList(new ArrayList<>());
        StreamFeed feed = new StreamFeed(sources, options.expected(), context.stdin(), listener(ended), cancelled::get);
        IntakeRun run = new IntakeRun(repository, label, counts, watcher, cancelled::get, scratch,
                RawString.encode(scratch != null ? scratch.toString() : context.env("TMPDIR") != null ? context.env("TMPDIR") : "/var/tmp"), workers);
        Archiver.Result result;
        try (Interrupt.Guard guard = context.interrupt().guard(() -> {
            cancelled.set(true);
            feed.stop();
        }); ProgressLine line = out.progress(() -> new ProgressState(null, counts.bytesRead.sum(), -1, counts.entries(), -1, watcher.current()))) {
            result = run.run(feed, compression, repository.packSize());
        } finally {
            if (out.json()) {
                for (StreamEvent event : ended) {
                    out.emit(event);
                }
            }
        }
        if (!out.json() && sources.size() > 1) {
            for (StreamEvent event : ended) {
                out.done(event, false);
            }
        }
        out.done(new BackupSummary(result, counts, began, Instant.now()), false);
        return result.record().head().incomplete() ? ExitCode.INCOMPLETE : ExitCode.DONE;
    }

    private StreamListener listener(List<StreamEvent> ended) {
        return new StreamListener() {
            @Override
            public void said(String line) {
                out.relayed(line);
            }

            @Override
            public void ended(StreamSource source, long bytes, int status) {
                ended.add(new StreamEvent(source, bytes, status));
            }

            @Override
            public void warning(String message) {
                out.warning(message);
            }
        };
    }
}

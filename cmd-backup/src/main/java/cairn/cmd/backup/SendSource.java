package cairn.cmd.backup;

import cairn.archive.Archiver;
import cairn.cli.CommandContext;
import cairn.cli.UsageException;
import cairn.scan.ScanInput;
import cairn.walk.Sources;
import cairn.walk.Visitor;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;
import java.util.List;

/** What is sent: the paths that were named, or the entries of a scan from standard input. */
final class SendSource implements Archiver.Source, AutoCloseable {
    private final SourceOptions options;
    private final Sources sources;
    private final ScanInput scan;
    private final WalkOptions walk;

    private SendSource(SourceOptions options, Sources sources, ScanInput scan, WalkOptions walk) {
        this.options = options;
        this.sources = sources;
        this.scan = scan;
        this.walk = walk;
    }

    /** Reads the entries to their end, if no path is named. */
    static SendSource open(SourceOptions options, CommandContext context, WalkOptions walk) throws IOException {
        if (!options.isEmpty()) {
            return new SendSource(options, options.sources(context), null, walk);
        }
        if (context.terminal().stdin()) {
            throw new UsageException("nothing to send: name a file or folder, or pipe the output of 'cairn scan' in");
        }
        return new SendSource(options, null, ScanInput.read(context.stdin(), options.mappings(context), SourceOptions.spool(context)), walk);
    }

    /** As recorded: absolute, raw bytes. */
    List<byte[]> paths() throws IOException {
        return scan != null ? scan.paths() : sources.paths();
    }

    @Override
    public void walk(Visitor visitor) throws IOException {
        if (scan != null) {
            scan.walk(walk, visitor);
        } else {
            Walk.run(sources, walk, visitor);
            options.tellMissing(visitor);
        }
    }

    @Override
    public boolean complete() {
        return scan == null || scan.complete();
    }

    /** Finds out how much there is; of a scan only how many entries. */
    Forecast forecast(boolean wanted) {
        return scan != null ? Forecast.known(scan.entries()) : Forecast.start(wanted, sources, walk);
    }

    @Override
    public void close() {
        // a forecast may still be going along the sources; they end with the process
        if (scan != null) {
            scan.close();
        }
    }
}

package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.Output;
import cairn.cli.Text;
import cairn.error.ExitCode;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Sources;
import cairn.walk.Visitor;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;

/** Says what a backup would save, by the same walk, and opens no repository. */
final class DryRun implements Visitor {
    private final Output out;
    private final ArchiveCounts counts;

    DryRun(Output out, ArchiveCounts counts) {
        this.out = out;
        this.counts = counts;
    }

    ExitCode run(Sources sources, WalkOptions options) throws IOException {
        Walk.run(sources, options, this);
        out.emit(new Total(counts));
        return counts.problems.sum() > 0 ? ExitCode.INCOMPLETE : ExitCode.DONE;
    }

    private record Entry(byte[] path, long size) implements Event {
        @Override
        public String type() {
            return "would_save";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("path", path).field("size", size);
        }

        @Override
        public void text(Line line) throws IOException {
            line.name(path).end();
        }
    }

    private record Total(ArchiveCounts counts) implements Event {
        @Override
        public String type() {
            return "dry_run";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("files", counts.filesNew.sum()).field("directories", counts.directories.sum()).field("others", counts.others.sum())
                    .field("bytes", counts.bytesSeen.sum()).field("problems", counts.problems.sum());
        }

        @Override
        public void text(Line line) throws IOException {
            line.text("would save " + counts.filesNew.sum() + " files, " + counts.directories.sum() + " folders, " + counts.others.sum() + " others, ")
                    .size(counts.bytesSeen.sum()).end();
        }
    }

    @Override
    public void enterDirectory(Directory directory) throws IOException {
        counts.directories.increment();
        if (!directory.isOnTheWay()) {
            out.emit(new Entry(directory.path(), 0));
        }
    }

    @Override
    public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
        (stat.isRegular() ? counts.filesNew : counts.others).increment();
        counts.bytesSeen.add(stat.isRegular() ? stat.size() : 0);
        out.emit(new Entry(directory.path(name), stat.isRegular() ? stat.size() : 0));
    }

    @Override
    public void leaveDirectory(Directory directory) {
        // all was said when it was entered
    }

    @Override
    public void leftOut(byte[] path, LeftOut reason, String detail) {
        out.detail("leaves out '" + Text.printable(path) + "': " + reason.meaning());
    }

    @Override
    public void problem(byte[] path, PosixException error) {
        counts.problems.increment();
        out.warning("'" + Text.printable(path) + "' cannot be read: " + error.reason());
    }

    @Override
    public void told(byte[] path, String message) {
        counts.problems.increment();
        out.warning("'" + Text.printable(path) + "': " + message);
    }
}

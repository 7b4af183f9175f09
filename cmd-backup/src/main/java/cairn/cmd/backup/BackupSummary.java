package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.archive.Archiver;
import cairn.cli.Durations;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** What a backup did, said once at its end. */
record BackupSummary(Archiver.Result result, ArchiveCounts counts, Instant began, Instant ended) implements Event {
    @Override
    public String type() {
        return "backup";
    }

    @Override
    public void json(JsonWriter json) throws IOException {
        var head = result.record().head();
        json.field("id", result.record().id().hex()).field("tree", head.tree().hex()).field("time", result.record().time())
                .field("partial", head.partial()).field("incomplete", head.incomplete());
        if (result.base() != null) {
            json.field("base", result.base().id().hex());
        }
        json.field("files_new", counts.filesNew.sum()).field("files_changed", counts.filesChanged.sum())
                .field("files_unchanged", counts.filesUnchanged.sum()).field("directories", counts.directories.sum())
                .field("others", counts.others.sum()).field("bytes", counts.bytesSeen.sum()).field("bytes_read", counts.bytesRead.sum())
                .field("bytes_added", result.added()).field("bytes_rechecked", counts.bytesRechecked.sum())
                .field("recheck_findings", counts.recheckFindings.sum()).field("problems", counts.problems.sum())
                .field("seconds", Duration.between(began, ended).toMillis() / 1000.0);
    }

    @Override
    public void text(Line line) throws IOException {
        line.text("files:   ").text(counts.filesNew.sum() + " new, " + counts.filesChanged.sum() + " changed, "
                + counts.filesUnchanged.sum() + " unchanged; " + counts.directories.sum() + " folders, " + counts.others.sum() + " others").end();
        line.text("content: ").size(counts.bytesSeen.sum()).text(", read ").size(counts.bytesRead.sum()).text(", added to the repository ")
                .size(result.added()).end();
        if (counts.bytesRechecked.sum() > 0) {
            line.text("checked: ").size(counts.bytesRechecked.sum()).text(" of unchanged files read again, "
                    + (counts.recheckFindings.sum() == 0 ? "all as stored" : counts.recheckFindings.sum() + " differ")).end();
        }
        if (counts.problems.sum() > 0) {
            line.text("missing: ").text(counts.problems.sum() + (counts.problems.sum() == 1 ? " entry could not be saved as it is"
                    : " entries could not be saved as they are")
                    + "; see above").end();
        }
        line.text("backup ").text(result.record().id().hex().substring(0, 8)).text(result.record().head().partial()
                ? " is partial: interrupted after " : " done in ").text(Durations.format(Duration.between(began, ended)))
                .text(result.record().head().partial() ? "; the next one goes on from here" : "").end();
    }
}

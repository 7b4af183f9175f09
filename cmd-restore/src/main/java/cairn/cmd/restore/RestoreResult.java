package cairn.cmd.restore;

import cairn.cli.Durations;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.restore.RestoreSummary;
import cairn.restore.Unset;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a restore did, said once at its end. */
record RestoreResult(RestoreSummary sum, boolean dryRun, boolean interrupted, Duration time) implements Event {
    @Override
    public String type() {
        return "restore";
    }

    @Override
    public void json(JsonWriter json) throws IOException {
        json.field("dry_run", dryRun).field("interrupted", interrupted).field("directories", sum.directories()).field("created", sum.created())
                .field("updated", sum.updated()).field("attributes", sum.attributes()).field("unchanged", sum.unchanged())
                .field("skipped", sum.skipped()).field("deleted", sum.deleted()).field("bytes_written", sum.written())
                .field("bytes_fetched", sum.fetched()).field("bytes_verified", sum.verified()).field("failed", sum.failed());
        json.name("not_set").beginObject();
        for (Map.Entry<Unset, Long> kind : new TreeMap<>(sum.notSet()).entrySet()) {
            json.field(kind.getKey().name().toLowerCase(Locale.ROOT), kind.getValue());
        }
        json.endObject();
        json.field("seconds", time.toMillis() / 1000.0);
    }

    @Override
    public void text(Line line) throws IOException {
        line.text(dryRun ? "would be: " : "restored: ").text(sum.created() + " new, " + sum.updated() + " changed, " + sum.attributes()
                + " in attributes only, "
                + sum.unchanged() + " right already; " + sum.directories() + " folders made"
                + (sum.skipped() > 0 ? "; " + sum.skipped() + " left as they are" : "") + (sum.deleted() > 0 ? "; " + sum.deleted() + " deleted" : "")).end();
        line.text("content:  ").size(sum.written()).text(dryRun ? " to write" : " written, ");
        if (!dryRun) {
            line.size(sum.fetched()).text(" read from the repository");
        }
        if (sum.verified() > 0) {
            line.text(", ").size(sum.verified()).text(" read back and found right");
        }
        line.end();
        for (Map.Entry<Unset, Long> kind : new TreeMap<>(sum.notSet()).entrySet()) {
            line.text("not set:  " + kind.getKey().what() + ", " + kind.getValue() + (kind.getValue() == 1 ? " time" : " times")).end();
        }
        if (sum.failed() > 0) {
            line.text("failed:   " + sum.failed() + (sum.failed() == 1 ? " entry" : " entries") + "; see above").end();
        }
        line.text(interrupted ? "interrupted after " : "done in ").text(Durations.format(time))
                .text(interrupted ? "; the same command goes on from here" : "").end();
    }
}

package cairn.cmd.restore;

import cairn.archive.Archiver;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.Text;
import cairn.posix.RawString;
import cairn.record.RecordBody;
import cairn.record.RecordHead;
import cairn.repo.Backup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A backup in a list: one line, or all that its record tells. */
record BackupEvent(Backup backup, Columns columns) implements Event {
    /** How wide the columns are. */
    record Columns(int host, int name, int flags) {
        static Columns of(List<Backup> backups) {
            int host = 4;
            int name = 4;
            int flags = 0;
            for (Backup backup : backups) {
                host = Math.max(host, Text.width(Text.oneLine(backup.body().host())));
                name = Math.max(name, Text.width(nameOf(backup)));
                flags = Math.max(flags, Text.width(flagsOf(backup)));
            }
            return new Columns(host, name, flags);
        }
    }

    private static String nameOf(Backup backup) {
        return backup.body().name().isEmpty() ? "-" : Text.oneLine(backup.body().name());
    }

    static String flagsOf(Backup backup) {
        List<String> flags = new ArrayList<>();
        if (!backup.body().kind().equals(Archiver.KIND)) {
            flags.add(Text.oneLine(backup.body().kind()));
        }
        if (backup.partial()) {
            flags.add("partial");
        }
        if (backup.record().head().incomplete()) {
            flags.add("incomplete");
        }
        if (backup.inDoubt()) {
            flags.add("in-doubt");
        }
        backup.body().tags().forEach(tag -> flags.add("#" + Text.oneLine(tag)));
        return String.join(",", flags);
    }

    @Override
    public String type() {
        return "backup";
    }

    @Override
    public void text(Line line) throws IOException {
        line.text(backup.shortId()).text("  ").time(backup.time()).text("  ").left(Text.oneLine(backup.body().host()), columns.host)
                .text("  ").left(nameOf(backup), columns.name).text("  ").size(backup.record().head().bytes());
        if (columns.flags > 0) {
            line.text("  ").left(flagsOf(backup), columns.flags);
        }
        String between = "  ";
        for (byte[] path : backup.body().paths()) {
            line.text(between).name(path);
            between = " ";
        }
    }

    @Override
    public void json(JsonWriter json) throws IOException {
        RecordHead head = backup.record().head();
        RecordBody body = backup.body();
        json.field("id", backup.id().hex()).field("tree", head.tree().hex()).field("time", backup.time()).field("host", body.host()).field("name", body.name())
                .field("kind", body.kind());
        paths(json, body.paths());
        json.name("tags").beginArray();
        for (String tag : body.tags()) {
            json.value(tag);
        }
        json.endArray();
        json.field("partial", backup.partial()).field("incomplete", head.incomplete()).field("in_doubt", backup.inDoubt())
                .field("entries", head.entries()).field("bytes", head.bytes()).field("added", head.added())
                .field("started", body.started()).field("ended", body.ended()).field("received", backup.record().received())
                .field("sequence", head.sequence()).field("version", body.version());
        json.name("statistics").beginObject();
        for (Map.Entry<String, Long> figure : body.statistics().entrySet()) {
            json.field(figure.getKey().replace('-', '_'), figure.getValue());
        }
        json.endObject().name("problems").beginArray();
        for (RecordBody.Problem problem : body.problems()) {
            json.beginObject().field("path", problem.path()).field("message", problem.message()).endObject();
        }
        json.endArray();
    }

    private static void paths(JsonWriter json, List<byte[]> paths) throws IOException {
        boolean text = true;
        json.name("paths").beginArray();
        for (byte[] path : paths) {
            json.value(RawString.decode(path));
            text &= RawString.isUtf8(path);
        }
        json.endArray();
        if (!text) {
            json.name("paths_base64").beginArray();
            for (byte[] path : paths) {
                json.value(Base64.getEncoder().encodeToString(path));
            }
            json.endArray();
        }
    }
}

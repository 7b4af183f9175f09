package cairn.cmd.backup;

import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.snapshot.Snapshot;
import java.io.IOException;

/** A snapshot that was made. The text is what scripts of the kind print, and what such scripts can read. */
record SnapshotEvent(Snapshot snapshot) implements Event {
    @Override
    public String type() {
        return "snapshot";
    }

    @Override
    public void json(JsonWriter json) throws IOException {
        json.field("id", id()).field("method", snapshot.method().word()).field("origin", snapshot.origin()).field("path", snapshot.path())
                .field("taken", snapshot.taken());
    }

    @Override
    public void text(Line line) throws IOException {
        line.text("SNAPSHOT=").name(snapshot.path()).end();
        line.text("ID=" + id()).end();
    }

    private String id() {
        return snapshot.isLive() ? SnapshotRemoveCommand.NONE : snapshot.id().hex();
    }
}

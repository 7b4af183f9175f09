package cairn.cmd.backup;

import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.producer.StreamSource;
import java.io.IOException;

/** What became of one stream: of each that was begun, also if there is no backup. */
record StreamEvent(StreamSource source, long bytes, int status) implements Event {
    @Override
    public String type() {
        return "stream";
    }

    @Override
    public void json(JsonWriter json) throws IOException {
        json.field("path", source.path()).field("bytes", bytes);
        if (source.tar()) {
            json.field("format", "tar");
        }
        if (source.command() != null) {
            json.field("command", source.command().shown()).field("status", status);
        }
    }

    @Override
    public void text(Line line) throws IOException {
        line.text("stream:  ").name(source.path()).text(", ").size(bytes).end();
    }
}

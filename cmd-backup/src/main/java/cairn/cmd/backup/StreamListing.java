package cairn.cmd.backup;

import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.Output;
import cairn.cli.Sizes;
import cairn.cli.Text;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.record.RecordHead;
import cairn.stream.PlainBackup;
import cairn.stream.PlainEntry;
import cairn.stream.StreamKind;
import cairn.stream.StreamReader;
import cairn.transfer.StreamContents;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;

/** Shows what a stream holds, {@code receive --dry-run}: of a sealed one its files, of a plain one its entries. */
final class StreamListing {
    private final Output out;

    StreamListing(Output out) {
        this.out = out;
    }

    ExitCode list(StreamReader stream) throws IOException {
        boolean sealed = stream.header().kind() == StreamKind.SEALED;
        if (sealed) {
            out.emit(event("stream", "sealed stream for the repository " + stream.header().repository().hex(),
                    json -> json.field("kind", "sealed").field("repository", stream.header().repository().hex())));
        }
        StreamContents.Totals totals = StreamContents.read(stream, new StreamContents.Listener() {
            @Override
            public void file(String name, long bytes, int blobs) throws IOException {
                out.emit(new FileEvent(name, bytes, blobs));
            }

            @Override
            public void record(RecordHead head) throws IOException {
                out.emit(event("record", "a backup of " + head.entries() + " entries, " + Sizes.format(head.bytes()) + " of content",
                        json -> json.field("tree", head.tree().hex()).field("time", head.time()).field("partial", head.partial())
                                .field("incomplete", head.incomplete()).field("entries", head.entries()).field("bytes", head.bytes())));
            }

            @Override
            public void backup(PlainBackup backup) throws IOException {
                out.emit(new BackupEvent(backup));
            }

            @Override
            public void entry(PlainEntry entry) throws IOException {
                out.emit(new EntryEvent(entry));
            }

            @Override
            public void link(byte[] path, byte[] target) throws IOException {
                out.emit(new LinkEvent(path, target));
            }

            @Override
            public void problem(byte[] path, String message) {
                out.warning("'" + Text.printable(path) + "': " + message);
            }
        });
        out.emit(event("end", "whole: " + totals.items() + (sealed ? " files, " : " entries, ") + Sizes.format(totals.arrived()),
                json -> json.field(sealed ? "files" : "entries", totals.items()).field("content", totals.content()).field("bytes", totals.arrived())));
        return ExitCode.DONE;
    }

    private interface Fields {
        void put(JsonWriter json) throws IOException;
    }

    private static Event event(String type, String text, Fields fields) {
        return new Event() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public void json(JsonWriter json) throws IOException {
                fields.put(json);
            }

            @Override
            public void text(Line line) throws IOException {
                line.text(text);
            }
        };
    }

    private record FileEvent(String name, long bytes, int blobs) implements Event {
        @Override
        public String type() {
            return "file";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("name", name).field("bytes", bytes);
            if (blobs >= 0) {
                json.field("blobs", blobs);
            }
        }

        @Override
        public void text(Line line) throws IOException {
            line.size(bytes).text("  ").text(name);
        }
    }

    private record BackupEvent(PlainBackup backup) implements Event {
        @Override
        public String type() {
            return "stream";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("kind", "plain").field("host", backup.host()).field("name", backup.name()).field("time", backup.time());
            json.name("paths").beginArray();
            for (byte[] path : backup.paths()) {
                json.value(RawString.printable(path));
            }
            json.endArray().name("tags").beginArray();
            for (String tag : backup.tags()) {
                json.value(tag);
            }
            json.endArray();
        }

        @Override
        public void text(Line line) throws IOException {
            line.text("plain stream, not encrypted, of the host " + backup.host()).text(backup.name().isEmpty() ? "" : ", name " + backup.name()).text(", ")
                    .time(backup.time());
        }
    }

    private record LinkEvent(byte[] path, byte[] target) implements Event {
        @Override
        public String type() {
            return "link";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("path", path).field("target", target);
        }

        @Override
        public void text(Line line) throws IOException {
            line.name(path).text(" is another name of ").name(target);
        }
    }

    private record EntryEvent(PlainEntry entry) implements Event {
        @Override
        public String type() {
            return "entry";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            var a = entry.attributes();
            json.field("path", entry.path()).field("entry_type", entry.type().name().toLowerCase(Locale.ROOT));
            json.field("mode", String.format(Locale.ROOT, "%04o", a.mode())).field("uid", a.uid()).field("gid", a.gid());
            json.field("mtime_seconds", a.mtimeSeconds()).field("mtime_nanos", a.mtimeNanos());
            switch (entry.type()) {
                case FILE -> json.field("size", entry.size());
                case SYMLINK -> json.field("target", entry.target());
                case CHAR_DEVICE, BLOCK_DEVICE -> json.field("major", Integer.toUnsignedLong(entry.major()))
                        .field("minor", Integer.toUnsignedLong(entry.minor()));
                default -> { }
            }
            if (!a.xattrs().isEmpty()) {
                json.name("xattrs").beginArray();
                for (var xattr : a.xattrs()) {
                    json.beginObject().field("name", xattr.name()).field("value_base64", Base64.getEncoder().encodeToString(xattr.value())).endObject();
                }
                json.endArray();
            }
        }

        @Override
        public void text(Line line) throws IOException {
            line.name(entry.path());
        }
    }
}

package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.archive.Archiver;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.Output;
import cairn.cli.Sizes;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.record.RecordHead;
import cairn.transfer.Received;
import java.io.IOException;

/**
 * A backup that was received: as text its whole id, alone on its line, so that a script can take it.
 *
 * @param counts null for a sealed stream, of whose entries nothing is known
 * @param stored bytes that were added to the repository
 */
record ReceivedEvent(Hash id, RecordHead head, ArchiveCounts counts, boolean again, long stored, long arrived) implements Event {
    static ReceivedEvent of(Received received) {
        return new ReceivedEvent(received.id(), received.head(), null, received.again(), received.stored(), received.arrived());
    }

    static ReceivedEvent of(Archiver.Result result, ArchiveCounts counts, long arrived) {
        return new ReceivedEvent(result.record().id(), result.record().head(), counts, false, result.added(), arrived);
    }

    void emit(Output out) throws IOException {
        out.message(head.entries() + " entries, " + Sizes.format(head.bytes()) + " of content, in a stream of " + Sizes.format(arrived)
                + "; added to the repository "
                + Sizes.format(stored));
        if (head.partial()) {
            out.warning("the backup is partial: its sender was interrupted");
        }
        if (!out.quiet() || out.json()) {
            out.emit(this);
        }
    }

    ExitCode code() {
        return head.partial() || head.incomplete() ? ExitCode.INCOMPLETE : ExitCode.DONE;
    }

    @Override
    public String type() {
        return "received";
    }

    @Override
    public void json(JsonWriter json) throws IOException {
        json.field("id", id.hex()).field("tree", head.tree().hex()).field("time", head.time()).field("partial", head.partial())
                .field("incomplete", head.incomplete()).field("again", again).field("entries", head.entries()).field("bytes", head.bytes());
        if (counts != null) {
            json.field("files_new", counts.filesNew.sum()).field("files_unchanged", counts.filesUnchanged.sum())
                    .field("directories", counts.directories.sum()).field("others", counts.others.sum()).field("problems", counts.problems.sum());
        }
        json.field("bytes_added", stored).field("bytes_received", arrived);
    }

    @Override
    public void text(Line line) throws IOException {
        line.text(id.hex());
    }
}

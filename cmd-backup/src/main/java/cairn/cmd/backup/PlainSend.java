package cairn.cmd.backup;

import cairn.archive.Archiver;
import cairn.archive.PlainEncoder;
import cairn.cli.CommandContext;
import cairn.cli.Version;
import cairn.error.ExitCode;
import cairn.stream.PlainBackup;
import cairn.stream.PlainFrames;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import cairn.stream.StreamWriter;
import java.io.IOException;
import java.io.OutputStream;

/** A stream of files as they are, which whoever has it can read. */
final class PlainSend implements Sender {
    private final CommandContext context;
    private final BackupOptions backup;

    PlainSend(CommandContext context, BackupOptions backup) {
        this.context = context;
        this.backup = backup;
    }

    @Override
    public Sent send(Task task, OutputStream out) throws IOException {
        StreamWriter stream = new StreamWriter(out, new StreamHeader(StreamKind.PLAIN, null));
        stream.write(PlainFrames.BACKUP, new PlainBackup(backup.host(), backup.name(), Archiver.KIND, Version.number(), task.paths(), backup.tags(),
                backup.time(context, task.began())).encode());
        boolean partial = new PlainEncoder(stream, task.counts(), task.watcher(), task.cancelled()).run(task.source());
        task.watcher().allRead();
        stream.end();
        out.flush();
        ExitCode code = partial ? ExitCode.INTERRUPTED : task.counts().problems.sum() > 0 ? ExitCode.INCOMPLETE : ExitCode.DONE;
        return new Sent(code, stream.written());
    }
}

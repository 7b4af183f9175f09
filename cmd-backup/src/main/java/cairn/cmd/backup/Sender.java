package cairn.cmd.backup;

import cairn.archive.ArchiveCounts;
import cairn.archive.Archiver;
import cairn.error.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Makes a stream of entries. */
interface Sender {
    /**
     * What is to be sent.
     *
     * @param source  gives the entries
     * @param paths   as recorded: absolute, raw bytes
     * @param began   when the command began
     * @param scratch folder for temporary files and the state of this machine, or null
     */
    record Task(Archiver.Source source, List<byte[]> paths, Instant began, Path scratch, ArchiveCounts counts, Watcher watcher, BooleanSupplier cancelled) {
    }

    /** @param bytes of the stream */
    record Sent(ExitCode code, long bytes) {
    }

    Sent send(Task task, OutputStream out) throws IOException;
}

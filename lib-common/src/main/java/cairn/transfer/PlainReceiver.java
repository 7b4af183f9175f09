package cairn.transfer;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveListener;
import cairn.archive.Archiver;
import cairn.archive.BackupLabel;
import cairn.archive.Intake;
import cairn.archive.IntakeRun;
import cairn.format.DamagedException;
import cairn.pack.Compression;
import cairn.repo.Repository;
import cairn.stream.Frame;
import cairn.stream.PlainBackup;
import cairn.stream.PlainFrames;
import cairn.stream.StreamException;
import cairn.stream.StreamReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Receives a plain stream: makes a backup of its entries, with a key. */
public final class PlainReceiver {
    private final Repository repository;
    private final ArchiveCounts counts;
    private final ArchiveListener listener;
    private final BooleanSupplier cancelled;
    private final Path scratch;
    private final byte[] spool;
    private final int workers;

    /**
     * @param scratch folder for the state of this machine, or null
     * @param spool   folder on a disk for what is sorted
     * @param workers threads that store content
     */
    public PlainReceiver(Repository repository, ArchiveCounts counts, ArchiveListener listener, BooleanSupplier cancelled, Path scratch, byte[] spool,
            int workers) {
        this.repository = repository;
        this.counts = counts;
        this.listener = listener;
        this.cancelled = cancelled;
        this.scratch = scratch;
        this.spool = spool;
        this.workers = workers;
    }

    /** Receives one stream, whose header was read already. The backup is made after a good trailer. */
    public Archiver.Result receive(StreamReader in, Compression compression) throws IOException {
        PlainBackup backup = backup(in);
        BackupLabel label = new BackupLabel(backup.host(), backup.name(), backup.kind(), backup.paths(), backup.tags(), backup.time(), backup.version());
        IntakeRun run = new IntakeRun(repository, label, counts, listener, cancelled, scratch, spool, workers);
        run.takeOver();
        return run.run(intake -> feed(in, intake), compression, repository.packSize());
    }

    /** The first frame of a plain stream. */
    static PlainBackup backup(StreamReader in) throws IOException {
        Frame first = in.next();
        if (first == null || first.type() != PlainFrames.BACKUP) {
            throw in.wrong("does not begin with the name of its backup");
        }
        try {
            return PlainBackup.decode(first.reader("the first frame"));
        } catch (DamagedException damaged) {
            throw new StreamException("the stream", "does not make sense: " + damaged.getMessage(), damaged);
        }
    }

    private static void feed(StreamReader in, Intake intake) throws IOException {
        IntakeFeed feed = new IntakeFeed(in, intake);
        for (Frame frame = in.next(); frame != null; frame = in.next()) {
            try {
                feed.take(frame);
            } catch (DamagedException damaged) {
                throw new StreamException("the stream", "does not make sense before byte " + in.position() + ": " + damaged.getMessage(), damaged);
            }
        }
        feed.end();
    }
}

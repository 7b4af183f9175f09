package cairn.archive;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.pack.Compression;
import cairn.record.RecordFile;
import cairn.record.RecordBody.CleanTime;
import cairn.repo.Backup;
import cairn.repo.LocalState;
import cairn.repo.LookAgain;
import cairn.repo.Repository;
import cairn.repo.WriteSession;
import cairn.spool.Spool;
import cairn.tree.DirectoryWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Makes a backup of what an {@link Intake} is fed. Only a feed that ends well makes one: if it throws, nothing is visible, and what
 * was stored is used by the next run.
 */
public final class IntakeRun {
    private final Repository repository;
    private final BackupLabel label;
    private final ArchiveCounts counts;
    private final ProblemLog problems;
    private final BooleanSupplier cancelled;
    private final Path scratch;
    private final byte[] spool;
    private final int workers;
    private boolean takeOver;

    /** Gives all entries to an intake. */
    @FunctionalInterface
    public interface Feed {
        void feed(Intake intake) throws IOException;
    }

    /**
     * @param scratch folder for the state of this machine, or null
     * @param spool   folder on a disk for what is sorted
     * @param workers threads that store content
     */
    public IntakeRun(Repository repository, BackupLabel label, ArchiveCounts counts, ArchiveListener listener, BooleanSupplier cancelled,
            Path scratch, byte[] spool, int workers) {
        this.repository = repository;
        this.label = label;
        this.counts = counts;
        this.problems = new ProblemLog(counts, listener);
        this.cancelled = cancelled;
        this.scratch = scratch;
        this.spool = spool;
        this.workers = workers;
    }

    /** Lets the intake take unchanged files from the newest backup of the same host, name and kind. */
    public void takeOver() {
        takeOver = true;
    }

    /** Feeds the intake, then makes the backup visible. An interrupted one is not: half of a stream is no backup of it. */
    public Archiver.Result run(Feed feed, Compression compression, int packSize) throws IOException {
        RecordMaker maker = new RecordMaker(repository, label, counts);
        try (WriteSession session = WriteSession.begin(repository, new LocalState(scratch, repository), compression, packSize)) {
            maker.checkRolledBack(session, problems);
            DirectoryWriter.Roots roots;
            Map<Long, byte[]> users;
            Map<Long, byte[]> groups;
            List<CleanTime> clean;
            boolean partial;
            List<Backup> older = takeOver ? BaseChoice.choose(repository, session, label) : List.of();
            try (Intake intake = new Intake(session, repository.keys(), scratch, new Spool(spool), workers, counts, problems, cancelled)) {
                if (!older.isEmpty()) {
                    intake.above(new IntakeBase(repository.trees(), older.getLast()));
                }
                try {
                    feed.feed(intake);
                } catch (IOException | RuntimeException failed) {
                    keep(intake, session, failed);
                    throw failed;
                }
                roots = intake.finish();
                users = intake.users();
                groups = intake.groups();
                clean = intake.clean();
                partial = intake.isPartial();
            }
            if (cancelled.getAsBoolean()) {
                throw Intake.interrupted();
            }
            RecordFile record;
            try {
                record = maker.publish(session, roots, partial, users, groups, clean, problems);
            } catch (WriteSession.FencedException inDoubt) {
                session.close();
                record = again(inDoubt, compression, packSize, roots, later -> maker.publish(later, session, roots, partial, users, groups, clean, problems));
            }
            return new Archiver.Result(record, older.isEmpty() ? null : older.getLast(), session.addedBytes());
        }
    }

    private interface Publishing {
        RecordFile in(WriteSession session) throws IOException;
    }

    /** What was fed is gone, so it cannot be stored again (rule 5): but if nothing of it is missing it need not be. */
    private RecordFile again(WriteSession.FencedException inDoubt, Compression compression, int packSize, DirectoryWriter.Roots roots, Publishing publishing)
            throws IOException {
        problems.note(inDoubt.getMessage() + "; looking whether all of it is there");
        try (WriteSession session = WriteSession.begin(repository, new LocalState(scratch, repository), compression, packSize)) {
            if (!new LookAgain(repository, session, scratch).finds(List.of(roots.tree(), roots.stat()))) {
                throw new CairnException(ExitCode.FAILED, inDoubt.getMessage() + ", and has deleted some of what it relies on",
                        "make it again; what is stored is used", inDoubt);
            }
            return publishing.in(session);
        }
    }

    /** What came before the failure is stored, so that the next run need not store it again. */
    private static void keep(Intake intake, WriteSession session, Exception failed) {
        try {
            intake.keep();
            session.flush();
        } catch (IOException | RuntimeException e) {
            failed.addSuppressed(e);
        }
    }
}

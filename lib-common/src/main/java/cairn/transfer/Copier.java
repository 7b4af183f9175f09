package cairn.transfer;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveListener;
import cairn.archive.Archiver;
import cairn.archive.BackupLabel;
import cairn.archive.Intake;
import cairn.archive.IntakeRun;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Copies backups from one repository to another, each with its own keys: content is opened with the keys of the one, and
 * cut, named and sealed with those of the other. What a backup is called stays: host, name, kind, time, tags and paths. By
 * host, name, kind and time a copy is known again, so that nothing is copied twice.
 */
public final class Copier {
    private final Repository from;
    private final Repository to;
    private final ArchiveListener listener;
    private final BooleanSupplier cancelled;
    private final Path scratch;
    private final byte[] spool;
    private final int workers;
    private final Map<Key, Backup> copies = new HashMap<>();
    private final Map<Key, List<Backup>> originals = new HashMap<>();

    private record Key(String host, String name, String kind, Instant time) {
        static Key of(Backup backup) {
            return new Key(backup.body().host(), backup.body().name(), backup.body().kind(), backup.record().head().time());
        }

        Key group() {
            return new Key(host, name, kind, Instant.MIN);
        }
    }

    /**
     * @param scratch folder for the state of this machine, or null
     * @param spool   folder on a disk for what is sorted
     * @param workers threads that store content
     */
    public Copier(Repository from, Repository to, ArchiveListener listener, BooleanSupplier cancelled, Path scratch, byte[] spool, int workers)
            throws IOException {
        this.from = from;
        this.to = to;
        this.listener = listener;
        this.cancelled = cancelled;
        this.scratch = scratch;
        this.spool = spool;
        this.workers = workers;
        for (Backup backup : backups(to)) {
            copies.put(Key.of(backup), backup);
        }
        for (Backup backup : backups(from)) {
            originals.computeIfAbsent(Key.of(backup).group(), group -> new ArrayList<>()).add(backup);
        }
    }

    /** Backups that are neither forgotten nor in doubt, oldest first. */
    private static List<Backup> backups(Repository repository) throws IOException {
        List<Backup> found = new ArrayList<>();
        for (RecordFile record : repository.records().readable(repository.marks())) {
            Backup backup = repository.records().open(record, repository.marks());
            if (!backup.inDoubt()) {
                found.add(backup);
            }
        }
        return found;
    }

    /** The copy of a backup, or null if it was not copied yet. */
    public Backup copyOf(Backup backup) {
        return copies.get(Key.of(backup));
    }

    /** Copies a backup that was not copied yet. */
    public Backup copy(Backup backup, ArchiveCounts counts) throws IOException {
        RecordBody body = backup.body();
        BackupLabel label = new BackupLabel(body.host(), body.name(), body.kind(), body.paths(), body.tags(), backup.record().head().time(), body.version());
        TreeFeed.Twins older = twins(backup);
        Muted heard = new Muted(listener);
        IntakeRun run = new IntakeRun(to, label, counts, heard, cancelled, scratch, spool, workers);
        Archiver.Result result = run.run(intake -> feed(backup, older, intake, heard), to.compression(), to.packSize());
        Backup copy = to.records().open(result.record(), to.marks());
        copies.put(Key.of(copy), copy);
        return copy;
    }

    private void feed(Backup backup, TreeFeed.Twins older, Intake intake, Muted heard) throws IOException {
        heard.muted = true; // its user was told when the backup was made
        for (RecordBody.Problem problem : backup.body().problems()) {
            intake.problem(problem.path(), problem.message());
        }
        heard.muted = false;
        // the session has begun: what it is to rely on must be there now
        boolean there = older != null && to.storage().stat(RecordFile.name(older.copy().id())).isPresent() && !to.marks().revokesRecord(older.copy().id());
        new TreeFeed(from, to, intake).feed(backup, there ? older : null);
    }

    /** The newest backup before this one of the same group that has a copy whose content may be relied on. */
    private TreeFeed.Twins twins(Backup backup) throws IOException {
        TreeFeed.Twins newest = null;
        for (Backup original : originals.getOrDefault(Key.of(backup).group(), List.of())) {
            Backup copy = copyOf(original);
            if (copy != null && original.time().isBefore(backup.time()) && to.keys().trust().forContent(copy.record().signer()) && !damaged(copy)) {
                newest = new TreeFeed.Twins(original, copy);
            }
        }
        return newest;
    }

    /** Whether damage was found since: what the copy leads to may be hit. */
    private boolean damaged(Backup copy) throws IOException {
        var file = to.storage().stat(RecordFile.name(copy.id()));
        return file.isEmpty() || file.get().modified().isBefore(to.marks().lastFinding());
    }

    /** Passes on what is heard, except what was heard before. */
    private static final class Muted implements ArchiveListener {
        private final ArchiveListener inner;
        private boolean muted;

        Muted(ArchiveListener inner) {
            this.inner = inner;
        }

        @Override
        public void problem(byte[] path, String message) {
            if (!muted) {
                inner.problem(path, message);
            }
        }

        @Override
        public void leftOut(byte[] path, String reason) {
            inner.leftOut(path, reason);
        }

        @Override
        public void note(String message) {
            inner.note(message);
        }

        @Override
        public void reading(byte[] path) {
            inner.reading(path);
        }
    }
}

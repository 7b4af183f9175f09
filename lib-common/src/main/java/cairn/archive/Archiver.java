package cairn.archive;

import cairn.chunk.Chunker;
import cairn.error.CairnException;
import cairn.pack.Compression;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.BlobWriter;
import cairn.repo.LocalState;
import cairn.repo.LocalTrees;
import cairn.repo.Repository;
import cairn.repo.WriteSession;
import cairn.walk.Visitor;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes a backup of files: one thread walks and compares, others read, and whoever completes a directory stores it.
 *
 * <pre>
 * walk -> TreeBuilder --unchanged, attributes only--> DirectoryNode -> DirectoryWriter -> tree packs
 *              |                                           ^
 *              +--batches of files--> Workers: FileReader--+--chunks--> data packs
 * </pre>
 */
public final class Archiver {
    /** The kind that the record names. */
    public static final String KIND = "files";

    private final Repository repository;
    private final ArchiveOptions options;
    private final ArchiveCounts counts;
    private final ProblemLog problems;
    private final BooleanSupplier cancelled;
    private Backup base;

    /** The walk of the source; it calls the visitor until it ends or the visitor stops it. */
    @FunctionalInterface
    public interface Source {
        void walk(Visitor visitor) throws IOException;

        /** Whether this is all of the source; if not the backup counts as partial. Asked after the walk. */
        default boolean complete() {
            return true;
        }
    }

    /**
     * What became of a run.
     *
     * @param record the backup's record
     * @param base   the older backup that unchanged entries were taken from, or null
     * @param added  bytes that were added to the repository
     */
    public record Result(RecordFile record, Backup base, long added) {
    }

    public Archiver(Repository repository, ArchiveOptions options, ArchiveCounts counts, ArchiveListener listener, BooleanSupplier cancelled) {
        this.repository = repository;
        this.options = options;
        this.counts = counts;
        this.cancelled = cancelled;
        this.problems = new ProblemLog(counts, listener);
    }

    /** Takes unchanged entries from this backup, and from no other. The repository must be able to read its trees. */
    public void above(Backup older) {
        base = older;
    }

    /**
     * Makes the backup. An interrupted one, or one of an incomplete source, is published as partial. One whose session was
     * fenced is in doubt: it is made again, relying on nothing that it found before (rule 5).
     */
    public Result run(Source source, Compression compression, int packSize) throws IOException {
        repository.keys().requireNames();
        LocalTrees.attachIfUseful(repository, options.scratch());
        try {
            return attempt(source, compression, packSize, !options.rereadAll());
        } catch (WriteSession.FencedException inDoubt) {
            return again(inDoubt.getMessage() + "; it is made again", source, compression, packSize);
        } catch (CairnException damaged) {
            if (!options.rereadAll() && LocalTrees.renew(repository)) {
                return again("this machine's copy of its trees is lost or damaged: all files are read", source, compression, packSize);
            }
            if (!repository.hasBadPacks() || options.rereadAll()) {
                throw damaged;
            }
            return again("an older backup is damaged (run 'cairn verify --read-data'): all files are read; " + damaged.getMessage(),
                    source, compression, packSize);
        }
    }

    private Result again(String why, Source source, Compression compression, int packSize) throws IOException {
        problems.note(why);
        counts.reset();
        problems.clear();
        return attempt(source, compression, packSize, false);
    }

    private Result attempt(Source source, Compression compression, int packSize, boolean takeOver) throws IOException {
        RecordMaker maker = new RecordMaker(repository, options.label(KIND), counts);
        try (WriteSession session = WriteSession.begin(repository, new LocalState(options.scratch(), repository), compression, packSize)) {
            maker.checkRolledBack(session, problems);
            List<Backup> chosen = !takeOver ? List.of()
                    : base != null ? List.of(base) : BaseChoice.choose(repository, session, options.label(KIND));
            List<BaseBackup> bases = chosen.stream().map(backup -> new BaseBackup(repository.trees(), backup)).toList();
            CleanTimes cleanTimes = new CleanTimes(problems, repository.timing());
            TreeBuilder builder = build(source, session, bases, cleanTimes);
            problems.allRead();
            RecordFile record = maker.publish(session, builder.roots(null), cancelled.getAsBoolean() || !source.complete(),
                    RecordMaker.userNames(builder.users()), RecordMaker.groupNames(builder.groups()), cleanTimes.all(), problems);
            return new Result(record, chosen.isEmpty() ? null : chosen.getLast(), session.addedBytes());
        }
    }

    private TreeBuilder build(Source source, WriteSession session, List<BaseBackup> bases, CleanTimes cleanTimes) throws IOException {
        Chunker chunker = new Chunker(repository.keys().chunks(), repository.keys().gearTable());
        ChangeRule rule = new ChangeRule(options.compare(), options.rereadAll());
        Sampler sampler = new Sampler(options.recheck(), 32 << 10, RandomGenerator.getDefault());
        TreeBuilder[] builder = new TreeBuilder[1];
        Throwable failure;
        try (LinkTable links = new LinkTable(options.scratch(), repository.keys().linkGroups())) {
            Workers workers = new Workers(options.workers(), () -> task(session, chunker, builder), cancelled);
            try (workers) {
                builder[0] = new TreeBuilder(session.trees(), session::refresh, repository.keys().cutKey(), workers, rule, cleanTimes, links, bases, counts,
                        problems, cancelled, sampler);
                try {
                    source.walk(builder[0]);
                } catch (TreeBuilder.StopException stopped) {
                    builder[0].leaveAll();
                }
            }
            failure = workers.failure();
        }
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
        return builder[0];
    }

    private Workers.Task task(WriteSession session, Chunker chunker, TreeBuilder[] builder) {
        BlobWriter blobs = session.newDataWriter();
        FileReader reader = new FileReader(blobs, session.trees(), chunker, repository.keys().chunks(), counts, problems, cancelled);
        Rechecker rechecker = Rechecker.of(repository, counts, problems);
        return new Workers.Task() {
            @Override
            public void run(SourceFile file) throws IOException {
                reader.read(file, builder[0]::done);
            }

            @Override
            public void finishBatch() throws IOException {
                reader.finishBatch(builder[0]::done);
            }

            @Override
            public List<SourceFile> dropBatch() {
                return reader.dropBatch();
            }

            @Override
            public void check(RecheckSample sample) throws IOException {
                rechecker.check(sample);
            }
        };
    }
}

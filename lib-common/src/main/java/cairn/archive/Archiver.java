package cairn.archive;

import cairn.chunk.Chunker;
import cairn.error.CairnException;
import cairn.format.Hash;
import cairn.pack.Compression;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Users;
import cairn.record.RecordBody;
import cairn.record.RecordBody.Problem;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.record.RecordHead.Token;
import cairn.repo.Backup;
import cairn.repo.BlobWriter;
import cairn.repo.LocalState;
import cairn.repo.LocalTrees;
import cairn.repo.Repository;
import cairn.repo.WriteSession;
import cairn.tree.DirectoryWriter;
import cairn.walk.Visitor;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    private final ArchiveListener listener;
    private final BooleanSupplier cancelled;
    private final List<Problem> problems = new ArrayList<>();

    /** The walk of the source; it calls the visitor until it ends or the visitor stops it. */
    @FunctionalInterface
    public interface Source {
        void walk(Visitor visitor) throws IOException;
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
        this.listener = new ArchiveListener() {
            @Override
            public void problem(byte[] path, String message) {
                counts.problems.increment();
                synchronized (problems) {
                    if (problems.size() < RecordBody.MOST_PROBLEMS) {
                        problems.add(new Problem(path, message));
                    }
                }
                listener.problem(path, message);
            }

            @Override
            public void leftOut(byte[] path, String reason) {
                listener.leftOut(path, reason);
            }

            @Override
            public void note(String message) {
                listener.note(message);
            }

            @Override
            public void reading(byte[] path) {
                listener.reading(path);
            }
        };
    }

    /** The token of backups that belong together. */
    public static Token group(Repository repository, String host, String name, String kind) {
        return repository.keys().token("group", host + "\0" + name + "\0" + kind);
    }

    /**
     * Makes the backup. An interrupted one is published as partial. One whose session was fenced is in doubt: it is made
     * again, relying on nothing that it found before (rule 5).
     */
    public Result run(Source source, Compression compression, int packSize) throws IOException {
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
        listener.note(why);
        counts.reset();
        synchronized (problems) {
            problems.clear();
        }
        return attempt(source, compression, packSize, false);
    }

    private Result attempt(Source source, Compression compression, int packSize, boolean takeOver) throws IOException {
        Instant started = Instant.now();
        try (WriteSession session = WriteSession.begin(repository, new LocalState(options.scratch(), repository), compression, packSize)) {
            Hash lost = session.rolledBack();
            if (lost != null) {
                listener.problem(RawString.encode(repository.storage().location()), "does not have the newest backup of this key any more ("
                        + lost.hex().substring(0, 8) + "), and nobody deleted it: the storage was put back to an older state");
            }
            Token group = group(repository, options.host(), options.name(), KIND);
            List<Backup> chosen = takeOver ? BaseChoice.choose(repository, session.marks(), group, options.paths()) : List.of();
            List<BaseBackup> bases = chosen.stream().map(backup -> new BaseBackup(repository.trees(), backup)).toList();
            CleanTimes cleanTimes = new CleanTimes(listener);
            TreeBuilder builder = build(source, session, bases, cleanTimes);
            session.flush();
            RecordHead.Link link = session.nextLink();
            DirectoryWriter.Roots roots = builder.roots(null);
            int flags = (cancelled.getAsBoolean() ? RecordHead.PARTIAL : 0) | (counts.problems.sum() > 0 ? RecordHead.INCOMPLETE : 0);
            List<Token> tags = options.tags().stream().map(tag -> repository.keys().token("tag", tag)).toList();
            RecordHead head = new RecordHead(link.sequence(), link.previous(), session.id(), roots.tree(), roots.stat(), options.time(), flags,
                    counts.entries(), counts.bytesSeen.sum(), session.addedBytes(), group, tags);
            RecordBody body = new RecordBody(options.host(), options.name(), KIND, options.version(), options.paths(), options.tags(),
                    started, Instant.now(), names(builder.users(), Users::userName), names(builder.groups(), Users::groupName),
                    cleanTimes.all(), statistics(session), List.copyOf(problems));
            RecordFile record = session.publish(head, body);
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
                builder[0] = new TreeBuilder(session.trees(), repository.keys().cutKey(), workers, rule, cleanTimes, links, bases, counts,
                        listener, cancelled, sampler);
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
        FileReader reader = new FileReader(blobs, session.trees(), chunker, repository.keys().chunks(), counts, listener, cancelled);
        Rechecker rechecker = Rechecker.of(repository, counts, listener);
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

    private Map<String, Long> statistics(WriteSession session) {
        Map<String, Long> figures = new TreeMap<>();
        figures.put("files-new", counts.filesNew.sum());
        figures.put("files-changed", counts.filesChanged.sum());
        figures.put("files-unchanged", counts.filesUnchanged.sum());
        figures.put("directories", counts.directories.sum());
        figures.put("others", counts.others.sum());
        figures.put("bytes-read", counts.bytesRead.sum());
        figures.put("bytes-rechecked", counts.bytesRechecked.sum());
        figures.put("recheck-findings", counts.recheckFindings.sum());
        figures.put("blobs-added", session.addedBlobs());
        figures.put("problems", counts.problems.sum());
        return figures;
    }

    private interface NameOf {
        byte[] of(int id) throws PosixException;
    }

    private static Map<Long, byte[]> names(Set<Long> ids, NameOf lookup) {
        Map<Long, byte[]> names = new TreeMap<>();
        for (long id : ids) {
            try {
                byte[] name = lookup.of((int) id);
                if (name != null) {
                    names.put(id, name);
                }
            } catch (PosixException e) {
                // the name service does not answer: the number stands for itself
            }
        }
        return names;
    }
}

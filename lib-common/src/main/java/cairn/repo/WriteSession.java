package cairn.repo;

import cairn.crypto.Rng;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.Signer;
import cairn.index.IndexedPack;
import cairn.index.Presence;
import cairn.index.SessionIndex;
import cairn.pack.Compression;
import cairn.pack.PackBuilder;
import cairn.pack.PackKind;
import cairn.pack.PackSeal;
import cairn.pack.PackWriter;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.session.SessionFile;
import cairn.session.SessionId;
import cairn.store.AlreadyStoredException;
import cairn.store.OrderedWrites;
import cairn.tree.TreeSink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * One run of a writer, by the rules of concurrency (docs/format.md, "Concurrency"): it publishes its session, then
 * reads the marks, then the index (2); relies only on packs that were neither marked nor gone then and whose writers
 * are trusted (4); writes data packs, tree packs, index and record, each durable before the next, and then looks
 * whether it was fenced meanwhile (5).
 *
 * <p>A tree pack is written only after all data packs begun so far, so that whatever a published tree names is
 * published too. Ids of blobs in packs that no index file lists yet are remembered; when there are many, an index file
 * is published and they are forgotten, so that memory is bounded and a killed run loses little.
 */
public final class WriteSession implements AutoCloseable {
    /** Well below the grace period, after which a session that stopped refreshing is fenced. */
    private static final Duration REFRESH = Duration.ofMinutes(10);

    private final Repository repository;
    private final LocalState state;
    private final SessionId id;
    private final Marks marks;
    private final RepositoryKeys.SessionSeal seal;
    private final Compression compression;
    private final int packSize;
    private final SessionIndex index;
    private final List<BlobWriter> dataWriters = new ArrayList<>();
    private final BlobWriter treeWriter;
    private final LongAdder added = new LongAdder();
    private final LongAdder addedBlobs = new LongAdder();
    private final AtomicLong refreshed;
    private final AtomicInteger number = new AtomicInteger();
    private Records.Listing records;
    private RecordHead.Link published;
    private OrderedWrites rest;
    private Hash restOfIndex;
    private boolean unsettled;
    private boolean shownEnd;
    private boolean ended;

    private WriteSession(Repository repository, LocalState state, SessionId id, Compression compression, int packSize) throws IOException {
        this.repository = repository;
        this.refreshed = new AtomicLong(repository.timing().nanos());
        this.state = state;
        this.id = id;
        this.compression = compression;
        this.packSize = packSize;
        this.marks = repository.marks();
        this.seal = repository.keys().newSession();
        Trust trust = repository.keys().trust();
        Presence presence = new Presence(repository.index(), (fileSigner, pack) -> fileSigner != null && trust.forContent(fileSigner)
                && repository.trusted(pack) && !marks.revokesPack(pack.hash()) && !repository.suspect(marks, pack.hash()));
        this.index = new SessionIndex(repository.storage(), repository.id(), repository.keys().signer(), repository.index(), presence,
                SessionIndex.MOST_RECENT);
        this.treeWriter = new BlobWriter(this, newPack(PackKind.TREE));
    }

    /** Begins a session: from its return on nothing that it finds is deleted before it has ended or is fenced. */
    public static WriteSession begin(Repository repository, LocalState state, Compression compression, int packSize) throws IOException {
        byte[] random = Rng.bytes(SessionId.BYTES);
        SessionId id = SessionId.read(random, 0);
        publish(repository, new SessionFile(id, 0));
        try {
            repository.refresh();
            repository.marks().requireWhole();
            Set<Hash> checked = state.checkedIndexFiles();
            repository.index().checkAll(repository.checker(), checked);
            if (!repository.storage().isOneWay()) {
                state.rememberIndexFiles(checked); // a stream shows none of the repository's own
            }
            if (repository.index().files().isEmpty() || !repository.index().leftOut().isEmpty() || othersRun(repository, id)) {
                repository.rebuildIndex();
            }
            return new WriteSession(repository, state, id, compression, packSize);
        } catch (IOException | RuntimeException | Error e) {
            endAfter(e, repository, id);
            throw e;
        }
    }

    /** Whether there is a session that did not end: if it was killed, it may have left packs that no index file lists. */
    private static boolean othersRun(Repository repository, SessionId own) throws IOException {
        Set<SessionId> begun = new HashSet<>();
        Set<SessionId> ended = new HashSet<>();
        repository.storage().list(Kind.SESSION.folder() + "/", file -> {
            SessionFile session = SessionFile.ofName(file.name());
            if (session != null) {
                (session.number() == SessionFile.END ? ended : begun).add(session.session());
            }
        });
        begun.removeAll(ended);
        begun.remove(own);
        Marks marks = repository.marks();
        return begun.stream().anyMatch(session -> !marks.fenced(session));
    }

    /** A session that could not begin ends at once, so that no prune waits for it. */
    private static void endAfter(Throwable failure, Repository repository, SessionId id) {
        try {
            publish(repository, new SessionFile(id, SessionFile.END));
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void publish(Repository repository, SessionFile file) throws IOException {
        repository.storage().write(file.name(), file.encode(repository.id(), repository.keys().signer()));
    }

    Repository repository() {
        return repository;
    }

    public SessionId id() {
        return id;
    }

    /** The marks as they were when the session began. */
    public Marks marks() {
        return marks;
    }

    /** The records that were there when the session had begun: any of them that is not marked may be a base (rule 3). */
    public synchronized Records.Listing records() throws IOException {
        if (records == null) {
            records = repository.records().listing();
        }
        return records;
    }

    /** A writer of data, for one thread. */
    public BlobWriter newDataWriter() {
        BlobWriter writer = new BlobWriter(this, newPack(PackKind.DATA));
        synchronized (dataWriters) {
            dataWriters.add(writer);
        }
        return writer;
    }

    /** Takes pieces of trees, from any thread. */
    public TreeSink trees() {
        return (kind, refs, payload, length) -> {
            BlobId id;
            synchronized (treeWriter) {
                id = treeWriter.write(kind, refs, payload, 0, length);
            }
            LocalTrees local = repository.localTrees();
            if (local != null) {
                local.put(id, kind, refs, payload, length);
            }
            return id;
        };
    }

    private PackWriter newPack(PackKind kind) {
        PackSeal.Source seals = seal == null ? () -> null : seal::forPack;
        return new PackWriter(repository.id(), kind, seals, repository.keys().signer(), packSize, compression);
    }

    /** Bytes of the packs written so far. */
    public long addedBytes() {
        return added.sum();
    }

    /** Blobs in the packs written so far. */
    public long addedBlobs() {
        return addedBlobs.sum();
    }

    /** Whether a blob must be written by the caller: neither the repository nor this session has it. */
    boolean claim(BlobId blob) throws IOException {
        refresh();
        return !repository.isShared(blob, marks) && index.claim(blob);
    }

    /** Writes a full pack. Called by its owner with the owner's lock. */
    void finish(PackWriter pack) throws IOException {
        if (pack.kind() == PackKind.TREE) {
            flushData();
        }
        PackBuilder.Written written = pack.finish(repository.storage());
        index.written(count(written), new PackBlobs(written.entries()));
        refresh();
    }

    /** Sends what a pack has when nothing more comes, behind what was sent before. */
    void finish(PackWriter pack, OrderedWrites behind) throws IOException {
        PackBuilder.Written written = pack.finish(behind);
        index.sent(count(written), new PackBlobs(written.entries()));
    }

    private IndexedPack count(PackBuilder.Written pack) {
        added.add(pack.bytes());
        addedBlobs.add(pack.entries().size());
        return new IndexedPack(pack.pack(), pack.kind().code(), pack.bytes(), repository.keys().signer().publicKey());
    }

    /** Takes in a pack made of what other packs hold, whose blobs this session has claimed. */
    void copied(PackBuilder.Written pack) throws IOException {
        index.written(new IndexedPack(pack.pack(), pack.kind().code(), pack.bytes(), repository.keys().signer().publicKey()), new PackBlobs(pack.entries()));
        refresh();
    }

    private List<BlobWriter> dataWriters() {
        synchronized (dataWriters) {
            return List.copyOf(dataWriters);
        }
    }

    private void flushData() throws IOException {
        for (BlobWriter writer : dataWriters()) {
            writer.flush();
        }
    }

    /**
     * Shows that the session is alive, when it is time to. To be called often, also by who only looks and writes nothing:
     * a prune takes a session that is silent for long for dead.
     */
    public void refresh() throws IOException {
        long last = refreshed.get();
        long now = repository.timing().nanos();
        if (now - last > REFRESH.toNanos() && refreshed.compareAndSet(last, now)) {
            publish(repository, new SessionFile(id, number.incrementAndGet()));
        }
    }

    /**
     * Sends all that was written, in the order of rule 5, so that {@link #publish} makes it durable and findable. To be called
     * before the head of the record is made, and when nothing more is written. Nobody waits here for a storage that is far away.
     */
    public void send() throws IOException {
        if (!repository.storage().isFar()) {
            flush();
            return;
        }
        unsettled = true;
        rest = new OrderedWrites(repository.storage());
        for (BlobWriter writer : dataWriters()) {
            writer.flush(rest);
        }
        treeWriter.flush(rest);
        restOfIndex = index.send(rest);
    }

    /** Makes all that was written durable and findable. */
    public void flush() throws IOException {
        flushData();
        synchronized (treeWriter) {
            treeWriter.flush();
        }
        index.flush();
    }

    /**
     * Publishes the record: the backup is visible.
     *
     * @throws FencedException if the session was fenced: the backup is in doubt, and must be made again
     */
    public RecordFile publish(RecordHead head, RecordBody body) throws IOException {
        byte[] file = RecordFile.encode(repository.id(), head, body, seal == null ? null : seal.forRecord(), repository.keys().signer());
        RecordFile record = RecordFile.decode(file, repository.id(), null, "the new record");
        if (repository.storage().isFar()) {
            publishFar(record, file);
        } else {
            try {
                repository.storage().write(RecordFile.name(record.id()), file);
            } catch (AlreadyStoredException same) {
                // the same bytes: as good as written
            }
        }
        published = new RecordHead.Link(head.sequence(), record.written());
        Marks now = Marks.load(repository.storage(), repository.id(), repository.checker(), repository.keys().trust());
        now.requireWhole();
        if (now.fenced(id)) {
            throw new FencedException(record.id());
        }
        // a receiver gives it another name when it publishes it
        boolean asWritten = !repository.storage().isOneWay() && repository.storage().stat(RecordFile.name(record.id())).isPresent();
        state.rememberNewest(record.signer(), new LocalState.Newest(head.sequence(), record.written(), asWritten ? record.id() : null));
        if (repository.localTrees() != null) {
            repository.localTrees().keep(record, body);
        }
        return record;
    }

    /**
     * All at once: each file is stored when the one before it is durable, the end of the session too. That it is shown before
     * the writer has looked whether it was fenced loses nothing: whoever sees the end finds the record (rules 6 and 7), and a
     * fence that came before the record is among the marks that are read after it.
     */
    private void publishFar(RecordFile record, byte[] file) throws IOException {
        OrderedWrites last = rest != null ? rest : new OrderedWrites(repository.storage());
        last.write(RecordFile.name(record.id()), file);
        SessionFile end = new SessionFile(id, SessionFile.END);
        last.write(end.name(), end.encode(repository.id(), repository.keys().signer()));
        last.settle();
        shownEnd = true;
        index.settled(restOfIndex);
        rest = null;
        restOfIndex = null;
        unsettled = false;
    }

    /** The backup took so long that its session was fenced. */
    public static final class FencedException extends CairnException {
        private static final long serialVersionUID = 1;

        FencedException(Hash record) {
            super(ExitCode.FAILED, "the backup " + record.hex().substring(0, 8) + " is in doubt: a prune gave up waiting for it",
                    "make it again; what is stored is used");
        }
    }

    /**
     * Sequence number and predecessor for the next record of this signing key. A record that cannot be read is passed
     * over: verify tells of it, and it must not keep others from being made.
     */
    public RecordHead.Link nextLink() throws IOException {
        byte[] own = repository.keys().signer().publicKey();
        long sequence = published == null ? 0 : published.sequence();
        Hash previous = published == null ? Hash.ZERO : published.previous();
        RecordFile newest = null;
        Records.Listing all = repository.storage().isFar() ? records() : repository.records().listing();
        for (Hash listed : all.since().keySet()) {
            try {
                RecordFile record = repository.records().get(listed);
                if (Arrays.equals(record.signer(), own) && record.head().sequence() > sequence) {
                    sequence = record.head().sequence();
                    previous = record.written();
                    newest = record;
                }
            } catch (CairnException unreadable) {
                Unusable.orThrow(unreadable);
            }
        }
        LocalState.Newest known = state.newest(own);
        if (known != null && known.sequence() > sequence) {
            return new RecordHead.Link(known.sequence() + 1, known.written());
        }
        if (newest != null && (known == null || known.stored() == null || known.sequence() < sequence)) {
            state.rememberNewest(own, new LocalState.Newest(sequence, newest.written(), newest.id()));
        }
        return new RecordHead.Link(sequence + 1, previous);
    }

    /**
     * The newest backup of this key that this machine remembers, if the storage does not have it any more although
     * nobody who may has deleted it: the storage was put back to an older state. Else null. What was sent one way is not
     * missed before it was seen: whether it arrived, and under which name, is not known.
     */
    public Hash rolledBack() throws IOException {
        LocalState.Newest known = state.newest(repository.keys().signer().publicKey());
        if (known == null || known.stored() == null || repository.storage().isOneWay() || marks.revokesRecord(known.stored())
                || records().since().containsKey(known.stored())) {
            return null;
        }
        return known.stored();
    }

    private void end() throws IOException {
        try {
            publish(repository, new SessionFile(id, SessionFile.END));
        } catch (AlreadyStoredException byAnother) {
            // it does not count as this one's end, so a prune waits for the grace period: nothing is lost
        }
    }

    /** Ends the session, whether or not it published a backup, and merges small index files. */
    @Override
    public void close() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        synchronized (dataWriters) {
            dataWriters.forEach(BlobWriter::close);
        }
        treeWriter.close();
        try {
            if (!unsettled) { // what an index file names must be durable
                index.flush(); // packs of a run that failed: the next one need not write their blobs again
            }
        } finally {
            if (!shownEnd) {
                end();
            }
        }
        if (repository.storage().isOneWay() || !repository.storage().mayDelete()) {
            return;
        }
        Trust trust = repository.keys().trust();
        Signer signer = repository.keys().signer();
        // full keys can read and are trusted by all; a write key's word on others' files would make those useless to them
        boolean full = repository.keys().canRead();
        repository.index().compact(signer, by -> full || Arrays.equals(by, signer.publicKey()), trust::forContent,
                marks::packTombstoned);
    }
}

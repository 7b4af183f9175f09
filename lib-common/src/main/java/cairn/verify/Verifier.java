package cairn.verify;

import cairn.crypto.Rng;
import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.Signer;
import cairn.index.IndexCheck;
import cairn.index.IndexReader;
import cairn.index.Location;
import cairn.mark.Mark;
import cairn.pack.PackFormat;
import cairn.pack.PackReader;
import cairn.record.RecordFile;
import cairn.repo.BlobReader;
import cairn.repo.Doubt;
import cairn.repo.GraphWalk;
import cairn.repo.Marks;
import cairn.repo.ReachedBlobs;
import cairn.repo.Records;
import cairn.repo.Repository;
import cairn.repo.Unusable;
import cairn.session.SessionFile;
import cairn.store.NotStoredException;
import cairn.store.StoredFile;
import cairn.verify.Finding.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Judges a repository. First its structure, for which no key is needed: every small file is read and has the hash that
 * it ends with and is named by; every pack has a head and a directory that fit; every blob that a backup leads to is
 * in a pack that is there. Then, where asked for, its data: packs are read whole, one each a thread, and checked by
 * their hashes; with a key that can read, every blob in them is opened and named again.
 */
public final class Verifier {
    private static final int MOST_PATHS = 1000;
    private static final int SMALL_AHEAD = 1024;
    private static final int DIRECTORIES_AHEAD = 64;
    private static final int USUAL_DIRECTORY = 16 << 10;

    private final Repository repository;
    private final Path scratch;
    private final int workers;
    private final VerifyCounts counts;
    private final VerifyListener listener;
    private final BooleanSupplier cancelled;
    /** Blobs that no pack has. */
    private final Set<BlobId> badBlobs = ConcurrentHashMap.newKeySet();
    private final Set<Copy> badCopies = ConcurrentHashMap.newKeySet();
    /** Packs of which nothing is believed but the {@link #goodCopies}. */
    private final Set<Hash> badPacks = ConcurrentHashMap.newKeySet();
    private final Set<Copy> goodCopies = ConcurrentHashMap.newKeySet();
    private Attester attester;
    /** Packs of which at least something is bad. */
    private final Set<Hash> suspects = ConcurrentHashMap.newKeySet();

    public Verifier(Repository repository, Path scratch, int workers, VerifyCounts counts, VerifyListener listener, BooleanSupplier cancelled) {
        this.repository = repository;
        this.scratch = scratch;
        this.workers = workers;
        this.counts = counts;
        this.listener = listener;
        this.cancelled = cancelled;
    }

    /** @param share of the stored packs to read, 0 to 1; which ones is drawn at random */
    public void run(double share) throws IOException {
        listener.phase("structure");
        smallFiles();
        List<StoredFile> packs = packs();
        Set<Hash> present = new HashSet<>();
        for (StoredFile pack : packs) {
            present.add(hashOf(pack.name()));
        }
        reachable(present);
        if (share > 0) {
            listener.phase("data");
            attester = Attester.of(repository);
            readData(share >= 1 ? packs : sample(packs, share));
            if (attester != null && !cancelled.getAsBoolean()) {
                counts.packsAttested.add(attester.finish());
            }
        }
        tell();
        if (!cancelled.getAsBoolean() && repository.keys().canRead() && !(badBlobs.isEmpty() && badPacks.isEmpty() && badCopies.isEmpty())) {
            listener.phase("paths");
            new DamagedPaths(repository, listener, counts, MOST_PATHS).find(this::isLost);
        }
    }

    /** So that the next backup writes again what these packs should hold. */
    private void tell() throws IOException {
        Marks marks = repository.marks();
        suspects.addAll(badPacks);
        List<Hash> fresh = suspects.stream().filter(pack -> !marks.packSuspect(pack)).sorted().toList();
        Signer signer = repository.keys().signer();
        if (!fresh.isEmpty() && signer != null && repository.keys().trust().forMarks(signer.publicKey())) {
            byte[] file = new Mark(Mark.Type.FINDING, Rng.bytes(16), fresh, "damaged or missing").encode(repository.id(), signer);
            Hash name = Mark.decode(file, repository.id(), null, "the new mark").name();
            repository.storage().write(Mark.name(name), file);
        }
    }

    private void found(Severity severity, String kind, String subject, String message) {
        (severity == Severity.DAMAGE ? counts.damage : counts.warnings).increment();
        listener.finding(new Finding(severity, kind, subject, message, List.of()));
    }

    /** Whether no good copy of a blob is left, as far as this run has seen. */
    private boolean isLost(BlobId id) throws IOException {
        if (badBlobs.contains(id)) {
            return true;
        }
        return repository.locations(id).stream().map(copy -> new Copy(copy.pack().hash(), id))
                .allMatch(copy -> badCopies.contains(copy) || badPacks.contains(copy.pack()) && !goodCopies.contains(copy));
    }

    private record Copy(Hash pack, BlobId id) {
    }

    private static Hash hashOf(String name) {
        return Hash.parse(name.substring(name.lastIndexOf('/') + 1));
    }

    /** Every file but packs: read whole, checked by its own hash and by its name. */
    private void smallFiles() throws IOException {
        repository.index(); // before the packs are listed: what it names is among them
        repository.storage().expectList(Stream.of(Kind.values()).filter(kind -> kind != Kind.INDEX).map(kind -> kind.folder() + "/")
                .toArray(String[]::new));
        for (Kind kind : Kind.values()) {
            if (kind == Kind.PACK || kind == Kind.INDEX) {
                continue;
            }
            List<StoredFile> files = new ArrayList<>();
            repository.storage().list(kind.folder() + "/", files::add);
            for (int i = 0; i < files.size(); i++) {
                if (cancelled.getAsBoolean()) {
                    return;
                }
                if (i % SMALL_AHEAD == 0) {
                    files.subList(i, Math.min(files.size(), i + SMALL_AHEAD)).forEach(next -> repository.storage().expect(next.name(), 0, next.size()));
                }
                StoredFile file = files.get(i);
                checkSmall(kind, file);
            }
        }
        for (IndexReader file : repository.index().files()) {
            try {
                counts.files.increment();
                IndexCheck.check(file, repository.checker());
                counts.bytesRead.add(file.size());
            } catch (NotStoredException merged) {
                // its entries are in another file now
            } catch (CairnException e) {
                Unusable.orThrow(e);
                found(Severity.WARNING, "index-damaged", file.name(), e.getMessage());
            }
        }
        repository.unusableIndexFiles().forEach(e -> found(Severity.WARNING, "index-unusable", "index", e.getMessage()));
    }

    private void checkSmall(Kind kind, StoredFile file) throws IOException {
        counts.files.increment();
        if (!named(kind, file.name())) {
            found(Severity.WARNING, "foreign-file", file.name(), "is no name that cairn gives");
            return;
        }
        boolean needed = kind == Kind.KEY_RING || kind == Kind.RECORD && !repository.marks().revokesRecord(hashOf(file.name()));
        try {
            byte[] bytes = repository.storage().readAll(file.name(), (int) Math.min(Integer.MAX_VALUE - 8, file.size() + 1));
            counts.bytesRead.add(bytes.length);
            Envelope.Opened opened = Envelope.open(bytes, kind, repository.id(), repository.checker(), file.name());
            Hash named = hashOf(file.name());
            if (named != null && !named.equals(opened.hash())) {
                found(needed ? Severity.DAMAGE : Severity.WARNING, "misnamed", file.name(), "does not have the hash that it is named by");
            }
        } catch (NotStoredException gone) {
            // deleted between the listing and now
        } catch (CairnException e) {
            Unusable.orThrow(e);
            found(needed ? Severity.DAMAGE : Severity.WARNING, kind.folder() + "-damaged", file.name(), e.getMessage());
        }
    }

    private static boolean named(Kind kind, String name) {
        String base = name.substring(name.lastIndexOf('/') + 1);
        return switch (kind) {
            case RECORD, MARK, INDEX, PACK -> Hash.parse(base) != null;
            case SESSION -> SessionFile.ofName(name) != null;
            case KEY_RING, KEY_LIST -> base.matches("[1-9][0-9]{0,9}");
            case ACCESS_KEY -> true;
        };
    }

    /** All packs, each with a head and a directory that fit. */
    private List<StoredFile> packs() throws IOException {
        List<StoredFile> packs = new ArrayList<>();
        repository.storage().list(Kind.PACK.folder() + "/", packs::add);
        List<StoredFile> good = new ArrayList<>(packs.size());
        for (int i = 0; i < packs.size(); i++) {
            StoredFile file = packs.get(i);
            if (cancelled.getAsBoolean()) {
                return good;
            }
            if (i % DIRECTORIES_AHEAD == 0) {
                expectDirectories(packs.subList(i, Math.min(packs.size(), i + DIRECTORIES_AHEAD)));
            }
            Hash hash = hashOf(file.name());
            if (hash == null || !PackFormat.name(hash).equals(file.name())) {
                found(Severity.WARNING, "foreign-file", file.name(), "is no name of a pack");
                continue;
            }
            counts.packs.increment();
            good.add(file);
            try {
                PackReader.readDirectory(repository.storage(), repository.id(), hash, file);
            } catch (NotStoredException gone) {
                good.removeLast();
            } catch (CairnException e) {
                Unusable.orThrow(e);
                badPacks.add(hash);
                found(Severity.DAMAGE, "pack-damaged", file.name(), e.getMessage());
            }
        }
        return good;
    }

    /** Says what a storage that is far away will be asked for: the ends of all, and then what of larger directories lies before them. */
    private void expectDirectories(List<StoredFile> packs) throws IOException {
        for (StoredFile file : packs) {
            long tail = Math.min(file.size(), USUAL_DIRECTORY);
            repository.storage().expect(file.name(), file.size() - tail, tail);
        }
        if (!repository.storage().isFar()) {
            return;
        }
        for (StoredFile file : packs) {
            Hash hash = hashOf(file.name());
            if (hash != null && PackFormat.name(hash).equals(file.name())) {
                try {
                    long start = PackReader.directoryStart(repository.storage(), repository.id(), hash, file);
                    if (start >= 0 && start < file.size() - USUAL_DIRECTORY) {
                        repository.storage().expect(file.name(), start, file.size() - start);
                    }
                } catch (CairnException damaged) {
                    Unusable.orThrow(damaged); // who reads it will say so
                }
            }
        }
    }

    /** Every blob that a backup leads to must be in a pack that is there. */
    private void reachable(Set<Hash> present) throws IOException {
        Marks marks = repository.marks();
        try (ReachedBlobs seen = new ReachedBlobs(repository, scratch)) {
            List<Hash> records = repository.records().list();
            Doubt doubt = new Doubt(repository, scratch);
            for (Hash id : records) {
                if (cancelled.getAsBoolean()) {
                    return;
                }
                RecordFile record;
                try {
                    record = repository.records().get(id);
                } catch (CairnException toldAbove) {
                    Unusable.orThrow(toldAbove);
                    continue;
                }
                counts.backups.increment();
                if (marks.revokesRecord(id)) {
                    continue;
                }
                if (!repository.records().counts(record)) {
                    found(Severity.WARNING, "foreign-file", RecordFile.name(id), Records.foreign(record).getMessage());
                    continue;
                }
                Doubt.State state = doubt.concerns(record) ? doubt.judge(record) : null;
                if (state == Doubt.State.COMPLETE) {
                    doubt.noteComplete(record);
                } else if (state == Doubt.State.BROKEN) {
                    counts.damage.increment();
                    listener.finding(new Finding(Severity.DAMAGE, "backup-incomplete", RecordFile.name(id), doubt.told(record), List.of(id)));
                }
                GraphWalk.Visitor visitor = visitor(record, state == Doubt.State.BROKEN);
                byte[] writer = seen.writer(record);
                GraphWalk walk = new GraphWalk(repository, seen.of(writer), present::contains);
                walk.walk(record.head().tree(), writer, visitor);
                walk.walk(record.head().stat(), writer, visitor);
            }
        }
    }

    /** @param incomplete it was told already that something is missing */
    private GraphWalk.Visitor visitor(RecordFile record, boolean incomplete) {
        return new GraphWalk.Visitor() {
            @Override
            public void blob(BlobId id, List<Location> copies) throws IOException {
                counts.blobsReached.increment();
                if (copies.isEmpty()) {
                    badBlobs.add(id);
                    if (incomplete) {
                        return;
                    }
                    repository.locations(id).forEach(copy -> suspects.add(copy.pack().hash()));
                    counts.damage.increment();
                    listener.finding(new Finding(Severity.DAMAGE, "blob-missing", "blob " + id, "is in no pack that is there", List.of(record.id())));
                }
            }

            @Override
            public void unreadable(BlobId id, IOException why) {
                badBlobs.add(id);
                counts.damage.increment();
                listener.finding(new Finding(Severity.DAMAGE, "tree-unreadable", "blob " + id, why.getMessage(), List.of(record.id())));
            }
        };
    }

    private static List<StoredFile> sample(List<StoredFile> packs, double share) {
        RandomGenerator random = RandomGenerator.getDefault();
        List<StoredFile> shuffled = new ArrayList<>(packs);
        long total = packs.stream().mapToLong(StoredFile::size).sum();
        List<StoredFile> chosen = new ArrayList<>();
        long bytes = 0;
        while (!shuffled.isEmpty() && bytes < total * share) {
            StoredFile file = shuffled.remove(random.nextInt(shuffled.size()));
            chosen.add(file);
            bytes += file.size();
        }
        return chosen;
    }

    private void readData(List<StoredFile> packs) throws IOException {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(workers, packs.size()); i++) {
            threads.add(Thread.ofPlatform().name("verify-" + i).start(() -> {
                try (BlobReader reader = repository.newReader()) {
                    byte[] buffer = new byte[0];
                    for (int n = next.getAndIncrement(); n < packs.size() && failure.get() == null && !cancelled.getAsBoolean(); n = next.getAndIncrement()) {
                        StoredFile file = packs.get(n);
                        if (buffer.length < file.size()) {
                            buffer = new byte[Math.toIntExact(Math.min(file.size() + (1 << 20), PackReader.LARGEST_PACK))];
                        }
                        readPack(file, buffer, reader);
                    }
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
            }));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        switch (failure.get()) {
            case null -> {
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable t -> throw new IllegalStateException(t);
        }
    }

    private void readPack(StoredFile file, byte[] buffer, BlobReader reader) throws IOException {
        Hash hash = hashOf(file.name());
        int size = (int) file.size();
        try {
            repository.storage().read(file.name(), 0, buffer, 0, size);
            counts.packsRead.increment();
            counts.bytesRead.add(size);
            PackReader.Directory directory = PackReader.check(buffer, size, repository.id(), hash, repository.checker());
            if (repository.keys().canRead() && openAll(hash, buffer, directory, reader) && attester != null) {
                attester.add(hash, buffer, size, directory);
            }
        } catch (NotStoredException gone) {
            // pruned between the listing and now
        } catch (CairnException e) {
            Unusable.orThrow(e);
            badPacks.add(hash);
            found(Severity.DAMAGE, "pack-damaged", file.name(), e.getMessage());
            if (repository.keys().canRead()) {
                openWhatIsGood(hash, buffer, size, reader);
            }
        }
    }

    /** What of a damaged pack can still be read: one bit that turned hits one blob, or none. */
    private void openWhatIsGood(Hash pack, byte[] buffer, int size, BlobReader reader) {
        try {
            for (PackFormat.BlobEntry entry : PackReader.directory(buffer, size, repository.id(), pack).entries()) {
                try {
                    reader.open(pack, buffer, entry.offset(), entry.stored(), entry.id());
                    goodCopies.add(new Copy(pack, entry.id()));
                } catch (IOException bad) {
                    // stays among what is not believed
                }
            }
        } catch (IOException noDirectory) {
            // nothing in it can be told apart
        }
    }

    /** @return whether all that the pack says to hold is there */
    private boolean openAll(Hash pack, byte[] buffer, PackReader.Directory directory, BlobReader reader) throws IOException {
        boolean good = true;
        for (PackFormat.BlobEntry entry : directory.entries()) {
            try {
                directory.head().kind().require(reader.open(pack, buffer, entry.offset(), entry.stored(), entry.id()).kind(), PackFormat.name(pack));
                counts.blobsOpened.increment();
            } catch (CairnException e) {
                good = false;
                badCopies.add(new Copy(pack, entry.id()));
                suspects.add(pack);
                found(Severity.DAMAGE, "blob-damaged", "blob " + entry.id() + " in " + PackFormat.name(pack), e.getMessage());
            }
        }
        return good;
    }
}

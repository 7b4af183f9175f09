package cairn.repo;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.index.IndexSet;
import cairn.index.IndexedPack;
import cairn.index.Location;
import cairn.index.Presence;
import cairn.index.SessionIndex;
import cairn.pack.BlobOpener;
import cairn.pack.Compression;
import cairn.pack.PackBuilder;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import cairn.pack.PackSeal;
import cairn.pack.PackWriter;
import cairn.posix.RawString;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.spool.PrivateFolder;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import cairn.tree.TreeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The trees of this client's newest backups, kept on its own disk: what tells it what has changed since. A key of the
 * role {@code write} cannot read them from the repository; any other need not fetch them from far away. Also what
 * the sealed parts of these backups' records hold.
 *
 * <p>It lies in a folder of the cache, by the ids of the repository and of the signing key, for its owner only, in the
 * formats of a repository: packs of trees, index, and records under {@code kept/}, named as in the real repository. All is
 * sealed to a key that only the access key can make, so that whoever takes the disk and not the key reads nothing.
 *
 * <p>Nothing relies on it: each piece is checked by its id, and what it lacks is read from the repository by a key that
 * can, or else makes the backup read all files once. It holds what the newest backups lead to and is cleaned when half
 * of it is more than that ({@link LocalTreesCleaner}). For any number of threads; two programs may use it at once.
 */
public final class LocalTrees implements AutoCloseable {
    static final String KEPT = "kept/";
    private static final int PACK_SIZE = 16 << 20;

    private final Storage storage;
    private final RepositoryKeys keys;
    private final PackKeys packKeys;
    private final Path folder;
    private final IndexSet index;
    private final SessionIndex session;
    private final PackWriter pack;
    private final ConcurrentLinkedDeque<BlobOpener> openers = new ConcurrentLinkedDeque<>();
    private volatile boolean broken;
    private boolean unused = true;

    private LocalTrees(Storage storage, RepositoryKeys keys, Path folder) throws IOException {
        this.storage = storage;
        this.keys = keys;
        this.folder = folder;
        this.packKeys = new PackKeys(storage, keys);
        this.index = IndexSet.open(storage, keys.repository(), IndexSet.FILTER_BUDGET, unusable -> broken = true);
        this.session = new SessionIndex(storage, keys.repository(), keys.signer(), index, new Presence(index, (file, listed) -> true),
                SessionIndex.MOST_RECENT);
        RepositoryKeys.SessionSeal seal = keys.newSession();
        PackSeal.Source seals = seal == null ? () -> null : seal::forPack;
        this.pack = new PackWriter(keys.repository(), PackKind.TREE, seals, keys.signer(), PACK_SIZE, Compression.FAST);
    }

    /**
     * Opens the local trees of a repository, makes them if need be, and lets the repository use them: {@link
     * Repository#trees()} looks here first, and sessions keep here what they write. It is closed with the repository.
     *
     * @param cache the cache folder; null for none, then nothing happens. Nothing happens either for a key that does not
     *     write, or if they are in use already
     */
    public static void attach(Repository repository, Path cache) throws IOException {
        if (cache == null || repository.localTrees() != null || repository.keys().local() == null) {
            return;
        }
        Path folder = folder(cache, repository.id(), repository.keys().signer().publicKey());
        LocalTrees trees = null;
        for (int i = 0; i < 2 && trees == null; i++) {
            try {
                trees = open(folder, repository.keys().local());
                if (trees.broken) {
                    trees.close();
                    trees = null;
                }
            } catch (IOException unusable) {
                LocalTreesCleaner.deleteAll(folder); // a disk that takes nothing: files are read again, or trees fetched
            }
        }
        if (trees != null) {
            repository.useLocalTrees(trees);
        }
    }

    /** As {@link #attach}, where it is of use: for a key that cannot read, and for a storage that is far away or only takes. */
    public static void attachIfUseful(Repository repository, Path cache) throws IOException {
        if (!repository.keys().canRead() || repository.storage().isFar() || repository.storage().isOneWay()) {
            attach(repository, cache);
        }
    }

    /** Throws away local trees that were found broken, and begins anew. @return whether there were such */
    public static boolean renew(Repository repository) throws IOException {
        LocalTrees trees = repository.localTrees();
        if (trees == null || !trees.broken) {
            return false;
        }
        trees.close();
        repository.useLocalTrees(null);
        attach(repository, trees.folder.getParent());
        return true;
    }

    /** Where the local trees of a key are, whether or not there are any. */
    public static Path folder(Path cache, RepositoryId repository, byte[] signingKey) {
        return cache.resolve(repository.hex() + "-trees-" + HexFormat.of().formatHex(signingKey, 0, 8));
    }

    private static LocalTrees open(Path folder, RepositoryKeys keys) throws IOException {
        PrivateFolder.make(folder);
        Storage storage = LocalFolder.open(RawString.encode(folder.toString()));
        try {
            return new LocalTrees(storage, keys, folder);
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** A piece, or null if it is not here or not whole. */
    public TreeSource.Piece get(BlobKind kind, BlobId id) {
        try {
            Location place = session.find(id);
            if (place == null) {
                return null;
            }
            byte[] frame = frame(place);
            BlobOpener opener = openers.poll();
            opener = opener != null ? opener : new BlobOpener(keys.repository(), keys::hasher);
            try {
                BlobOpener.Opened opened = opener.open(packKeys.keyFor(place.pack().hash(), frame, 0), frame, 0, frame.length, id);
                if (opened.kind() == kind) {
                    return new TreeSource.Piece(id, opened.refs(), Arrays.copyOf(opener.payload(), opened.length()));
                }
            } finally {
                openers.push(opener);
            }
        } catch (IOException damaged) {
            broken = true;
        }
        return null;
    }

    private byte[] frame(Location place) throws IOException {
        byte[] frame = new byte[place.stored()];
        String name = PackFormat.name(place.pack().hash());
        if (frame.length < PackFormat.FRAME_HEADER) {
            throw new DamagedException(name, "has a blob that is cut off");
        }
        storage.read(name, place.offset(), frame, 0, frame.length);
        return frame;
    }

    /** Hears of what a backup leads to. */
    @FunctionalInterface
    public interface Reached {
        /** @param here whether it is a piece of a tree that is here; else it is data, or missing */
        void blob(BlobId id, boolean here) throws IOException;
    }

    /** Walks everything that a backup leads to, each blob once. @param seen what was met already; needs no order of calls */
    public void walk(Kept backup, BlobIdSet seen, Reached reached) throws IOException {
        Deque<BlobId> todo = new ArrayDeque<>();
        for (BlobId root : List.of(backup.record().head().tree(), backup.record().head().stat())) {
            if (seen.add(root)) {
                todo.push(root);
            }
        }
        while (!todo.isEmpty()) {
            BlobId id = todo.pop();
            Location place = session.find(id);
            reached.blob(id, place != null);
            if (place == null) {
                continue;
            }
            byte[] frame = frame(place);
            PackFormat.Frame head = PackFormat.readFrame(frame, 0, frame.length, PackFormat.name(place.pack().hash()));
            for (int i = 0; i < head.refs(); i++) {
                BlobId ref = BlobId.read(frame, PackFormat.FRAME_HEADER + i * BlobId.BYTES);
                if (seen.add(ref)) {
                    todo.push(ref);
                }
            }
        }
    }

    /** Keeps a piece of a tree that a backup leads to. */
    void put(BlobId id, BlobKind kind, List<BlobId> refs, byte[] payload, int length) {
        try {
            if (broken || !session.claim(id)) {
                return;
            }
            synchronized (this) {
                unused = false;
                pack.add(id, kind, refs, payload, 0, length);
                if (pack.isFull()) {
                    finishPack();
                }
            }
        } catch (IOException full) {
            broken = true;
        }
    }

    private void finishPack() throws IOException {
        PackBuilder.Written written = pack.finish(storage);
        session.written(new IndexedPack(written.pack(), written.kind().code(), written.bytes(), keys.signer().publicKey()), new PackBlobs(written.entries()));
    }

    /** Keeps what is known of a backup that was just published: it may be the base of the next. */
    synchronized void keep(RecordFile record, RecordBody body) {
        if (broken) {
            return;
        }
        try {
            unused = false;
            flush();
            RepositoryKeys.SessionSeal seal = keys.newSession();
            byte[] file = RecordFile.encode(keys.repository(), record.head(), body, seal == null ? null : seal.forRecord(), keys.signer());
            storage.write(KEPT + record.written().hex(), file);
        } catch (IOException full) {
            broken = true;
        }
    }

    private void flush() throws IOException {
        if (!pack.isEmpty()) {
            finishPack();
        }
        session.flush();
    }

    /** The sealed part of a backup's record as this client wrote it, or null if it is not known here. */
    RecordBody body(RecordFile record) {
        Kept kept = kept(record.written());
        return kept == null ? null : kept.body();
    }

    /**
     * A backup that is known here.
     *
     * @param written hash of the record as its writer made it: the backup's id, unless a receiver signed it too
     */
    public record Kept(Hash written, RecordFile record, RecordBody body) {
    }

    /** A backup that is known here, or null. What is known of it is dropped if it is damaged. */
    public Kept kept(Hash written) {
        String name = KEPT + written.hex();
        try {
            if (storage.stat(name).isEmpty()) {
                return null;
            }
            RecordFile copy = RecordFile.decode(storage.readAll(name, RecordFile.LARGEST), keys.repository(), null, name);
            return new Kept(written, copy, copy.body(keys.recordKey(copy.section())));
        } catch (IOException damaged) {
            try {
                storage.delete(name);
            } catch (IOException gone) {
                broken = true;
            }
            return null;
        }
    }

    /** The backups that are known here, oldest first. */
    public List<Kept> kept() throws IOException {
        return LocalTreesCleaner.kept(this);
    }

    /** The pieces that are here; {@link TreeSource#get} fails for others. */
    public TreeSource pieces() {
        return (kind, id) -> {
            TreeSource.Piece piece = get(kind, id);
            if (piece == null) {
                throw new DamagedException("blob " + id, "is not in the local copy of this client's trees");
            }
            return piece;
        };
    }

    /** Says that something that should be here is not. */
    void foundBroken() {
        broken = true;
    }

    Storage storage() {
        return storage;
    }

    RepositoryKeys keys() {
        return keys;
    }

    IndexSet index() {
        return index;
    }

    /** Makes what was put durable, cleans, and closes. */
    @Override
    public synchronized void close() throws IOException {
        try {
            if (broken) {
                pack.close();
                LocalTreesCleaner.deleteAll(folder);
                return;
            }
            if (!unused) {
                flush();
                index.compact(keys.signer(), signer -> true, signer -> true, pack -> false);
                LocalTreesCleaner.clean(this, folder.getParent());
            }
            pack.close();
        } catch (IOException damaged) {
            LocalTreesCleaner.deleteAll(folder);
        } finally {
            openers.forEach(BlobOpener::close);
            openers.clear();
            storage.close();
        }
    }
}

package cairn.repo;

import cairn.crypto.Ed25519;
import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.format.Signer;
import cairn.index.IndexSet;
import cairn.index.IndexedPack;
import cairn.index.Location;
import cairn.pack.Compression;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import cairn.store.Storage;
import cairn.tree.TreeReader;
import cairn.tree.TreeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An opened repository: storage, keys, and what was read of its marks and index. What is read stays as it was until
 * {@link #refresh()}. For any number of threads.
 */
public final class Repository implements AutoCloseable {
    private static final SignatureChecker CHECKER = Ed25519::verify;

    private static final byte[] NOBODY = new byte[Signer.PUBLIC_KEY_BYTES];
    private static final int PACK_SIZE = 16 << 20;

    private final Timing timing;
    private final Storage storage;
    private final Map<String, String> settings;
    private final RepositoryKeys keys;
    private final Records records;
    private final PackKeys packKeys;
    private final FarBlobs far;
    private final CachedTrees trees = new CachedTrees(this);
    private final List<CairnException> unusable = Collections.synchronizedList(new ArrayList<>());
    private final Set<Hash> bad = ConcurrentHashMap.newKeySet();
    private Marks marks;
    private IndexSet index;
    private boolean rebuilt;
    private volatile LocalTrees localTrees;

    public Repository(Storage storage, RepositoryKeys keys) {
        this(storage, keys, Map.of());
    }

    /** @param settings that all clients share, by the key list: {@code compression}, {@code pack-size} */
    public Repository(Storage storage, RepositoryKeys keys, Map<String, String> settings) {
        this(storage, keys, settings, Timing.SYSTEM);
    }

    /** @param timing how time passes for its users */
    public Repository(Storage storage, RepositoryKeys keys, Map<String, String> settings, Timing timing) {
        this.timing = timing;
        this.storage = storage;
        this.keys = keys;
        this.records = new Records(storage, keys, CHECKER, this::localTrees);
        this.packKeys = new PackKeys(storage, keys);
        this.far = FarBlobs.of(storage);
        this.settings = Map.copyOf(settings);
    }

    public Timing timing() {
        return timing;
    }

    /** The compression that was chosen at {@code init}. */
    public Compression compression() throws CairnException {
        return Compression.parse(settings.getOrDefault("compression", "auto"));
    }

    /** Bytes from which on a pack is full. */
    public int packSize() {
        String size = settings.get("pack-size");
        return size != null && size.matches("[0-9]{5,9}") ? Integer.parseInt(size) : PACK_SIZE;
    }

    public RepositoryId id() {
        return keys.repository();
    }

    public Storage storage() {
        return storage;
    }

    public RepositoryKeys keys() {
        return keys;
    }

    public SignatureChecker checker() {
        return CHECKER;
    }

    public Records records() {
        return records;
    }

    /** The marks; read at the first call. */
    public synchronized Marks marks() throws IOException {
        if (marks == null) {
            marks = Marks.load(storage, id(), CHECKER, keys.trust());
        }
        return marks;
    }

    /** The index; read at the first call, after the marks. */
    public synchronized IndexSet index() throws IOException {
        if (index == null) {
            marks();
            index = IndexSet.open(storage, id(), IndexSet.FILTER_BUDGET, unusable::add);
        }
        return index;
    }

    /** Forgets what was read: the next calls read marks, then index anew (rule 2). */
    public synchronized void refresh() throws IOException {
        marks = null;
        index = null;
        rebuilt = false;
    }

    /** All copies of a blob in packs that are not known to be gone, those by trusted writers first. */
    public List<Location> locations(BlobId id) throws IOException {
        Marks known = marks();
        List<Location> found = usable(claimed(id), known);
        if (found.isEmpty() && far != null) {
            found = usable(far.locations(id), known);
        }
        if (found.isEmpty()) {
            index().refresh(); // written or merged since it was read
            found = usable(claimed(id), known);
        }
        if (found.isEmpty() && rebuildIndex() > 0) {
            found = usable(claimed(id), known);
        }
        return found;
    }

    /** The copies of a blob, each with the key on whose word it is there: that of its pack only if who says so may speak for it. */
    private List<Location> claimed(BlobId id) throws IOException {
        List<Location> copies = new ArrayList<>(2);
        index().lookup(id, (file, number, offset, stored, plain) -> {
            IndexedPack pack = file.pack(number);
            byte[] teller = file.signer() == null ? NOBODY : file.signer();
            if (!Arrays.equals(teller, pack.signer()) && !keys.trust().forContent(teller) && !keys.trust().forMarks(teller)) {
                pack = new IndexedPack(pack.hash(), pack.kind(), pack.size(), teller);
            }
            Location copy = new Location(pack, offset, stored, plain);
            if (!copies.contains(copy)) {
                copies.add(copy);
            }
            return true;
        });
        return copies;
    }

    /**
     * Whether everybody may rely on what is told of a pack: the writer of the pack is trusted, or a full key has read it,
     * found it good and lists it again on its own word. What others tell of the same pack gains nothing by that.
     */
    public boolean trusted(IndexedPack pack) {
        return keys.trust().forContent(pack.signer());
    }

    /**
     * How far a copy of a blob is to be believed that a backup leads to, without opening it; less is better. Whoever may
     * write can put anything into a pack under an id that it knows, but its backups' writer relied on its own copies and on
     * those of trusted keys only.
     *
     * @param writer who signed the backup's record
     */
    public int rank(Location copy, byte[] writer) {
        if (trusted(copy.pack())) {
            return 0;
        }
        if (Arrays.equals(copy.pack().signer(), writer)) {
            return 1;
        }
        return keys.trust().forMarks(copy.pack().signer()) ? 2 : 3; // a server's prune moved it here as the only one there was
    }

    /**
     * Lists packs again that no index file lists, because one is lost or damaged; at most once until {@link #refresh}.
     *
     * @return how many there were
     */
    public synchronized int rebuildIndex() throws IOException {
        if (rebuilt) {
            return 0;
        }
        rebuilt = true;
        int packs = IndexRebuild.run(this);
        if (packs > 0) {
            index().refresh();
        }
        return packs;
    }

    private List<Location> usable(List<Location> copies, Marks known) {
        List<Location> found = new ArrayList<>(copies.size());
        for (Location copy : copies) {
            if (!known.packTombstoned(copy.pack().hash())) {
                found.add(copy);
            }
        }
        if (found.size() > 1) {
            found.sort(Comparator.<Location, Boolean>comparing(copy -> suspect(known, copy.pack().hash()))
                    .thenComparing(copy -> !trusted(copy.pack())));
        }
        return found;
    }

    /** Says that a copy of a blob will be read: a storage that is far away fetches it meanwhile. */
    void expect(Location copy) {
        String name = PackFormat.name(copy.pack().hash());
        if (copy.pack().kind() == PackKind.TREE.code()) {
            storage.expectMore(name, copy.pack().size(), copy.offset(), copy.stored());
        } else {
            storage.expect(name, copy.offset(), copy.stored());
        }
    }

    /** Says that blobs will be read, if the storage is far away; @param trees whether those that are pieces of trees, or data */
    public void expect(List<BlobId> ids, boolean trees) throws IOException {
        if (storage.isFar()) {
            Marks known = marks();
            if (far != null) {
                List<BlobId> asked = new ArrayList<>();
                for (BlobId id : ids) {
                    if (index().locations(id).isEmpty()) {
                        asked.add(id);
                    }
                }
                far.ask(asked);
            }
            for (BlobId id : ids) {
                List<Location> here = usable(index().locations(id), known);
                List<Location> copies = here.isEmpty() && far != null ? usable(far.locations(id), known) : here;
                if (!copies.isEmpty() && (copies.getFirst().pack().kind() == PackKind.TREE.code()) == trees) {
                    expect(copies.getFirst());
                }
            }
        }
    }

    /** Asks the other side about blobs at once that a writer is about to look up, if it answers about all clients. */
    void askShared(List<BlobId> ids) throws IOException {
        if (far != null && far.sharesHashes()) {
            far.ask(ids);
        }
    }

    /** Whether another client has stored a blob so that this one may rely on it; never without being told so by the other side. */
    boolean isShared(BlobId id, Marks known) throws IOException {
        if (far == null || !far.sharesHashes()) {
            return false;
        }
        return far.locations(id).stream().anyMatch(copy -> keys.trust().forContent(copy.pack().signer())
                && !known.revokesPack(copy.pack().hash()) && !suspect(known, copy.pack().hash()));
    }

    /** Remembers, until it is closed, that a pack does not give back what it should. */
    void foundBad(Hash pack) {
        bad.add(pack);
    }

    /** Whether {@link #foundBad} was called, for any pack. */
    public boolean hasBadPacks() {
        return !bad.isEmpty();
    }

    /** Whether a pack is known, by a finding or by this program, not to give back what it should. */
    public boolean suspect(Marks known, Hash pack) {
        return known.packSuspect(pack) || bad.contains(pack);
    }

    /** Index files that could not be used, so far: damaged or foreign; what they told is as if it were not there. */
    public List<CairnException> unusableIndexFiles() {
        return List.copyOf(unusable);
    }

    /** Whether a pack is known to have been pruned. */
    boolean isTombstoned(Hash pack) throws IOException {
        return Marks.load(storage, id(), CHECKER, keys.trust()).packTombstoned(pack);
    }

    /** Reads trees, through a bounded cache. */
    public TreeReader trees() {
        return new TreeReader(trees);
    }

    /** The pieces of trees themselves. */
    public TreeSource pieces() {
        return trees;
    }

    /** A reader of blobs, for one thread. */
    public BlobReader newReader() {
        return new BlobReader(this);
    }

    /** This client's own copy of the trees of its newest backups, or null if there is none; see {@link LocalTrees#attach}. */
    public LocalTrees localTrees() {
        return localTrees;
    }

    void useLocalTrees(LocalTrees trees) {
        localTrees = trees;
    }

    PackKeys packKeys() {
        return packKeys;
    }

    @Override
    public void close() throws IOException {
        trees.close();
        refresh();
        try {
            if (localTrees != null) {
                localTrees.close();
                localTrees = null;
            }
        } finally {
            storage.close();
        }
    }
}

package cairn.index;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.ForeignFileException;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.format.Signer;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All index files of a repository. For any number of threads.
 *
 * <p>Others merge the files at any time: they publish the merged one, then delete those it was made from. So a listing
 * may miss a file and what replaced it; it is repeated until two in a row are the same. A file that vanishes later
 * makes the set list again and the look-up begin again. An entry that is missed is never a danger (a writer writes the
 * blob once more), only a reader that finds no copy of a blob should {@link #refresh} and look again.
 *
 * <p>Memory: for each entry a bit of fan-out; up to a bound, 1 to 2 bytes of filter, the smallest files first, because
 * there are many of them; 64 bytes a pack; 3 MiB of blocks.
 */
public final class IndexSet {
    /** The bound for the filters of all files, in bytes. */
    public static final long FILTER_BUDGET = 64L << 20;

    /** So many files of about the same size are merged into one. */
    static final int FAN_IN = 8;

    private static final int SMALLEST_TIER = 4096;
    private static final int CACHED_BLOCKS = 1024;
    private static final int TRIES = 100;

    private final Storage storage;
    private final RepositoryId repository;
    private final long filterBudget;
    private final Consumer<CairnException> unusable;
    private final BlockCache cache = new BlockCache(CACHED_BLOCKS);
    private final Set<String> leftOut = ConcurrentHashMap.newKeySet();
    /** Never changed, only replaced; the largest first, which most blobs are in. */
    private volatile List<IndexReader> files = List.of();

    private IndexSet(
            Storage storage, RepositoryId repository, long filterBudget, Consumer<CairnException> unusable) {
        this.storage = storage;
        this.repository = repository;
        this.filterBudget = filterBudget;
        this.unusable = unusable;
    }

    /**
     * Opens all index files.
     *
     * @param unusable told of each damaged or foreign file, which is then left out, as if it were not there; null to
     *     fail instead
     */
    public static IndexSet open(
            Storage storage, RepositoryId repository, long filterBudget, Consumer<CairnException> unusable)
            throws IOException {
        IndexSet set = new IndexSet(storage, repository, filterBudget, unusable);
        set.refresh();
        return set;
    }

    /** Takes up what has changed in the storage. */
    public synchronized void refresh() throws IOException {
        Map<String, IndexReader> known = new HashMap<>();
        for (IndexReader file : files) {
            known.put(file.name(), file);
        }
        Map<String, StoredFile> before = null;
        for (int i = 0; i < TRIES; i++) {
            Map<String, StoredFile> listed = new TreeMap<>();
            storage.list(IndexFile.FOLDER, file -> listed.put(file.name(), file));
            if (before != null && before.keySet().equals(listed.keySet())) {
                break;
            }
            known.keySet().retainAll(listed.keySet());
            for (StoredFile file : listed.values()) {
                if (!known.containsKey(file.name()) && (before == null || !before.containsKey(file.name()))) {
                    open(file, known);
                }
            }
            if (storage.listsOneState()) {
                break;
            }
            before = listed;
        }
        use(new ArrayList<>(known.values()));
    }

    private void open(StoredFile file, Map<String, IndexReader> known) throws IOException {
        try {
            known.put(file.name(), IndexReader.open(storage, repository, file, cache));
        } catch (NotStoredException e) {
            // merged meanwhile: the next listing shows into what
        } catch (CairnException e) {
            leaveOut(file.name(), e);
        }
    }

    private void leaveOut(String name, CairnException e) throws CairnException {
        boolean bad = e.exitCode() == ExitCode.DAMAGED || e instanceof ForeignFileException;
        if (unusable == null || !bad) {
            throw e; // no access, no connection, a later version: what cannot be read now may be right
        }
        if (leftOut.add(name)) {
            unusable.accept(e);
        }
    }

    /** Names of the damaged or foreign files that were left out so far. */
    public Set<String> leftOut() {
        return Set.copyOf(leftOut);
    }

    /** Forgets that a file was left out: it was deleted, and may be written anew. */
    public void leaveOutNoMore(String name) {
        leftOut.remove(name);
    }

    private void use(List<IndexReader> all) throws IOException {
        all.sort(IndexSet::bySize);
        long budget = filterBudget;
        for (IndexReader file : all) {
            budget -= file.filterLength();
            if (budget < 0) {
                break;
            }
            try {
                file.keepFilter();
            } catch (NotStoredException e) {
                // slower, and replaced at the next look-up
            } catch (CairnException e) {
                leaveOut(file.name(), e);
            }
        }
        files = List.copyOf(all.reversed());
    }

    /** No chain of comparators: an AOT cache cannot hold their lambdas. */
    private static int bySize(IndexReader one, IndexReader other) {
        int order = Integer.compare(one.entries(), other.entries());
        return order != 0 ? order : one.name().compareTo(other.name());
    }

    /** Takes in a file that this program has just written, under its name. */
    synchronized void add(Hash file) throws IOException {
        StoredFile stored = storage.stat(IndexFile.name(file))
                .orElseThrow(() -> new NotStoredException(storage.location(), IndexFile.name(file)));
        List<IndexReader> all = new ArrayList<>(files);
        all.removeIf(known -> known.hash().equals(file));
        all.add(IndexReader.open(storage, repository, stored, cache));
        use(all);
    }

    /**
     * Checks hash and signature of each file, as a writer must before it relies on what they say. One that does not
     * pass is left out.
     *
     * @param known names of files that passed before; those that pass now are added, those that are gone removed
     */
    public void checkAll(SignatureChecker checker, Set<Hash> known) throws IOException {
        Set<Hash> present = new HashSet<>();
        for (IndexReader file : files) {
            try {
                if (!known.contains(file.hash())) {
                    IndexCheck.checkHash(file, checker);
                }
                present.add(file.hash());
            } catch (NotStoredException merged) {
                // what it was merged into is listed by the next refresh
            } catch (CairnException e) {
                leaveOut(file.name(), e);
                remove(file);
            }
        }
        known.clear();
        known.addAll(present);
    }

    private synchronized void remove(IndexReader file) {
        List<IndexReader> all = new ArrayList<>(files);
        all.remove(file);
        files = List.copyOf(all);
    }

    /** The files, the largest first. */
    public List<IndexReader> files() {
        return files;
    }

    /** How many entries all files have; copies of a blob count each. */
    public long entries() {
        return files.stream().mapToLong(IndexReader::entries).sum();
    }

    /** Called for each copy of a blob. */
    public interface EachCopy {
        /** Whether to go on. */
        boolean copy(IndexReader file, int pack, int offset, int stored, int plain);
    }

    /** Shows the copies of a blob; some of them twice if files are merged meanwhile. */
    public void lookup(BlobId id, EachCopy each) throws IOException {
        for (int i = 0; ; i++) {
            try {
                lookupOnce(id, each);
                return;
            } catch (NotStoredException e) {
                if (i == TRIES) {
                    throw e;
                }
                refresh();
            }
        }
    }

    private void lookupOnce(BlobId id, EachCopy each) throws IOException {
        boolean[] enough = new boolean[1];
        for (IndexReader file : files) {
            try {
                file.lookup(id, (pack, offset, stored, plain) -> {
                    boolean more = each.copy(file, pack, offset, stored, plain);
                    enough[0] = !more;
                    return more;
                });
            } catch (NotStoredException e) {
                throw e;
            } catch (CairnException e) {
                leaveOut(file.name(), e);
                remove(file);
            }
            if (enough[0]) {
                return;
            }
        }
    }

    /** All copies of a blob, those in the largest file first; empty if there is none. */
    public List<Location> locations(BlobId id) throws IOException {
        List<Location> copies = new ArrayList<>(2);
        lookup(id, (file, pack, offset, stored, plain) -> {
            Location copy = new Location(file.pack(pack), offset, stored, plain);
            if (!copies.contains(copy)) {
                copies.add(copy);
            }
            return true;
        });
        return copies;
    }

    /** All entries in the order of their ids, of the files as they are now. */
    public MergedCursor cursor() throws IOException {
        return new MergedCursor(files);
    }

    /**
     * Merges files level by level until fewer than {@value #FAN_IN} are of about the same size. Only one file at a time
     * is written; those it was made from are deleted when it is durable. Anybody may do so at any time, also two at once.
     *
     * @param mergeable files of which signers (32 bytes; zeros for none) are merged. All, for a key that every writer
     *     trusts. Only its own, for any other: the merged file is on its word, so that the writers of the others' files
     *     would no longer rely on their own blobs
     * @param trusted whether the word of a signer (32 bytes; zeros for none) of index files counts; what comes from
     *     others keeps saying so
     * @param dropped packs that have a tombstone
     * @return how many files were merged away
     */
    public int compact(
            Signer signer, Predicate<byte[]> mergeable, Predicate<byte[]> trusted, Predicate<Hash> dropped)
            throws IOException {
        int gone = 0;
        int failed = 0;
        while (true) {
            List<IndexReader> level = fullestLevel(mergeable);
            if (level.isEmpty()) {
                return gone;
            }
            try {
                gone += mergeInto(level, signer, trusted, dropped);
            } catch (NotStoredException e) {
                if (++failed == TRIES) {
                    throw e;
                }
                refresh(); // somebody else merges: see what is left to do
            }
        }
    }

    /** Merges all files into one, to leave out the entries of dropped packs; see {@link #compact}. */
    public int mergeAll(
            Signer signer, Predicate<byte[]> mergeable, Predicate<byte[]> trusted, Predicate<Hash> dropped)
            throws IOException {
        List<IndexReader> all = mergeable(mergeable);
        boolean needed = all.size() > 1 || all.size() == 1 && all.getFirst().packTable().any(dropped);
        return needed ? mergeInto(all, signer, trusted, dropped) : 0;
    }

    private List<IndexReader> mergeable(Predicate<byte[]> signers) {
        return files.stream().filter(file -> signers.test(IndexMerger.signerOf(file))).toList();
    }

    private List<IndexReader> fullestLevel(Predicate<byte[]> mergeable) {
        Map<Integer, List<IndexReader>> levels = new TreeMap<>();
        for (IndexReader file : mergeable(mergeable)) {
            levels.computeIfAbsent(tier(file.entries()), t -> new ArrayList<>()).add(file);
        }
        for (List<IndexReader> level : levels.values()) {
            if (level.size() >= FAN_IN
                    && level.stream().mapToLong(IndexReader::entries).sum() <= IndexFile.MOST_ENTRIES) {
                return level;
            }
        }
        return List.of();
    }

    /** 0 for up to 4095 entries, then one more for every eightfold. */
    static int tier(int entries) {
        return entries < SMALLEST_TIER
                ? 0
                : (31 - Integer.numberOfLeadingZeros(entries / SMALLEST_TIER)) / 3 + 1;
    }

    private int mergeInto(
            List<IndexReader> sources, Signer signer, Predicate<byte[]> trusted, Predicate<Hash> dropped)
            throws IOException {
        Hash merged = IndexMerger.merge(storage, repository, signer, sources, trusted, dropped);
        if (merged != null) {
            add(merged);
        }
        List<String> superseded = new ArrayList<>();
        for (IndexReader source : sources) {
            if (!source.hash().equals(merged)) {
                remove(source);
                superseded.add(source.name());
            }
        }
        return storage.deleteAll(superseded); // somebody else may have merged the same files
    }
}

package cairn.index;

import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.format.Signer;
import cairn.store.MemoryStorage;
import cairn.store.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** What the tests of the index share: names, entries as plain values, and a signature that anybody can make. */
final class IndexFixture {
    static final RepositoryId REPOSITORY = new RepositoryId(1, 2);
    static final SignatureChecker CHECKER =
            (key, message, signature) -> Arrays.equals(signature, signature(key, message));

    private IndexFixture() {}

    /** An entry, with its pack by name. */
    record Entry(BlobId id, Hash pack, int offset, int stored, int plain) implements Comparable<Entry> {
        private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::id).thenComparing(Entry::pack);

        @Override
        public int compareTo(Entry other) {
            return ORDER.compare(this, other);
        }
    }

    static Signer signer(int number) {
        byte[] key = key(number);
        return new Signer() {
            @Override
            public byte[] publicKey() {
                return key;
            }

            @Override
            public byte[] sign(byte[] message) {
                return signature(key, message);
            }
        };
    }

    static byte[] key(int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return key;
    }

    private static byte[] signature(byte[] key, byte[] message) {
        byte[] signature = new byte[64];
        for (int i = 0; i < message.length; i++) {
            signature[i % 64] = (byte) (31 * signature[i % 64] + message[i] + key[i % 32]);
        }
        return signature;
    }

    static Hash pack(int number) {
        return new Hash(number * 0x9E3779B97F4A7C15L, number, 3, 4);
    }

    static IndexedPack indexedPack(int number, int signer) {
        return new IndexedPack(pack(number), 1 + number % 2, 1_000_000L * number, key(signer));
    }

    /** Writes a file with these entries, all packs signed by the file's signer. */
    static Hash write(Storage storage, int signer, TreeSet<Entry> entries) throws IOException {
        PackTable packs = PackTable.of(entries.stream()
                .map(Entry::pack)
                .distinct()
                .map(hash -> new IndexedPack(hash, 1 + (int) hash.b() % 2, 1_000_000L * hash.b(), key(signer)))
                .toList());
        try (IndexWriter out = new IndexWriter(storage, REPOSITORY, signer(signer), packs, entries.size())) {
            for (Entry e : entries) {
                out.add(e.id.a(), e.id.b(), e.id.c(), e.id.d(), packs.find(e.pack), e.offset, e.stored, e.plain);
            }
            return out.finish();
        }
    }

    static IndexReader open(Storage storage, Hash file) throws IOException {
        return IndexReader.open(
                storage, REPOSITORY, storage.stat(IndexFile.name(file)).orElseThrow(), new BlockCache(16));
    }

    static IndexSet openSet(Storage storage) throws IOException {
        return IndexSet.open(storage, REPOSITORY, IndexSet.FILTER_BUDGET, null);
    }

    /** What a set says of a blob, in a comparable form. */
    static TreeSet<Entry> lookup(IndexSet set, BlobId id) throws IOException {
        TreeSet<Entry> found = new TreeSet<>();
        for (Location at : set.locations(id)) {
            found.add(new Entry(id, at.pack().hash(), at.offset(), at.stored(), at.plain()));
        }
        return found;
    }

    static TreeSet<Entry> lookup(IndexReader file, BlobId id) throws IOException {
        TreeSet<Entry> found = new TreeSet<>();
        file.lookup(id, (pack, offset, stored, plain) ->
                found.add(new Entry(id, file.pack(pack).hash(), offset, stored, plain)));
        return found;
    }

    static TreeSet<Entry> of(TreeSet<Entry> entries, BlobId id) {
        TreeSet<Entry> found = new TreeSet<>();
        for (Entry entry : entries.tailSet(new Entry(id, Hash.ZERO, 0, 0, 0))) {
            if (!entry.id().equals(id)) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    /** Entries from numbers: the low bits of a number choose among few ids, so that ids meet in many packs and blocks. */
    static TreeSet<Entry> entries(List<Integer> numbers, int packs) {
        TreeSet<Entry> entries = new TreeSet<>();
        for (int number : numbers) {
            entries.add(new Entry(id(number), pack(1 + Math.floorMod(number >> 3, packs)), number & 0xFFFF, number | 1, number >>> 4));
        }
        return entries;
    }

    /** Ids of all shapes: some spread evenly, some that differ only in their last bits. */
    static BlobId id(int number) {
        long mixed = number * 0x9E3779B97F4A7C15L;
        return switch (Math.floorMod(number, 4)) {
            case 0 -> new BlobId(-1L, -1L, 0, number);
            case 1 -> new BlobId(number & 7, 0, 0, 0);
            default -> new BlobId(mixed, mixed * 31, mixed * 37, mixed * 41);
        };
    }

    static MemoryStorage memory() {
        return new MemoryStorage();
    }
}

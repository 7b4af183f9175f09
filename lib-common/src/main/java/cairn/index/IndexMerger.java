package cairn.index;

import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Merges index files into one. Memory goes by the number of packs, not of blobs. */
final class IndexMerger {
    private IndexMerger() {}

    /**
     * Writes a file with the entries of all {@code sources}, which stay.
     *
     * @param trusted whether the word of a signer of index files counts; for others see {@link IndexFile}
     * @param dropped packs whose entries are left out, because their tombstones are there
     * @return the new file, or null if no entry is left
     */
    static Hash merge(
            Storage storage,
            RepositoryId repository,
            Signer signer,
            List<IndexReader> sources,
            Predicate<byte[]> trusted,
            Predicate<Hash> dropped)
            throws IOException {
        List<PackTable> tables = new ArrayList<>();
        List<byte[]> resigned = new ArrayList<>();
        long entries = 0;
        for (IndexReader source : sources) {
            tables.add(source.packTable());
            byte[] by = signerOf(source);
            resigned.add(trusted.test(by) ? null : by);
            entries += source.entries();
        }
        PackTable.Merged merged = PackTable.merge(tables, resigned, dropped);
        Map<IndexReader, int[]> numbers = new IdentityHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            numbers.put(sources.get(i), merged.numbers()[i]);
        }
        try (IndexWriter out = new IndexWriter(storage, repository, signer, merged.table(), entries)) {
            Group group = new Group(merged.table(), trusted);
            MergedCursor in = new MergedCursor(sources);
            while (in.next()) {
                IndexCursor entry = in.entry();
                int pack = numbers.get(entry.file())[entry.pack()];
                if (pack >= 0) {
                    group.add(entry, pack, out);
                }
            }
            group.end(out);
            return out.entries() == 0 ? null : out.finish();
        }
    }

    /** The 32 bytes of a file's signer, zeros if it is not signed. */
    static byte[] signerOf(IndexReader file) {
        byte[] signer = file.signer();
        return signer == null ? new byte[IndexFile.SIGNER] : signer;
    }

    /**
     * The entries of one id, which come in no order of the new pack numbers, and perhaps twice. What somebody trusted says
     * as well (a full key that read a pack lists it again on its own word) need not stand there on another's word.
     */
    private static final class Group {
        private final PackTable table;
        private final boolean[] believed;
        private long a;
        private long b;
        private long c;
        private long d;
        private long[][] copies = new long[4][];
        private int size;

        Group(PackTable table, Predicate<byte[]> trusted) {
            this.table = table;
            this.believed = new boolean[table.size()];
            for (int i = 0; i < believed.length; i++) {
                believed[i] = trusted.test(table.get(i).signer());
            }
        }

        void add(IndexCursor entry, int pack, IndexWriter out) throws IOException {
            if (size > 0 && IndexFile.compare(a, b, c, d, entry.a(), entry.b(), entry.c(), entry.d()) != 0) {
                end(out);
            }
            a = entry.a();
            b = entry.b();
            c = entry.c();
            d = entry.d();
            if (size == copies.length) {
                copies = Arrays.copyOf(copies, 2 * size);
            }
            if (copies[size] == null) {
                copies[size] = new long[4];
            }
            copies[size][0] = pack;
            copies[size][1] = entry.offset();
            copies[size][2] = entry.stored();
            copies[size][3] = entry.plain();
            size++;
        }

        void end(IndexWriter out) throws IOException {
            if (size > 1) {
                Arrays.sort(copies, 0, size, Arrays::compare);
            }
            long before = -1;
            for (int i = 0; i < size; i++) {
                long[] copy = copies[i];
                if (copy[0] != before && !saidBetter(i)) {
                    out.add(a, b, c, d, (int) copy[0], (int) copy[1], (int) copy[2], (int) copy[3]);
                    before = copy[0];
                }
            }
            size = 0;
        }

        /** Whether the same place is told of on the word of somebody trusted, and this is not. */
        private boolean saidBetter(int of) {
            long[] copy = copies[of];
            if (size == 1 || believed[(int) copy[0]]) {
                return false;
            }
            for (int i = 0; i < size; i++) {
                long[] other = copies[i];
                if (believed[(int) other[0]] && Arrays.equals(copy, 1, 4, other, 1, 4)
                        && table.hash((int) copy[0]).equals(table.hash((int) other[0]))) {
                    return true;
                }
            }
            return false;
        }
    }
}

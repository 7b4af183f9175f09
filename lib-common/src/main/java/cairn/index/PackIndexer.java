package cairn.index;

import cairn.format.BlobId;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes index files from packs that are there: every copy of every blob, also of one that stands in several packs. For
 * one thread; memory goes by the bound on the entries of one file.
 */
public final class PackIndexer {
    private static final int MOST_ENTRIES = 256 << 10;

    private final Storage storage;
    private final RepositoryId repository;
    private final Signer signer;
    private final int mostEntries;
    private final List<IndexedPack> packs = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(BlobId id, int pack, int offset, int stored, int plain) {
    }

    public PackIndexer(Storage storage, RepositoryId repository, Signer signer) {
        this(storage, repository, signer, MOST_ENTRIES);
    }

    PackIndexer(Storage storage, RepositoryId repository, Signer signer, int mostEntries) {
        this.storage = storage;
        this.repository = repository;
        this.signer = signer;
        this.mostEntries = mostEntries;
    }

    /** Takes the blobs of a pack; publishes an index file when there are many. */
    public void add(IndexedPack pack, SessionIndex.Blobs blobs) throws IOException {
        packs.add(pack);
        for (int i = 0; i < blobs.count(); i++) {
            entries.add(new Entry(blobs.id(i), packs.size() - 1, blobs.offset(i), blobs.stored(i), blobs.plain(i)));
        }
        if (entries.size() >= mostEntries) {
            flush();
        }
    }

    /** Publishes an index file of what was added since the last one, if there is anything; durable when this returns. */
    public void flush() throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        PackTable table = PackTable.of(packs);
        int[] numbers = new int[packs.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = table.find(packs.get(i));
        }
        entries.sort((x, y) -> {
            int order = IndexFile.compare(x.id.a(), x.id.b(), x.id.c(), x.id.d(), y.id.a(), y.id.b(), y.id.c(), y.id.d());
            return order != 0 ? order : Integer.compare(numbers[x.pack], numbers[y.pack]);
        });
        try (IndexWriter out = new IndexWriter(storage, repository, signer, table, entries.size())) {
            Entry last = null;
            for (Entry entry : entries) {
                if (last == null || last.pack != entry.pack || !last.id.equals(entry.id)) {
                    BlobId id = entry.id;
                    out.add(id.a(), id.b(), id.c(), id.d(), numbers[entry.pack], entry.offset, entry.stored, entry.plain);
                }
                last = entry;
            }
            out.finish();
        }
        packs.clear();
        entries.clear();
    }
}

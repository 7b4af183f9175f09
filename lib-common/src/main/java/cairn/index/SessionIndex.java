package cairn.index;

import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.store.OrderedWrites;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a running session knows of blobs: those it found in the repository and relies on, and those it writes itself.
 * The latter are kept in memory up to a bound, then published as an index file: an entry goes only into a file when its
 * pack is durable, so that it is right at any time, and what a killed session has published is found by the next one. For
 * any number of threads.
 */
public final class SessionIndex {
    /** Blobs kept in memory, by default: 20 to 40 MB. */
    public static final int MOST_RECENT = 384 << 10;

    private final Storage storage;
    private final RepositoryId repository;
    private final Signer signer;
    private final IndexSet index;
    private final Presence presence;
    private final int mostRecent;
    private final RecentBlobs recent = new RecentBlobs();
    /** Packs of the blobs in {@link #recent}, by number. Guarded by this. */
    private List<IndexedPack> packs = new ArrayList<>();

    /**
     * @param index what was there when the session began
     * @param presence of {@code index}; must rely on files and packs signed by {@code signer}
     * @param mostRecent after so many blobs an index file is published
     */
    public SessionIndex(
            Storage storage, RepositoryId repository, Signer signer, IndexSet index, Presence presence, int mostRecent) {
        this.storage = storage;
        this.repository = repository;
        this.signer = signer;
        this.index = index;
        this.presence = presence;
        this.mostRecent = mostRecent;
    }

    /**
     * Whether the caller must write this blob. If so it is claimed: other threads get false from now on. If not, it is
     * in the repository, or another thread of this session is about to write it.
     */
    public boolean claim(BlobId id) throws IOException {
        // claimed before it is looked up: what is flushed in between is then found in the index
        if (!recent.claim(id)) {
            return false;
        }
        boolean there = true;
        try {
            there = presence.has(id);
        } finally {
            if (there) {
                recent.withdraw(id);
            }
        }
        return !there;
    }

    /** Gives up a claim without writing the blob. */
    public void withdraw(BlobId id) {
        recent.withdraw(id);
    }

    /** Where a blob is that this session wrote or relies on, or null; null as well while it is only claimed. */
    public Location find(BlobId id) throws IOException {
        Location own;
        synchronized (this) {
            RecentBlobs.Place place = recent.find(id);
            own = place == null
                    ? null
                    : new Location(packs.get(place.pack()), place.offset(), place.stored(), place.plain());
        }
        return own != null ? own : presence.find(id);
    }

    /** The blobs of one pack. */
    public interface Blobs {
        int count();

        BlobId id(int blob);

        int offset(int blob);

        int stored(int blob);

        int plain(int blob);
    }

    /** Notes a pack that this session has written, when it is durable; publishes an index file when there is much to tell. */
    public synchronized void written(IndexedPack pack, Blobs blobs) throws IOException {
        sent(pack, blobs);
        if (recent.located() >= mostRecent) {
            flush();
        }
    }

    /** Notes a pack that is on its way. From now on only {@link #send} may publish an index file. */
    public synchronized void sent(IndexedPack pack, Blobs blobs) {
        packs.add(pack);
        for (int i = 0; i < blobs.count(); i++) {
            recent.locate(blobs.id(i), packs.size() - 1, blobs.offset(i), blobs.stored(i), blobs.plain(i));
        }
    }

    /**
     * Sends an index file of all packs noted so far, behind these.
     *
     * @param behind what the packs went through that were {@linkplain #sent sent}
     * @return its name, to be handed to {@link #settled} when it is durable; null if there was nothing to tell
     */
    public synchronized Hash send(OrderedWrites behind) throws IOException {
        return recent.located() == 0 ? null : write(behind);
    }

    /** An index file that was sent is durable. @param file null if there was none */
    public synchronized void settled(Hash file) throws IOException {
        if (file != null) {
            index.add(file);
            recent.forgetLocated();
            packs = new ArrayList<>();
        }
    }

    /**
     * Publishes an index file of all packs noted so far; durable when this returns.
     *
     * @return its name, or null if there was nothing to tell
     */
    public synchronized Hash flush() throws IOException {
        if (recent.located() == 0) {
            return null;
        }
        Hash written = write(storage);
        settled(written);
        return written;
    }

    private Hash write(Storage to) throws IOException {
        PackTable table = PackTable.of(packs);
        int[] numbers = new int[packs.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = table.find(packs.get(i));
        }
        try (IndexWriter out = new IndexWriter(to, repository, signer, table, recent.located())) {
            recent.drain((a, b, c, d, pack, offset, stored, plain) ->
                    out.add(a, b, c, d, numbers[pack], offset, stored, plain));
            return out.finish();
        }
    }
}

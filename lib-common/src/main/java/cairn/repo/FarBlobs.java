package cairn.repo;

import cairn.format.BlobId;
import cairn.index.Location;
import cairn.remote.Places.Place;
import cairn.remote.RemoteStorage;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where blobs are that no index file here tells of, by asking the other side: it shows a client only its own index files,
 * and answers about the rest as far as the client may know. Answers are kept, a bounded number. For any number of threads.
 */
final class FarBlobs {
    private static final int MOST = 100_000;

    private final RemoteStorage storage;
    private final Map<BlobId, List<Location>> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<BlobId, List<Location>> eldest) {
            return size() > MOST;
        }
    };

    private FarBlobs(RemoteStorage storage) {
        this.storage = storage;
    }

    /** @return null if nobody answers */
    static FarBlobs of(Storage storage) {
        return storage instanceof RemoteStorage far && far.answersQuestions() ? new FarBlobs(far) : null;
    }

    /** Whether answers are also about what other clients have stored. */
    boolean sharesHashes() {
        return storage.sharesHashes();
    }

    List<Location> locations(BlobId id) throws IOException {
        ask(List.of(id));
        synchronized (known) {
            return known.getOrDefault(id, List.of());
        }
    }

    /** Asks for all that is not known yet in one question. */
    void ask(List<BlobId> ids) throws IOException {
        List<BlobId> unknown = new ArrayList<>();
        synchronized (known) {
            for (BlobId id : ids) {
                if (!known.containsKey(id)) {
                    unknown.add(id);
                }
            }
        }
        if (unknown.isEmpty()) {
            return;
        }
        List<List<Place>> places = storage.find(unknown);
        synchronized (known) {
            for (int i = 0; i < unknown.size(); i++) {
                known.put(unknown.get(i), places.get(i).stream().map(Place::location).toList());
            }
        }
    }
}

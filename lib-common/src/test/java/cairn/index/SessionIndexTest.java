package cairn.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.BlobId;
import cairn.store.FaultyStorage;
import cairn.store.FaultyStorage.Fault;
import cairn.store.FaultyStorage.Operation;
import cairn.store.FaultyStorage.PlannedFault;
import cairn.store.MemoryStorage;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SessionIndexTest {
    private final MemoryStorage memory = new MemoryStorage();

    private static SessionIndex session(Storage storage, int mostRecent) throws IOException {
        IndexSet set = IndexFixture.openSet(storage);
        return new SessionIndex(
                storage, IndexFixture.REPOSITORY, IndexFixture.signer(1), set, new Presence(set, (s, p) -> true), mostRecent);
    }

    private static SessionIndex.Blobs blobs(List<BlobId> ids) {
        return new SessionIndex.Blobs() {
            @Override
            public int count() {
                return ids.size();
            }

            @Override
            public BlobId id(int blob) {
                return ids.get(blob);
            }

            @Override
            public int offset(int blob) {
                return 100 * blob;
            }

            @Override
            public int stored(int blob) {
                return 100;
            }

            @Override
            public int plain(int blob) {
                return 200;
            }
        };
    }

    @Test
    void aBlobIsClaimedOnceAndFoundWhenItsPackIsWritten() throws IOException {
        SessionIndex session = session(memory, 100);
        BlobId id = IndexFixture.id(3);
        assertTrue(session.claim(id));
        assertFalse(session.claim(id));
        assertNull(session.find(id));
        session.withdraw(id);
        assertTrue(session.claim(id));
        session.written(IndexFixture.indexedPack(4, 1), blobs(List.of(id)));
        assertFalse(session.claim(id));
        Location expected = new Location(IndexFixture.indexedPack(4, 1), 0, 100, 200);
        assertEquals(expected, session.find(id));
        session.withdraw(id);
        assertEquals(expected, session.find(id));
        session.flush();
        assertNull(session.flush());
        assertFalse(session.claim(id));
        assertEquals(expected, session.find(id));
        assertFalse(session(memory, 100).claim(id));
    }

    @Test
    void aBlobWhosePackIsNotReliedOnIsWrittenAgain() throws IOException {
        BlobId id = IndexFixture.id(3);
        SessionIndex first = session(memory, 100);
        first.claim(id);
        first.written(IndexFixture.indexedPack(4, 1), blobs(List.of(id)));
        first.flush();
        IndexSet set = IndexFixture.openSet(memory);
        Presence marked = new Presence(set, (s, pack) -> !pack.hash().equals(IndexFixture.pack(4)));
        SessionIndex second =
                new SessionIndex(memory, IndexFixture.REPOSITORY, IndexFixture.signer(1), set, marked, 100);
        assertTrue(second.claim(id));
        second.written(IndexFixture.indexedPack(5, 1), blobs(List.of(id)));
        second.flush();
        assertEquals(IndexFixture.pack(5), second.find(id).pack().hash());
        assertEquals(2, IndexFixture.openSet(memory).locations(id).size());
    }

    @Test
    void manyThreadsWriteEachBlobOnceWhileIndexFilesArePublished() throws Exception {
        int ids = 4_000;
        SessionIndex session = session(memory, 500);
        AtomicInteger packs = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        List<Future<Void>> threads = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (int t = 0; t < 4; t++) {
                int thread = t;
                threads.add(pool.submit(() -> {
                    List<BlobId> mine = new ArrayList<>();
                    for (int i = 0; i < ids; i++) {
                        BlobId id = IndexFixture.id(4 * ((i + thread * 7) % ids) + 2);
                        if (session.claim(id)) {
                            mine.add(id);
                        }
                        if (mine.size() == 50 || i == ids - 1) {
                            session.written(IndexFixture.indexedPack(packs.incrementAndGet(), 1), blobs(mine));
                            written.addAndGet(mine.size());
                            mine.clear();
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> thread : threads) {
                thread.get();
            }
        }
        session.flush();
        assertEquals(ids, written.get());
        IndexSet after = IndexFixture.openSet(memory);
        assertTrue(after.files().size() >= 8);
        assertEquals(ids, after.entries());
        after.compact(IndexFixture.signer(1), any -> true, key -> true, pack -> false);
        for (int i = 0; i < ids; i++) {
            assertEquals(1, after.locations(IndexFixture.id(4 * i + 2)).size());
        }
    }

    @Test
    void anIndexFileThatCouldNotBeWrittenIsWrittenLater() throws IOException {
        try (FaultyStorage faulty = new FaultyStorage(memory)
                .plan(Operation.WRITE, "index/", 1, Fault.FAIL)
                .plan(Operation.WRITE, "index/", 2, Fault.FAIL_AFTER)) {
            SessionIndex session = session(faulty, 100);
            BlobId id = IndexFixture.id(3);
            session.claim(id);
            session.written(IndexFixture.indexedPack(4, 1), blobs(List.of(id)));
            assertThrows(PlannedFault.class, session::flush);
            assertEquals(IndexFixture.pack(4), session.find(id).pack().hash());
            assertThrows(PlannedFault.class, session::flush);
            session.flush();
            assertFalse(session.claim(id));
        }
        assertEquals(1, IndexFixture.openSet(memory).locations(IndexFixture.id(3)).size());
    }
}

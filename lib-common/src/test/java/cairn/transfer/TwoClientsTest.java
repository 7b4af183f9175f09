package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.index.Location;
import cairn.key.Role;
import cairn.remote.Message;
import cairn.remote.Places.Place;
import cairn.remote.PipeLink;
import cairn.remote.RemoteStorage;
import cairn.remote.StorageServer;
import cairn.repo.BlobIdSet;
import cairn.repo.GraphWalk;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.robust.Circle;
import cairn.robust.Clocks;
import cairn.robust.Lab;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two clients with write keys that have the same files, behind a receiver: what the second one sends, and what is stored of it. */
class TwoClientsTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-21T06:00:00Z");
    /** Far more than a backup without content, far less than the content. */
    private static final long LITTLE = 60_000;

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();
    private Circle circle;
    private Lab alice;
    private Lab bob;
    private Lab owner;
    private long content;

    private void meet(boolean share, boolean trustAll) throws IOException {
        circle = new Circle(storage, temp, trustAll, Map.of("share-hashes", share ? "yes" : "no"));
        for (String name : List.of("alice", "bob")) {
            circle.add(name, Role.WRITE);
        }
        circle.add("server", Role.SERVER);
        alice = circle.lab("alice");
        bob = circle.lab("bob");
        owner = circle.lab("owner");
        alice.fill(1);
        bob.fill(1);
        Clocks.pass(bob.source); // so that no file of his is too new to be known the next time
        backup(alice, "alice");
        content = stored();
        assertTrue(content > 300_000, "there is content: " + content);
    }

    private RemoteStorage far(String name) throws IOException {
        Repository repository = new Repository(new LastingStorage(storage), RepositoryKeys.without(circle.key("owner").repository(),
                circle.opened("server").list()));
        ClientStorage restricted = new ClientStorage(repository, circle.opened("server").list(), name, circle.of("server").signer(), () -> RECEIVED, temp);
        int answers = Message.OWN_ARE_ANSWERED | (ClientStorage.sharesHashes(circle.opened("server").list()) ? Message.ALL_ARE_ANSWERED : 0);
        return RemoteStorage.open(new PipeLink((in, out) -> {
            try (restricted) {
                new StorageServer(restricted, repository.id(), restricted.questions(), Message.MAY_WRITE | answers, "test").serve(in, out);
            }
        }), null, 0);
    }

    private record Sent(Archiver.Result result, long bytes) {
    }

    private Sent backup(Lab lab, String name) throws IOException {
        RemoteStorage link = far(name);
        try (Repository repository = lab.open(link)) {
            Archiver.Result result = lab.backup(repository);
            return new Sent(result, link.sent());
        }
    }

    private long stored() throws IOException {
        long[] sum = new long[1];
        storage.list("packs/", file -> sum[0] += file.size());
        return sum[0];
    }

    private Map<String, String> restored(Lab lab, Hash id) throws IOException {
        Map<String, String> below = new TreeMap<>();
        String prefix = lab.source + "/";
        owner.readBack(storage, id).forEach((path, text) -> below.put(path.substring(prefix.length()), text));
        return below;
    }

    private void assertBothCanBeRestored() throws IOException {
        int found = 0;
        try (Repository repository = owner.open(new LastingStorage(storage))) {
            for (Hash id : repository.records().list()) {
                boolean hers = Arrays.equals(repository.records().get(id).signer(), circle.key("alice").signingKey());
                Lab lab = hers ? alice : bob;
                assertEquals(lab.live(), restored(lab, id));
                found++;
            }
        }
        assertEquals(2, found);
        assertEquals(List.of(), owner.verify(storage, true).damage());
    }

    /** With hashes shared the content of others is not even sent, as soon as it may be relied on. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, false"})
    void whatMayBeReliedOnIsNotSentIfHashesAreShared(boolean trustAll, boolean checkedBefore) throws IOException {
        meet(true, trustAll);
        if (!trustAll) {
            owner.verify(storage, true);
        }
        Sent second = backup(bob, "bob");
        assertTrue(second.bytes() < LITTLE, second.bytes() + " bytes were sent");
        assertTrue(stored() < content + LITTLE, "stored once: " + stored() + " after " + content);
        assertBothCanBeRestored();
    }

    @Test
    void whatNobodyCheckedIsSentAndStoredAgainThoughHashesAreShared() throws IOException {
        meet(true, false);
        assertTrue(backup(bob, "bob").bytes() > content * 9 / 10);
        assertTrue(stored() > content * 19 / 10, "an untrusted client's word is not enough: " + stored());
    }

    /** What was sent twice lies there once after the next prune of a key that can read: it needs no verify before. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPruneThatCanReadStoresOnceWhatTwoHaveSent(boolean share) throws IOException {
        meet(share, false);
        assertTrue(backup(bob, "bob").bytes() > content * 9 / 10, "with hashes not shared all is sent");
        assertTrue(stored() > content * 19 / 10);
        owner.prune(storage, Duration.ZERO, 0.05);
        assertTrue(stored() < content + LITTLE, "stored once: " + stored() + " after " + content);
        assertBothCanBeRestored();
        owner.prune(storage, Duration.ZERO, 0.05);
        assertBothCanBeRestored();
    }

    @Test
    void aPruneWithGraceDoesItInItsSecondRun() throws IOException {
        meet(false, false);
        backup(bob, "bob");
        owner.prune(storage, Duration.ofHours(24), 0.05);
        assertTrue(stored() > content * 19 / 10, "only marked");
        storage.advance(Duration.ofHours(25));
        owner.prune(storage, Duration.ofHours(24), 0.05);
        assertTrue(stored() < content + LITTLE, "stored once: " + stored() + " after " + content);
        assertBothCanBeRestored();
    }

    /** A server key cannot tell whose claim is right; it follows the word of a full key, or of all who trust each other. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false"})
    void aPruneThatCannotReadStoresOnceWhatMayBeReliedOn(boolean trustAll, boolean checked) throws IOException {
        meet(false, trustAll);
        backup(bob, "bob");
        if (checked) {
            owner.verify(storage, true);
        }
        circle.lab("server").prune(storage, Duration.ZERO, 0.05);
        if (trustAll || checked) {
            assertTrue(stored() < content + LITTLE, "stored once: " + stored() + " after " + content);
        } else {
            assertTrue(stored() > content * 19 / 10, "each keeps its own: " + stored());
        }
        assertBothCanBeRestored();
    }

    /** What was pruned away is found in the other's packs: the client does not send it once more because of that. */
    @Test
    void theSecondClientGoesOnIncrementallyWhenItsCopiesAreGone() throws IOException {
        meet(false, false);
        backup(bob, "bob");
        owner.prune(storage, Duration.ZERO, 0.05);
        bob.write("new", 50_000, 4711);
        Sent next = backup(bob, "bob");
        assertEquals(bob.live(), restored(bob, newest("bob")));
        Clocks.assumeUnchangedIsSeen(bob.source);
        assertTrue(next.bytes() < LITTLE + 60_000, next.bytes() + " bytes were sent");
    }

    private Hash newest(String of) throws IOException {
        try (Repository repository = owner.open(new LastingStorage(storage))) {
            Hash newest = null;
            long most = 0;
            for (Hash id : repository.records().list()) {
                var record = repository.records().get(id);
                if (Arrays.equals(record.signer(), circle.key(of).signingKey()) && record.head().sequence() > most) {
                    most = record.head().sequence();
                    newest = id;
                }
            }
            return newest;
        }
    }

    private List<BlobId> all(String of) throws IOException {
        List<BlobId> ids = new ArrayList<>();
        try (Repository repository = owner.open(new LastingStorage(storage)); BlobIdSet seen = new BlobIdSet(temp)) {
            var record = repository.records().get(newest(of));
            new GraphWalk(repository, seen, pack -> true).walk(record.head().tree(), record.signer(), new GraphWalk.Visitor() {
                @Override
                public void blob(BlobId id, List<Location> copies) {
                    ids.add(id);
                }

                @Override
                public void unreadable(BlobId id, IOException why) throws IOException {
                    throw why;
                }
            });
        }
        return ids;
    }

    /** Checked or not, pruned or not: an answer about what the client has not stored is that it is not there. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void withHashesNotSharedNoQuestionTellsWhatOthersHave(boolean checked, boolean trustAll) throws IOException {
        meet(false, trustAll);
        if (checked) {
            owner.verify(storage, true);
        }
        List<BlobId> hers = all("alice");
        assertTrue(hers.size() > 20);
        try (RemoteStorage link = far("bob")) {
            assertTrue(link.find(hers).stream().allMatch(List::isEmpty));
        }
    }

    /** Nor does an answer about its own say whose copy it is that lies there now. */
    @Test
    void answersDoNotTellWhoElseHasTheSame() throws IOException {
        meet(false, false);
        backup(bob, "bob");
        owner.prune(storage, Duration.ZERO, 0.05);
        int elsewhere = 0;
        try (RemoteStorage link = far("bob")) {
            for (List<Place> places : link.find(all("bob"))) {
                assertFalse(places.isEmpty());
                for (Place place : places) {
                    assertNotEquals(HexFormat.of().formatHex(circle.key("alice").signingKey()),
                            HexFormat.of().formatHex(place.location().pack().signer()));
                    elsewhere += Arrays.equals(place.location().pack().signer(), circle.key("bob").signingKey()) ? 0 : 1;
                }
            }
        }
        assertTrue(elsewhere > 20, "it lies in packs of others: " + elsewhere);
    }
}

package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.crypto.Rng;
import cairn.crypto.X25519;
import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.Hash;
import cairn.index.IndexedPack;
import cairn.index.PackIndexer;
import cairn.key.KeyChanges;
import cairn.key.KeyList;
import cairn.key.KeyListFile;
import cairn.key.OpenedKeys;
import cairn.key.RepositoryKey;
import cairn.key.Role;
import cairn.mark.Mark;
import cairn.pack.Compression;
import cairn.pack.PackBuilder;
import cairn.pack.PackKind;
import cairn.pack.PackSeal;
import cairn.pack.PackWriter;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.repo.BlobIdSet;
import cairn.repo.Marks;
import cairn.repo.PackBlobs;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.session.SessionId;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client with a write key that means harm, beside one that does not: what it makes costs the other nothing. */
class HostileWriterTest {
    @TempDir
    Path temp;

    private Circle circle;
    private Lab victim;
    private Lab owner;

    @BeforeEach
    void makeClients() throws IOException {
        circle = new Circle(new MemoryStorage(), temp);
        circle.add("victim", Role.WRITE);
        circle.add("mallory", Role.WRITE);
        circle.add("server", Role.SERVER);
        victim = circle.lab("victim");
        owner = circle.lab("owner");
        victim.fill(1);
    }

    private Map<String, String> restored(Archiver.Result result) throws IOException {
        Map<String, String> below = new TreeMap<>();
        String prefix = victim.source + "/";
        owner.readBack(circle.storage, result.record().id()).forEach((path, content) -> below.put(path.substring(prefix.length()), content));
        return below;
    }

    /** A blob as mallory claims it. */
    private record Claim(BlobId id, BlobKind kind, List<BlobId> refs, byte[] payload) {
    }

    /** Writes a pack in mallory's name, and an index file that lists it under some signer. */
    private PackBuilder.Written claim(List<Claim> claims, byte[] packSigner) throws IOException {
        RepositoryKeys keys = circle.of("mallory");
        RepositoryKeys.SessionSeal seal = keys.newSession();
        PackSeal.Source seals = seal::forPack;
        PackKind kind = claims.getFirst().kind() == BlobKind.DATA ? PackKind.DATA : PackKind.TREE;
        try (PackWriter writer = new PackWriter(keys.repository(), kind, seals, keys.signer(), 1 << 20, Compression.OFF)) {
            claims.forEach(each -> writer.add(each.id(), each.kind(), each.refs(), each.payload(), 0, each.payload().length));
            PackBuilder.Written written = writer.finish(circle.storage);
            PackIndexer index = new PackIndexer(circle.storage, keys.repository(), keys.signer());
            index.add(new IndexedPack(written.pack(), written.kind().code(), written.bytes(), packSigner), new PackBlobs(written.entries()));
            index.flush();
            return written;
        }
    }

    private byte[] mallory() {
        return circle.key("mallory").signingKey();
    }

    /** Publishes a backup in mallory's name that leads to some roots. */
    private RecordFile record(BlobId tree, BlobId stat, RecordHead.Token group, Instant time, long sequence) throws IOException {
        RepositoryKeys keys = circle.of("mallory");
        RecordHead head = new RecordHead(sequence, Hash.ZERO, SessionId.read(Rng.bytes(16), 0), tree, stat, time, 0, 1, 1, 1, group, List.of());
        RecordBody body = new RecordBody("host", "", "files", "1", List.of(), List.of(), time, time, Map.of(), Map.of(), List.of(), Map.of(), List.of());
        byte[] file = RecordFile.encode(keys.repository(), head, body, keys.newSession().forRecord(), keys.signer());
        RecordFile record = RecordFile.decode(file, keys.repository(), null, "it");
        circle.storage.write(RecordFile.name(record.id()), file);
        return record;
    }

    private List<Claim> everyDataBlobOf(Archiver.Result result, Circle of, byte[] content) throws IOException {
        return everyDataBlobOf(result, of.storage, content);
    }

    private List<Claim> everyDataBlobOf(Archiver.Result result, cairn.store.Storage in, byte[] content) throws IOException {
        List<Claim> claims = new ArrayList<>();
        try (Repository repository = new Repository(in, circle.of("owner")); BlobIdSet seen = new BlobIdSet(temp)) {
            cairn.repo.GraphWalk walk = new cairn.repo.GraphWalk(repository, seen, pack -> true);
            cairn.repo.GraphWalk.Visitor visitor = new cairn.repo.GraphWalk.Visitor() {
                @Override
                public void blob(BlobId id, List<cairn.index.Location> copies) {
                    if (copies.getFirst().pack().kind() == PackKind.DATA.code()) {
                        claims.add(new Claim(id, BlobKind.DATA, List.of(), content));
                    }
                }

                @Override
                public void unreadable(BlobId id, IOException why) throws IOException {
                    throw why;
                }
            };
            walk.walk(result.record().head().tree(), result.record().signer(), visitor);
        }
        return claims;
    }

    /** The ids that the victim's files will have: mallory holds the naming secret, and has the same files. */
    private List<Claim> foreseen() throws IOException {
        MemoryStorage aside = copy();
        try (Repository repository = new Repository(aside, circle.of("mallory"))) {
            victim.backup(repository);
            List<Claim> claims = new ArrayList<>();
            aside.list("packs/", file -> {
                try {
                    Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
                    cairn.pack.PackReader.Directory directory = cairn.pack.PackReader.readDirectory(aside, repository.id(), hash, file);
                    if (directory.head().kind() == PackKind.DATA) {
                        directory.entries().forEach(entry -> claims.add(new Claim(entry.id(), BlobKind.DATA, List.of(), "forged".getBytes(StandardCharsets.US_ASCII))));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertTrue(claims.size() > 20);
            return claims;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mallory", "owner", "victim"})
    void idsThatWereClaimedOverOtherContentAreWrittenAgain(String inWhoseName) throws IOException {
        List<Claim> claims = foreseen();
        claim(claims, circle.key(inWhoseName).signingKey());
        Archiver.Result result = victim.backup(circle.storage);
        assertTrue(result.added() > 300_000, "all is written: " + result.added());
        assertEquals(victim.live(), restored(result));
        Lab second = circle.lab("owner");
        second.fill(1);
        Archiver.Result byOwner = second.backup(circle.storage);
        assertTrue(byOwner.added() > 300_000, "nor does the owner rely on any of the two: " + byOwner.added());
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "server"})
    void piecesOfTreesThatLeadNowhereHideNothingFromPrune(String pruner) throws IOException {
        Archiver.Result result = victim.backup(circle.storage);
        BlobId tree = result.record().head().tree();
        BlobId stat = result.record().head().stat();
        for (String name : List.of("mallory", "owner", "victim")) {
            claim(List.of(new Claim(tree, BlobKind.TREE, List.of(), new byte[] {1}), new Claim(stat, BlobKind.STAT, List.of(), new byte[] {1})),
                    circle.key(name).signingKey());
        }
        // and a backup of mallory's own that leads there
        record(tree, stat, result.record().head().group(), Instant.now(), 1);
        circle.lab(pruner).prune(circle.storage, Duration.ZERO);
        assertEquals(victim.live(), restored(result));
        assertEquals(List.of(), owner.verify(circle.storage, false).damage());
    }

    @Test
    void anIndexFileThatCallsTheTreesOfOthersDataHidesNothingFromPrune() throws IOException {
        Archiver.Result result = victim.backup(circle.storage);
        RepositoryKeys keys = circle.of("mallory");
        PackIndexer index = new PackIndexer(circle.storage, keys.repository(), keys.signer());
        circle.storage.list("packs/", file -> {
            try {
                Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
                cairn.pack.PackReader.Directory directory = cairn.pack.PackReader.readDirectory(circle.storage, keys.repository(), hash, file);
                index.add(new IndexedPack(hash, PackKind.DATA.code(), file.size(), circle.key("victim").signingKey()), new PackBlobs(directory.entries()));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        index.flush();
        owner.prune(circle.storage, Duration.ZERO);
        assertEquals(victim.live(), restored(result));
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "server"})
    void forgedCopiesGainNoTrustWhenPruneMovesWhatIsNeeded(String pruner) throws IOException {
        List<Claim> claims = foreseen();
        // mallory's own backup needs one forged blob of each pack, so that they are partly needed
        List<BlobId> refs = claims.stream().map(Claim::id).limit(3).toList();
        claim(claims, mallory());
        BlobId tree = new BlobId(1, 2, 3, 4);
        BlobId stat = new BlobId(5, 6, 7, 8);
        claim(List.of(new Claim(tree, BlobKind.TREE, refs, new byte[] {1}), new Claim(stat, BlobKind.STAT, List.of(), new byte[] {1})), mallory());
        record(tree, stat, new RecordHead.Token(1, 1), Instant.now(), 1);
        circle.lab(pruner).prune(circle.storage, Duration.ZERO);
        Archiver.Result result = victim.backup(circle.storage);
        assertEquals(victim.live(), restored(result));
        Lab second = circle.lab("owner");
        second.fill(1);
        Archiver.Result byOwner = second.backup(circle.storage);
        assertTrue(byOwner.added() > 300_000, "what was moved is trusted no more than before: " + byOwner.added());
        for (int i = 0; i < 2; i++) {
            circle.lab(pruner).prune(circle.storage, Duration.ZERO);
            assertEquals(victim.live(), restored(result));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "server"})
    void ofTwoCopiesPruneDropsTheOneThatIsBelievedLess(String pruner) throws IOException {
        Archiver.Result theirs = victim.backup(circle.storage);
        Lab second = circle.lab("owner");
        second.fill(1);
        Archiver.Result trusted = second.backup(circle.storage);
        owner.forget(circle.storage, theirs.record().id());
        // another backup of the victim still leads to the same content, which the owner's packs hold too
        Archiver.Result again = victim.backup(circle.storage);
        circle.lab(pruner).prune(circle.storage, Duration.ZERO);
        assertEquals(victim.live(), restored(again));
        owner.forget(circle.storage, trusted.record().id());
        circle.lab(pruner).prune(circle.storage, Duration.ZERO);
        assertEquals(victim.live(), restored(again));
        assertEquals(List.of(), owner.verify(circle.storage, true).damage());
    }

    @Test
    void idsThatAreAlikeInTheirFirstHalfHideNoneFromPrune() throws IOException {
        Archiver.Result result = victim.backup(circle.storage);
        // mallory's backup comes first and leads to ids that begin like the victim's
        List<Claim> real = everyDataBlobOf(result, circle, new byte[] {1});
        List<Claim> alike = new ArrayList<>();
        for (Claim each : real) {
            alike.add(new Claim(new BlobId(each.id().a(), each.id().b(), 7, 7), BlobKind.DATA, List.of(), new byte[] {1}));
        }
        BlobId tree = new BlobId(result.record().head().tree().a(), result.record().head().tree().b(), 7, 7);
        BlobId stat = new BlobId(result.record().head().stat().a(), result.record().head().stat().b(), 7, 7);
        claim(alike, mallory());
        claim(List.of(new Claim(tree, BlobKind.TREE, alike.stream().map(Claim::id).toList(), new byte[] {1}),
                new Claim(stat, BlobKind.STAT, List.of(), new byte[] {1})), mallory());
        record(tree, stat, new RecordHead.Token(1, 1), Instant.EPOCH, 1);
        owner.prune(circle.storage, Duration.ZERO);
        assertEquals(victim.live(), restored(result));
        try (BlobIdSet set = new BlobIdSet(temp)) {
            assertTrue(set.add(new BlobId(1, 2, 3, 4)));
            assertTrue(set.add(new BlobId(1, 2, 4, 3)));
            assertFalse(set.add(new BlobId(1, 2, 3, 4)));
        }
    }

    @Test
    void marksTombstonesFencesAndFindingsByAWriteKeyCountForNothing() throws IOException {
        Archiver.Result result = victim.backup(circle.storage);
        List<Hash> packs = new ArrayList<>();
        circle.storage.list("packs/", file -> packs.add(Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1))));
        RepositoryKeys keys = circle.of("mallory");
        for (Mark.Type type : Mark.Type.values()) {
            List<Hash> subjects = switch (type) {
                case RECORDS, RECORD_TOMBSTONE, COMPLETE -> List.of(result.record().id());
                case FENCE -> List.of(Marks.subject(result.record().head().session()));
                default -> packs;
            };
            byte[] file = new Mark(type, Rng.bytes(16), subjects, "").encode(keys.repository(), keys.signer());
            circle.storage.write(Mark.name(Mark.decode(file, keys.repository(), null, "it").name()), file);
        }
        for (String who : List.of("owner", "server", "victim")) {
            try (Repository repository = new Repository(circle.storage, circle.of(who))) {
                assertEquals(List.of(), repository.marks().all(), who);
            }
        }
        owner.prune(circle.storage, Duration.ZERO);
        assertEquals(victim.live(), restored(result));
        assertNotNull(victim.backup(circle.storage).base(), "not even its base is lost to it");
    }

    @Test
    void forgedTimesAndNamesPutNoBackupOfOthersOutOfRetention() throws IOException {
        Archiver.Result result = victim.backup(circle.storage);
        List<cairn.retention.Candidate> candidates = new ArrayList<>();
        RecordHead head = result.record().head();
        for (int i = 1; i <= 5; i++) {
            record(head.tree(), head.stat(), head.group(), Instant.now().plusSeconds(86400L * i), i);
        }
        try (Repository repository = new Repository(circle.storage, circle.of("server"))) {
            for (RecordFile record : repository.records().all(repository.marks())) {
                byte[] group = new cairn.format.ByteWriter(64).bytes(record.signer()).u64(record.head().group().high()).u64(record.head().group().low()).toBytes();
                candidates.add(new cairn.retention.Candidate(record.id().hex(), group, record.time(), java.util.Set.of(), record.head().sequence(), false));
            }
        }
        assertEquals(6, candidates.size());
        cairn.retention.KeepPolicy policy = new cairn.retention.KeepPolicy(1, Map.of(), Map.of(), List.of());
        boolean kept = cairn.retention.Retention.decide(candidates, policy, java.time.ZoneOffset.UTC, Instant.now()).stream()
                .anyMatch(each -> each.kept() && each.candidate().id().equals(result.record().id().hex()));
        assertTrue(kept);
    }

    @Test
    void itsOwnPublicKeyNeverPassesForTheRepositorys() throws IOException {
        OpenedKeys mallory = circle.opened("mallory");
        byte[] privateKey = X25519.newPrivateKey();
        List<RepositoryKey> keys = new ArrayList<>(mallory.list().repositoryKeys());
        keys.add(new RepositoryKey(2, X25519.publicKey(privateKey), 1));
        KeyList forged = new KeyList(mallory.list().number() + 1, mallory.listHash(), 1, false, keys, mallory.list().members(), mallory.list().settings());
        byte[] file = KeyListFile.write(forged, mallory.key().repository(), mallory.key().signer());
        assertThrows(CairnException.class, () -> KeyChanges.rotate(mallory, 1));
        circle.storage.write("keylist/" + forged.number(), file);
        for (String who : List.of("victim", "owner", "server")) {
            CairnException e = assertThrows(CairnException.class, () -> circle.opened(who));
            assertTrue(e.getMessage().contains("may not change the key list"), e.getMessage());
        }
        KeyListFile.Signed withoutKey = cairn.key.KeyStore.unconfirmedList(circle.storage, mallory.key().repository());
        assertEquals(mallory.list().number(), withoutKey.list().number(), "who has no key goes by the last that follows");
    }

    @Test
    void whatAFullKeyHasReadAndFoundGoodAllMayRelyOn() throws IOException {
        victim.backup(circle.storage);
        circle.add("neighbour", Role.WRITE);
        circle.lab("server").verify(circle.storage, true);
        Lab before = circle.lab("neighbour");
        before.fill(1);
        Archiver.Result alone = before.backup(circle.storage);
        assertTrue(alone.added() > 300_000, "only a full key's word counts: " + alone.added());
        owner.verify(circle.storage, true);
        circle.add("other", Role.WRITE);
        Lab after = circle.lab("other");
        after.fill(1);
        Archiver.Result shared = after.backup(circle.storage);
        assertTrue(shared.added() < 10_000, "stored once for all: " + shared.added());
        owner.prune(circle.storage, Duration.ZERO);
        assertEquals(after.live().size(), owner.readBack(circle.storage, shared.record().id()).size());
        assertEquals(List.of(), owner.verify(circle.storage, true).damage());
    }

    /** What a server's prune moves is on its word, until a full key has read it; backups rest on their base meanwhile. */
    @Test
    void whatAServerHasMovedIsStoredAgainUntilAFullKeyHasReadIt() throws IOException {
        Clocks.assumeUnchangedIsSeen(victim.source);
        Clocks.pass(victim.source); // else what was written just now is read, and stored, again
        Archiver.Result result = victim.backup(circle.storage);
        Lab server = circle.lab("server");
        assertTrue(server.prune(circle.storage, Duration.ZERO).packsDeleted() > 0, "all is moved");
        Archiver.Result unchanged = victim.backup(circle.storage);
        assertEquals(result.record().id(), unchanged.base().id());
        assertTrue(unchanged.added() < 10_000, "what the base has is taken over: " + unchanged.added());
        Lab without = circle.lab("victim");
        without.fill(1);
        Archiver.Result again = without.backup(circle.storage);
        assertTrue(again.added() > 300_000, "what it meets elsewhere is stored again: " + again.added());
        owner.forget(circle.storage, again.record().id());
        server.prune(circle.storage, Duration.ZERO);
        owner.verify(circle.storage, true);
        Lab vouched = circle.lab("victim");
        vouched.fill(1);
        assertTrue(vouched.backup(circle.storage).added() < 10_000, "a full key has read it");
        assertEquals(victim.live(), restored(unchanged));
    }

    @Test
    void whatIsForgedIsNotAttestedAndToldAsDamage() throws IOException {
        List<Claim> claims = foreseen();
        claim(claims, mallory());
        assertEquals(claims.size(), owner.verify(circle.storage, true).damage().size());
        Archiver.Result result = victim.backup(circle.storage);
        assertTrue(result.added() > 300_000, "nothing of it is relied on: " + result.added());
        assertEquals(victim.live(), restored(result));
    }

    /** Says, by an index file of mallory's, that blobs lie in a pack, on somebody's word. */
    private void tellOf(List<Claim> claims, Hash pack, byte[] onWhoseWord) throws IOException {
        RepositoryKeys keys = circle.of("mallory");
        long size = circle.storage.stat(cairn.pack.PackFormat.name(pack)).orElseThrow().size();
        PackIndexer index = new PackIndexer(circle.storage, keys.repository(), keys.signer());
        List<cairn.pack.PackFormat.BlobEntry> entries = new ArrayList<>();
        for (Claim each : claims) {
            entries.add(new cairn.pack.PackFormat.BlobEntry(each.id(), 160, 60, 10));
        }
        index.add(new IndexedPack(pack, PackKind.DATA.code(), size, onWhoseWord), new PackBlobs(entries));
        index.flush();
    }

    /**
     * A full key has read a pack and found it good: that says nothing of what mallory tells of this very pack, be it hers or
     * another's, also when an owner has merged her index file with all others.
     */
    @ParameterizedTest
    @CsvSource({"mallory, mallory", "mallory, owner", "neighbour, mallory", "neighbour, neighbour", "neighbour, owner"})
    void whatIsToldFalselyOfAPackThatWasFoundGoodIsNotBelieved(String whosePack, String onWhoseWord) throws IOException {
        if (whosePack.equals("neighbour")) {
            circle.add("neighbour", Role.WRITE);
        }
        Lab other = circle.lab(whosePack);
        Hash good = foundGood(other, 1);
        Archiver.Result before = victim.backup(circle.storage);
        tellOf(everyDataBlobOf(before, circle, new byte[] {1}), good, circle.key(onWhoseWord).signingKey());
        for (String pruner : List.of("server", "owner", "owner")) {
            circle.lab(pruner).prune(circle.storage, Duration.ZERO, 1);
            assertEquals(victim.live(), restored(before), "after a prune by " + pruner);
        }
        Lab late = circle.lab("owner");
        late.fill(7);
        List<Claim> foreseen = new ArrayList<>();
        MemoryStorage aside = copy();
        try (Repository repository = new Repository(aside, circle.of("owner"))) {
            Archiver.Result there = late.backup(repository);
            foreseen.addAll(everyDataBlobOf(there, aside, new byte[] {1}));
        }
        tellOf(foreseen, foundGood(other, 2), circle.key(onWhoseWord).signingKey());
        owner.write("gone", 70_000, 5);
        circle.storage.delete(RecordFile.name(owner.backup(circle.storage).record().id()));
        assertTrue(owner.prune(circle.storage, Duration.ZERO, 1).packsDeleted() > 0, "it merges what mallory told into a file of the owner's");
        Archiver.Result after = late.backup(circle.storage);
        assertEquals(late.live().size(), owner.readBack(circle.storage, after.record().id()).size(), "nothing was left out");
        assertEquals(List.of(), owner.verify(circle.storage, true).damage());
    }

    /** A pack of somebody's that a full key has read and found good. */
    private Hash foundGood(Lab by, int seed) throws IOException {
        Set<Hash> before = Set.copyOf(packs(PackKind.DATA));
        by.write("theirs", 70_000, 99 + seed);
        by.backup(circle.storage);
        owner.verify(circle.storage, true);
        return packs(PackKind.DATA).stream().filter(pack -> !before.contains(pack)).findFirst().orElseThrow();
    }

    /** Puts an envelope of somebody's with another time around a record of the victim's. */
    private Hash wrapped(RecordFile record, String by, Instant time) throws IOException {
        byte[] inner = circle.storage.readAll(RecordFile.name(record.id()), RecordFile.LARGEST);
        RepositoryKeys keys = circle.of(by);
        byte[] file = RecordFile.received(keys.repository(), inner, time, keys.signer());
        Hash id = RecordFile.decode(file, keys.repository(), null, "it").id();
        circle.storage.write(RecordFile.name(id), file);
        return id;
    }

    /** With a time to come, and more copies than the policy keeps, the others' backups would be forgotten. */
    @Test
    void anEnvelopeAroundABackupOfOthersIsNoBackup() throws IOException {
        Archiver.Result first = victim.backup(circle.storage);
        victim.write("new", 1000, 5);
        Archiver.Result second = victim.backup(circle.storage);
        for (int i = 1; i <= 3; i++) {
            wrapped(first.record(), "mallory", Instant.now().plusSeconds(86400L * i));
        }
        for (String who : List.of("owner", "server", "victim")) {
            try (Repository repository = new Repository(circle.storage, circle.of(who))) {
                assertEquals(List.of(first.record().id(), second.record().id()),
                        repository.records().all(repository.marks()).stream().map(RecordFile::id).toList(), who);
            }
        }
        assertTrue(owner.verify(circle.storage, false).findings().stream().anyMatch(finding -> finding.message().contains("none of the repository's keys")));
        assertEquals(List.of(), owner.verify(circle.storage, false).damage());
        Hash byReceiver = wrapped(first.record(), "server", Instant.now().minusSeconds(60));
        try (Repository repository = new Repository(circle.storage, circle.of("owner"))) {
            assertTrue(repository.records().all(repository.marks()).stream().anyMatch(record -> record.id().equals(byReceiver)), "a receiver may");
        }
    }

    /** Deleted backups that come back in another envelope lead to nothing: they keep nobody from pruning. */
    @Test
    void whatWasForgottenDoesNotComeBackInAnEnvelope() throws IOException {
        Archiver.Result first = victim.backup(circle.storage);
        byte[] inner = circle.storage.readAll(RecordFile.name(first.record().id()), RecordFile.LARGEST);
        victim.fill(2);
        Archiver.Result second = victim.backup(circle.storage);
        owner.forget(circle.storage, first.record().id());
        owner.prune(circle.storage, Duration.ZERO);
        RepositoryKeys keys = circle.of("mallory");
        byte[] file = RecordFile.received(keys.repository(), inner, Instant.now(), keys.signer());
        circle.storage.write(RecordFile.name(RecordFile.decode(file, keys.repository(), null, "it").id()), file);
        owner.prune(circle.storage, Duration.ZERO);
        circle.lab("server").prune(circle.storage, Duration.ZERO);
        assertEquals(victim.live(), restored(second));
        assertEquals(List.of(), owner.verify(circle.storage, true).damage());
    }

    /** Who has the storage, and no key, can seal to the public key that stands in the key list. */
    @Test
    void aBackupSignedByNoKeyOfTheRepositoryIsNotShown() throws IOException {
        Archiver.Result result = victim.backup(circle.storage);
        RepositoryKeys keys = circle.of("mallory");
        byte[] seed = Rng.bytes(32);
        byte[] publicKey = cairn.crypto.Ed25519.publicKey(seed);
        cairn.format.Signer stranger = new cairn.format.Signer() {
            @Override
            public byte[] publicKey() {
                return publicKey;
            }

            @Override
            public byte[] sign(byte[] message) {
                return cairn.crypto.Ed25519.sign(seed, message);
            }
        };
        RecordHead head = new RecordHead(1, Hash.ZERO, SessionId.read(Rng.bytes(16), 0), new BlobId(1, 1, 1, 1), new BlobId(2, 2, 2, 2),
                Instant.now().plusSeconds(5), 0, 1, 1, 1, result.record().head().group(), List.of());
        RecordBody body = new RecordBody("host", "", "files", "1", List.of(), List.of(), Instant.now(), Instant.now(), Map.of(), Map.of(), List.of(),
                Map.of(), List.of());
        byte[] file = RecordFile.encode(keys.repository(), head, body, keys.newSession().forRecord(), stranger);
        circle.storage.write(RecordFile.name(RecordFile.decode(file, keys.repository(), null, "it").id()), file);
        try (Repository repository = new Repository(circle.storage, circle.of("owner"))) {
            assertEquals(result.record().id(), cairn.query.BackupRef.parse("latest").resolve(repository, java.time.ZoneOffset.UTC, "host").id());
            List<Hash> told = new ArrayList<>();
            assertEquals(1, cairn.query.Selection.ALL.select(repository, (id, why) -> told.add(id)).size());
            assertEquals(1, told.size(), "it is told, not hidden");
        }
        for (String pruner : List.of("owner", "server")) {
            circle.lab(pruner).prune(circle.storage, Duration.ZERO);
            assertEquals(victim.live(), restored(result));
        }
    }

    /** The session of a writer at work, ended by somebody else, would let a prune delete what it relies on. */
    @Test
    void aSessionIsNotEndedByAnother() throws IOException {
        Archiver.Result gone = victim.backup(circle.storage);
        SessionId running = SessionId.read(Rng.bytes(16), 0);
        cairn.session.SessionFile begun = new cairn.session.SessionFile(running, 0);
        cairn.session.SessionFile end = new cairn.session.SessionFile(running, cairn.session.SessionFile.END);
        circle.storage.write(begun.name(), begun.encode(circle.of("victim").repository(), circle.of("victim").signer()));
        circle.storage.write(end.name(), end.encode(circle.of("victim").repository(), circle.of("mallory").signer()));
        owner.forget(circle.storage, gone.record().id());
        for (String pruner : List.of("owner", "server")) {
            CairnException refused = assertThrows(CairnException.class, () -> circle.lab(pruner).prune(circle.storage, Duration.ZERO));
            assertEquals(cairn.error.ExitCode.OTHERS_WRITING, refused.exitCode());
        }
        assertEquals(victim.live(), restored(gone), "nothing was deleted under it");
        circle.storage.delete(end.name());
        circle.storage.write(end.name(), end.encode(circle.of("victim").repository(), circle.of("victim").signer()));
        assertTrue(owner.prune(circle.storage, Duration.ZERO).recordsDeleted() > 0, "its own end counts");
    }

    private MemoryStorage copy() throws IOException {
        MemoryStorage aside = new MemoryStorage();
        List<String> names = new ArrayList<>();
        circle.storage.list("", file -> names.add(file.name()));
        for (String name : names) {
            aside.write(name, circle.storage.readAll(name, 1 << 20));
        }
        return aside;
    }

    private List<Hash> packs(PackKind kind) throws IOException {
        List<cairn.store.StoredFile> files = new ArrayList<>();
        circle.storage.list("packs/", files::add);
        List<Hash> found = new ArrayList<>();
        for (cairn.store.StoredFile file : files) {
            Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
            if (cairn.pack.PackReader.readDirectory(circle.storage, circle.of("owner").repository(), hash, file).head().kind() == kind) {
                found.add(hash);
            }
        }
        return found;
    }

    @Test
    void aPieceOfATreeInAPackOfDataIsRefused() throws IOException {
        RepositoryKeys keys = circle.of("mallory");
        BlobId id = keys.hasher(BlobKind.TREE).id(List.of(), new byte[] {1, 0}, 0, 2);
        RepositoryKeys.SessionSeal seal = keys.newSession();
        try (PackWriter writer = new PackWriter(keys.repository(), PackKind.DATA, seal::forPack, keys.signer(), 1 << 20, Compression.OFF)) {
            writer.add(id, BlobKind.TREE, List.of(), new byte[] {1, 0}, 0, 2);
            PackBuilder.Written written = writer.finish(circle.storage);
            PackIndexer index = new PackIndexer(circle.storage, keys.repository(), keys.signer());
            index.add(new IndexedPack(written.pack(), PackKind.DATA.code(), written.bytes(), mallory()), new PackBlobs(written.entries()));
            index.flush();
        }
        try (Repository repository = new Repository(circle.storage, circle.of("owner")); cairn.repo.BlobReader reader = repository.newReader()) {
            CairnException e = assertThrows(CairnException.class, () -> reader.read(id));
            assertTrue(e.getMessage().contains("another kind"), e.getMessage());
        }
        assertEquals(1, owner.verify(circle.storage, true).damage().size());
    }

    @Test
    void aRecordThatNobodyCanOpenHidesNoNewestBackup() throws IOException {
        Archiver.Result result = victim.backup(circle.storage);
        RepositoryKeys keys = circle.of("mallory");
        RecordHead head = new RecordHead(1, Hash.ZERO, SessionId.read(Rng.bytes(16), 0), result.record().head().tree(), result.record().head().stat(),
                Instant.now().plusSeconds(5), 0, 1, 1, 1, result.record().head().group(), List.of());
        RecordBody body = new RecordBody("host", "", "files", "1", List.of(), List.of(), Instant.now(), Instant.now(), Map.of(), Map.of(), List.of(),
                Map.of(), List.of());
        PackSeal nonsense = new PackSeal(new cairn.pack.Section(new cairn.pack.Capsule(1, Rng.bytes(32), Rng.bytes(48)), Rng.bytes(32)), Rng.bytes(32));
        byte[] file = RecordFile.encode(keys.repository(), head, body, nonsense, keys.signer());
        circle.storage.write(RecordFile.name(RecordFile.decode(file, keys.repository(), null, "it").id()), file);
        try (Repository repository = new Repository(circle.storage, circle.of("owner"))) {
            assertEquals(result.record().id(),
                    cairn.query.BackupRef.parse("latest").resolve(repository, java.time.ZoneOffset.UTC, "host").id());
        }
    }

    @Test
    void whoHasAWriteKeyOpensNothingOfOthersAndNothingOfItsOwn() throws IOException {
        victim.backup(circle.storage);
        RepositoryKeys keys = circle.of("mallory");
        try (Repository repository = new Repository(circle.storage, keys)) {
            for (RecordFile record : repository.records().all(repository.marks())) {
                assertThrows(CairnException.class, () -> repository.records().open(record, repository.marks()));
                assertThrows(CairnException.class, () -> repository.trees().root(record.head().tree(), null).next());
            }
        }
        assertArrayEquals(circle.key("victim").naming(), circle.key("mallory").naming(), "what they share is how to name things");
    }
}

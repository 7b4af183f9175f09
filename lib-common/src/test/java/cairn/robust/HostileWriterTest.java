package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.Hash;
import cairn.index.IndexedPack;
import cairn.index.Location;
import cairn.index.PackIndexer;
import cairn.key.Role;
import cairn.pack.Compression;
import cairn.pack.PackBuilder;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import cairn.pack.PackReader;
import cairn.pack.PackSeal;
import cairn.pack.PackWriter;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.repo.BlobIdSet;
import cairn.repo.BlobReader;
import cairn.repo.GraphWalk;
import cairn.repo.PackBlobs;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.store.MemoryStorage;
import cairn.store.Storage;
import cairn.store.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client with a write key that means harm, beside one that does not: what it makes of packs and of what lists them costs the other nothing. */
class HostileWriterTest extends AmongClients {
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
            PackBuilder.Written written = writer.finish(storage);
            PackIndexer index = new PackIndexer(storage, keys.repository(), keys.signer());
            index.add(new IndexedPack(written.pack(), written.kind().code(), written.bytes(), packSigner), new PackBlobs(written.entries()));
            index.flush();
            return written;
        }
    }

    private byte[] mallory() {
        return circle.key("mallory").signingKey();
    }

    private List<Claim> everyDataBlobOf(Archiver.Result result, Storage in, byte[] content) throws IOException {
        List<Claim> claims = new ArrayList<>();
        try (Repository repository = new Repository(in, circle.of("owner")); BlobIdSet seen = new BlobIdSet(temp)) {
            GraphWalk walk = new GraphWalk(repository, seen, pack -> true);
            GraphWalk.Visitor visitor = new GraphWalk.Visitor() {
                @Override
                public void blob(BlobId id, List<Location> copies) {
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
        MemoryStorage aside = storage.copy();
        try (Repository repository = new Repository(aside, circle.of("mallory"))) {
            victim.backup(repository);
            List<Claim> claims = new ArrayList<>();
            aside.list("packs/", file -> {
                try {
                    Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
                    PackReader.Directory directory = PackReader.readDirectory(aside, repository.id(), hash, file);
                    if (directory.head().kind() == PackKind.DATA) {
                        directory.entries().forEach(entry -> claims.add(new Claim(entry.id(), BlobKind.DATA, List.of(),
                                "forged".getBytes(StandardCharsets.US_ASCII))));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
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
        Archiver.Result result = victim.backup(storage);
        assertTrue(result.added() > 300_000, "all is written: " + result.added());
        assertEquals(victim.live(), restored(result));
        Lab second = circle.lab("owner");
        second.fill(1);
        Archiver.Result byOwner = second.backup(storage);
        assertTrue(byOwner.added() > 300_000, "nor does the owner rely on any of the two: " + byOwner.added());
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "server"})
    void piecesOfTreesThatLeadNowhereHideNothingFromPrune(String pruner) throws IOException {
        Archiver.Result result = victim.backup(storage);
        BlobId tree = result.record().head().tree();
        BlobId stat = result.record().head().stat();
        for (String name : List.of("mallory", "owner", "victim")) {
            claim(List.of(new Claim(tree, BlobKind.TREE, List.of(), new byte[] {1}), new Claim(stat, BlobKind.STAT, List.of(), new byte[] {1})),
                    circle.key(name).signingKey());
        }
        // and a backup of mallory's own that leads there
        record(tree, stat, result.record().head().group(), Instant.now(), 1);
        circle.lab(pruner).prune(storage, Duration.ZERO);
        assertEquals(victim.live(), restored(result));
        assertEquals(List.of(), owner.verify(storage, false).damage());
    }

    @Test
    void anIndexFileThatCallsTheTreesOfOthersDataHidesNothingFromPrune() throws IOException {
        Archiver.Result result = victim.backup(storage);
        RepositoryKeys keys = circle.of("mallory");
        PackIndexer index = new PackIndexer(storage, keys.repository(), keys.signer());
        storage.list("packs/", file -> {
            try {
                Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
                PackReader.Directory directory = PackReader.readDirectory(storage, keys.repository(), hash, file);
                index.add(new IndexedPack(hash, PackKind.DATA.code(), file.size(), circle.key("victim").signingKey()), new PackBlobs(directory.entries()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        index.flush();
        owner.prune(storage, Duration.ZERO);
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
        circle.lab(pruner).prune(storage, Duration.ZERO);
        Archiver.Result result = victim.backup(storage);
        assertEquals(victim.live(), restored(result));
        Lab second = circle.lab("owner");
        second.fill(1);
        Archiver.Result byOwner = second.backup(storage);
        assertTrue(byOwner.added() > 300_000, "what was moved is trusted no more than before: " + byOwner.added());
        for (int i = 0; i < 2; i++) {
            circle.lab(pruner).prune(storage, Duration.ZERO);
            assertEquals(victim.live(), restored(result));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "server"})
    void ofTwoCopiesPruneDropsTheOneThatIsBelievedLess(String pruner) throws IOException {
        Archiver.Result theirs = victim.backup(storage);
        Lab second = circle.lab("owner");
        second.fill(1);
        Archiver.Result trusted = second.backup(storage);
        owner.forget(storage, theirs.record().id());
        // another backup of the victim still leads to the same content, which the owner's packs hold too
        Archiver.Result again = victim.backup(storage);
        circle.lab(pruner).prune(storage, Duration.ZERO);
        assertEquals(victim.live(), restored(again));
        owner.forget(storage, trusted.record().id());
        circle.lab(pruner).prune(storage, Duration.ZERO);
        assertEquals(victim.live(), restored(again));
        assertEquals(List.of(), owner.verify(storage, true).damage());
    }

    @Test
    void idsThatAreAlikeInTheirFirstHalfHideNoneFromPrune() throws IOException {
        Archiver.Result result = victim.backup(storage);
        // mallory's backup comes first and leads to ids that begin like the victim's
        List<Claim> real = everyDataBlobOf(result, storage, new byte[] {1});
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
        owner.prune(storage, Duration.ZERO);
        assertEquals(victim.live(), restored(result));
        try (BlobIdSet set = new BlobIdSet(temp)) {
            assertTrue(set.add(new BlobId(1, 2, 3, 4)));
            assertTrue(set.add(new BlobId(1, 2, 4, 3)));
            assertFalse(set.add(new BlobId(1, 2, 3, 4)));
        }
    }

    @Test
    void whatAFullKeyHasReadAndFoundGoodAllMayRelyOn() throws IOException {
        victim.backup(storage);
        circle.add("neighbour", Role.WRITE);
        circle.lab("server").verify(storage, true);
        Lab before = circle.lab("neighbour");
        before.fill(1);
        Archiver.Result alone = before.backup(storage);
        assertTrue(alone.added() > 300_000, "only a full key's word counts: " + alone.added());
        owner.verify(storage, true);
        circle.add("other", Role.WRITE);
        Lab after = circle.lab("other");
        after.fill(1);
        Archiver.Result shared = after.backup(storage);
        assertTrue(shared.added() < 10_000, "stored once for all: " + shared.added());
        owner.prune(storage, Duration.ZERO);
        assertEquals(after.live().size(), owner.readBack(storage, shared.record().id()).size());
        assertEquals(List.of(), owner.verify(storage, true).damage());
    }

    /** What a server's prune moves is on its word, until a full key has read it; backups rest on their base meanwhile. */
    @Test
    void whatAServerHasMovedIsStoredAgainUntilAFullKeyHasReadIt() throws IOException {
        Clocks.assumeUnchangedIsSeen(victim.source);
        Clocks.pass(victim.source); // else what was written just now is read, and stored, again
        Archiver.Result result = victim.backup(storage);
        Lab server = circle.lab("server");
        assertTrue(server.prune(storage, Duration.ZERO).packsDeleted() > 0, "all is moved");
        Archiver.Result unchanged = victim.backup(storage);
        assertEquals(result.record().id(), unchanged.base().id());
        assertTrue(unchanged.added() < 10_000, "what the base has is taken over: " + unchanged.added());
        Lab without = circle.lab("victim");
        without.fill(1);
        Archiver.Result again = without.backup(storage);
        assertTrue(again.added() > 300_000, "what it meets elsewhere is stored again: " + again.added());
        owner.forget(storage, again.record().id());
        server.prune(storage, Duration.ZERO);
        owner.verify(storage, true);
        Lab vouched = circle.lab("victim");
        vouched.fill(1);
        assertTrue(vouched.backup(storage).added() < 10_000, "a full key has read it");
        assertEquals(victim.live(), restored(unchanged));
    }

    @Test
    void whatIsForgedIsNotAttestedAndToldAsDamage() throws IOException {
        List<Claim> claims = foreseen();
        claim(claims, mallory());
        assertEquals(claims.size(), owner.verify(storage, true).damage().size());
        Archiver.Result result = victim.backup(storage);
        assertTrue(result.added() > 300_000, "nothing of it is relied on: " + result.added());
        assertEquals(victim.live(), restored(result));
    }

    /** Says, by an index file of mallory's, that blobs lie in a pack, on somebody's word. */
    private void tellOf(List<Claim> claims, Hash pack, byte[] onWhoseWord) throws IOException {
        RepositoryKeys keys = circle.of("mallory");
        long size = storage.stat(PackFormat.name(pack)).orElseThrow().size();
        PackIndexer index = new PackIndexer(storage, keys.repository(), keys.signer());
        List<PackFormat.BlobEntry> entries = new ArrayList<>();
        for (Claim each : claims) {
            entries.add(new PackFormat.BlobEntry(each.id(), 160, 60, 10));
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
        Archiver.Result before = victim.backup(storage);
        tellOf(everyDataBlobOf(before, storage, new byte[] {1}), good, circle.key(onWhoseWord).signingKey());
        for (String pruner : List.of("server", "owner", "owner")) {
            circle.lab(pruner).prune(storage, Duration.ZERO, 1);
            assertEquals(victim.live(), restored(before), "after a prune by " + pruner);
        }
        Lab late = circle.lab("owner");
        late.fill(7);
        List<Claim> foreseen = new ArrayList<>();
        MemoryStorage aside = storage.copy();
        try (Repository repository = new Repository(aside, circle.of("owner"))) {
            Archiver.Result there = late.backup(repository);
            foreseen.addAll(everyDataBlobOf(there, aside, new byte[] {1}));
        }
        tellOf(foreseen, foundGood(other, 2), circle.key(onWhoseWord).signingKey());
        owner.write("gone", 70_000, 5);
        storage.delete(RecordFile.name(owner.backup(storage).record().id()));
        assertTrue(owner.prune(storage, Duration.ZERO, 1).packsDeleted() > 0, "it merges what mallory told into a file of the owner's");
        Archiver.Result after = late.backup(storage);
        assertEquals(late.live().size(), owner.readBack(storage, after.record().id()).size(), "nothing was left out");
        assertEquals(List.of(), owner.verify(storage, true).damage());
    }

    /** A pack of somebody's that a full key has read and found good. */
    private Hash foundGood(Lab by, int seed) throws IOException {
        Set<Hash> before = Set.copyOf(packs(PackKind.DATA));
        by.write("theirs", 70_000, 99 + seed);
        by.backup(storage);
        owner.verify(storage, true);
        return packs(PackKind.DATA).stream().filter(pack -> !before.contains(pack)).findFirst().orElseThrow();
    }

    private List<Hash> packs(PackKind kind) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        storage.list("packs/", files::add);
        List<Hash> found = new ArrayList<>();
        for (StoredFile file : files) {
            Hash hash = Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1));
            if (PackReader.readDirectory(storage, circle.of("owner").repository(), hash, file).head().kind() == kind) {
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
            PackBuilder.Written written = writer.finish(storage);
            PackIndexer index = new PackIndexer(storage, keys.repository(), keys.signer());
            index.add(new IndexedPack(written.pack(), PackKind.DATA.code(), written.bytes(), mallory()), new PackBlobs(written.entries()));
            index.flush();
        }
        try (Repository repository = new Repository(storage, circle.of("owner")); BlobReader reader = repository.newReader()) {
            CairnException e = assertThrows(CairnException.class, () -> reader.read(id));
            assertTrue(e.getMessage().contains("another kind"), e.getMessage());
        }
        assertEquals(1, owner.verify(storage, true).damage().size());
    }
}

package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.crypto.Ed25519;
import cairn.crypto.Rng;
import cairn.crypto.X25519;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.ByteWriter;
import cairn.format.Hash;
import cairn.format.Signer;
import cairn.key.KeyChanges;
import cairn.key.KeyList;
import cairn.key.KeyListFile;
import cairn.key.KeyStore;
import cairn.key.OpenedKeys;
import cairn.key.RepositoryKey;
import cairn.mark.Mark;
import cairn.pack.Capsule;
import cairn.pack.PackSeal;
import cairn.pack.Section;
import cairn.query.BackupRef;
import cairn.query.Selection;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.repo.Marks;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.retention.Candidate;
import cairn.retention.KeepPolicy;
import cairn.retention.Retention;
import cairn.session.SessionFile;
import cairn.session.SessionId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A client with a write key that means harm, beside one that does not: what it makes of records, envelopes, sessions, marks and key
 * lists costs the other nothing.
 */
class HostileRecordsTest extends AmongClients {
    @Test
    void marksTombstonesFencesAndFindingsByAWriteKeyCountForNothing() throws IOException {
        Archiver.Result result = victim.backup(storage);
        List<Hash> packs = new ArrayList<>();
        storage.list("packs/", file -> packs.add(Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1))));
        RepositoryKeys keys = circle.of("mallory");
        for (Mark.Type type : Mark.Type.values()) {
            List<Hash> subjects = switch (type) {
                case RECORDS, RECORD_TOMBSTONE, COMPLETE -> List.of(result.record().id());
                case FENCE -> List.of(Marks.subject(result.record().head().session()));
                default -> packs;
            };
            byte[] file = new Mark(type, Rng.bytes(16), subjects, "").encode(keys.repository(), keys.signer());
            storage.write(Mark.name(Mark.decode(file, keys.repository(), null, "it").name()), file);
        }
        for (String who : List.of("owner", "server", "victim")) {
            try (Repository repository = new Repository(storage, circle.of(who))) {
                assertEquals(List.of(), repository.marks().all(), who);
            }
        }
        owner.prune(storage, Duration.ZERO);
        assertEquals(victim.live(), restored(result));
        assertNotNull(victim.backup(storage).base(), "not even its base is lost to it");
    }

    @Test
    void forgedTimesAndNamesPutNoBackupOfOthersOutOfRetention() throws IOException {
        Archiver.Result result = victim.backup(storage);
        List<Candidate> candidates = new ArrayList<>();
        RecordHead head = result.record().head();
        for (int i = 1; i <= 5; i++) {
            record(head.tree(), head.stat(), head.group(), Instant.now().plusSeconds(86400L * i), i);
        }
        try (Repository repository = new Repository(storage, circle.of("server"))) {
            for (RecordFile record : repository.records().all(repository.marks())) {
                byte[] group = new ByteWriter(64).bytes(record.signer()).u64(record.head().group().high()).u64(record.head().group().low()).toBytes();
                candidates.add(new Candidate(record.id().hex(), group, record.time(), Set.of(), record.head().sequence(), false));
            }
        }
        assertEquals(6, candidates.size());
        KeepPolicy policy = new KeepPolicy(1, Map.of(), Map.of(), List.of());
        boolean kept = Retention.decide(candidates, policy, ZoneOffset.UTC, Instant.now()).stream()
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
        storage.write("keylist/" + forged.number(), file);
        for (String who : List.of("victim", "owner", "server")) {
            CairnException e = assertThrows(CairnException.class, () -> circle.opened(who));
            assertTrue(e.getMessage().contains("may not change the key list"), e.getMessage());
        }
        KeyListFile.Signed withoutKey = KeyStore.unconfirmedList(storage, mallory.key().repository());
        assertEquals(mallory.list().number(), withoutKey.list().number(), "who has no key goes by the last that follows");
    }

    /** Puts an envelope of somebody's with another time around a record of the victim's. */
    private Hash wrapped(RecordFile record, String by, Instant time) throws IOException {
        byte[] inner = storage.readAll(RecordFile.name(record.id()), RecordFile.LARGEST);
        RepositoryKeys keys = circle.of(by);
        byte[] file = RecordFile.received(keys.repository(), inner, time, keys.signer());
        return publish(file).id();
    }

    /** With a time to come, and more copies than the policy keeps, the others' backups would be forgotten. */
    @Test
    void anEnvelopeAroundABackupOfOthersIsNoBackup() throws IOException {
        Archiver.Result first = victim.backup(storage);
        victim.write("new", 1000, 5);
        Archiver.Result second = victim.backup(storage);
        for (int i = 1; i <= 3; i++) {
            wrapped(first.record(), "mallory", Instant.now().plusSeconds(86400L * i));
        }
        for (String who : List.of("owner", "server", "victim")) {
            try (Repository repository = new Repository(storage, circle.of(who))) {
                assertEquals(List.of(first.record().id(), second.record().id()),
                        repository.records().all(repository.marks()).stream().map(RecordFile::id).toList(), who);
            }
        }
        assertTrue(owner.verify(storage, false).findings().stream().anyMatch(finding -> finding.message().contains("none of the repository's keys")));
        assertEquals(List.of(), owner.verify(storage, false).damage());
        Hash byReceiver = wrapped(first.record(), "server", Instant.now().minusSeconds(60));
        try (Repository repository = new Repository(storage, circle.of("owner"))) {
            assertTrue(repository.records().all(repository.marks()).stream().anyMatch(record -> record.id().equals(byReceiver)), "a receiver may");
        }
    }

    /** Deleted backups that come back in another envelope lead to nothing: they keep nobody from pruning. */
    @Test
    void whatWasForgottenDoesNotComeBackInAnEnvelope() throws IOException {
        Archiver.Result first = victim.backup(storage);
        byte[] inner = storage.readAll(RecordFile.name(first.record().id()), RecordFile.LARGEST);
        victim.fill(2);
        Archiver.Result second = victim.backup(storage);
        owner.forget(storage, first.record().id());
        owner.prune(storage, Duration.ZERO);
        RepositoryKeys keys = circle.of("mallory");
        byte[] file = RecordFile.received(keys.repository(), inner, Instant.now(), keys.signer());
        publish(file);
        owner.prune(storage, Duration.ZERO);
        circle.lab("server").prune(storage, Duration.ZERO);
        assertEquals(victim.live(), restored(second));
        assertEquals(List.of(), owner.verify(storage, true).damage());
    }

    /** Who has the storage, and no key, can seal to the public key that stands in the key list. */
    @Test
    void aBackupSignedByNoKeyOfTheRepositoryIsNotShown() throws IOException {
        Archiver.Result result = victim.backup(storage);
        RepositoryKeys keys = circle.of("mallory");
        Signer stranger = Signer.ofSeed(Ed25519.newSeed());
        RecordHead head = head(new BlobId(1, 1, 1, 1), new BlobId(2, 2, 2, 2), result.record().head().group(), Instant.now().plusSeconds(5), 1);
        byte[] file = RecordFile.encode(keys.repository(), head, body(Instant.now()), keys.newSession().forRecord(), stranger);
        publish(file);
        try (Repository repository = new Repository(storage, circle.of("owner"))) {
            assertEquals(result.record().id(), BackupRef.parse("latest").resolve(repository, ZoneOffset.UTC, "host").id());
            List<Hash> told = new ArrayList<>();
            assertEquals(1, Selection.ALL.select(repository, (id, why) -> told.add(id)).size());
            assertEquals(1, told.size(), "it is told, not hidden");
        }
        for (String pruner : List.of("owner", "server")) {
            circle.lab(pruner).prune(storage, Duration.ZERO);
            assertEquals(victim.live(), restored(result));
        }
    }

    /** The session of a writer at work, ended by somebody else, would let a prune delete what it relies on. */
    @Test
    void aSessionIsNotEndedByAnother() throws IOException {
        Archiver.Result gone = victim.backup(storage);
        SessionId running = SessionId.read(Rng.bytes(16), 0);
        SessionFile begun = new SessionFile(running, 0);
        SessionFile end = new SessionFile(running, SessionFile.END);
        storage.write(begun.name(), begun.encode(circle.of("victim").repository(), circle.of("victim").signer()));
        storage.write(end.name(), end.encode(circle.of("victim").repository(), circle.of("mallory").signer()));
        owner.forget(storage, gone.record().id());
        for (String pruner : List.of("owner", "server")) {
            CairnException refused = assertThrows(CairnException.class, () -> circle.lab(pruner).prune(storage, Duration.ZERO));
            assertEquals(ExitCode.OTHERS_WRITING, refused.exitCode());
        }
        assertEquals(victim.live(), restored(gone), "nothing was deleted under it");
        storage.delete(end.name());
        storage.write(end.name(), end.encode(circle.of("victim").repository(), circle.of("victim").signer()));
        assertTrue(owner.prune(storage, Duration.ZERO).recordsDeleted() > 0, "its own end counts");
    }

    @Test
    void aRecordThatNobodyCanOpenHidesNoNewestBackup() throws IOException {
        Archiver.Result result = victim.backup(storage);
        RepositoryKeys keys = circle.of("mallory");
        RecordHead real = result.record().head();
        RecordHead head = head(real.tree(), real.stat(), real.group(), Instant.now().plusSeconds(5), 1);
        PackSeal nonsense = new PackSeal(new Section(new Capsule(1, Rng.bytes(32), Rng.bytes(48)), Rng.bytes(32)), Rng.bytes(32));
        byte[] file = RecordFile.encode(keys.repository(), head, body(Instant.now()), nonsense, keys.signer());
        publish(file);
        try (Repository repository = new Repository(storage, circle.of("owner"))) {
            assertEquals(result.record().id(),
                    BackupRef.parse("latest").resolve(repository, ZoneOffset.UTC, "host").id());
        }
    }

    @Test
    void whoHasAWriteKeyOpensNothingOfOthersAndNothingOfItsOwn() throws IOException {
        victim.backup(storage);
        RepositoryKeys keys = circle.of("mallory");
        try (Repository repository = new Repository(storage, keys)) {
            for (RecordFile record : repository.records().all(repository.marks())) {
                assertThrows(CairnException.class, () -> repository.records().open(record, repository.marks()));
                assertThrows(CairnException.class, () -> repository.trees().root(record.head().tree(), null).next());
            }
        }
        assertArrayEquals(circle.key("victim").naming(), circle.key("mallory").naming(), "what they share is how to name things");
    }
}

package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.key.KeyList;
import cairn.key.Role;
import cairn.record.RecordFile;
import cairn.repo.Repository;
import cairn.robust.Lab;
import cairn.session.SessionFile;
import cairn.session.SessionId;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sealed stream makes the backup that it was made of, by a receiver that has no key. */
class SealedStreamTest {
    @TempDir
    Path temp;

    private Lab lab;
    private final MemoryStorage storage = new MemoryStorage();

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp, true, 1); // what lies before a cut is the same in every run
        lab.fill(1);
        for (int i = 0; i < 8; i++) {
            lab.write("many/f" + i, 50_000, 300 + i); // some packs
        }
    }

    private void assertGood(Hash... backups) throws IOException {
        assertEquals(List.of(), lab.verify(storage, true).damage());
        assertEquals(Arrays.stream(backups).map(RecordFile::name).sorted().toList(), storage.names("backups/").stream().sorted().toList());
    }

    @Test
    void whatWasSentIsWhatIsThere() throws IOException {
        Received received = Streams.receive(Streams.send(lab, temp), storage);
        assertFalse(received.again());
        assertEquals(lab.live(), lab.readBack(storage, received.id()));
        assertGood(received.id());
        assertEquals(0, storage.names("sessions/").stream().filter(name -> name.endsWith("-0")).count()
                - storage.names("sessions/").stream().filter(name -> name.endsWith("-end")).count(), "all sessions have ended");
    }

    @Test
    void theTreeIsThatOfABackupOfTheSameFolder() throws IOException {
        Received received = Streams.receive(Streams.send(lab, temp), storage);
        MemoryStorage other = new MemoryStorage();
        Hash direct = lab.backup(other).record().id();
        assertEquals(Streams.tree(lab, other, direct), Streams.tree(lab, storage, received.id()));
    }

    @Test
    void aReceiverWithAKeyPutsItsTimeAroundTheRecord() throws IOException {
        Received received = Streams.receive(Streams.send(lab, temp), storage, Streams.list(KeyList.Standing.ACTIVE, Role.WRITE), true);
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            RecordFile record = repository.records().get(received.id());
            assertEquals(Streams.RECEIVED, record.time());
            assertNotEquals(record.id(), record.written());
        }
        assertGood(received.id());
    }

    @Test
    void theSameStreamOnceMoreAddsNothing() throws IOException {
        byte[] stream = Streams.send(lab, temp);
        Received first = Streams.receive(stream, storage);
        List<String> packs = storage.names("packs/");
        Received second = Streams.receive(stream, storage);
        assertTrue(second.again());
        assertEquals(first.id(), second.id());
        assertEquals(0, second.stored());
        assertEquals(first.stored(), second.skipped());
        assertEquals(packs, storage.names("packs/"));
        assertGood(first.id());
    }

    @Test
    void aStreamAboveABaseHoldsOnlyWhatChanged() throws IOException {
        byte[] whole = Streams.send(lab, temp);
        Received first = Streams.receive(whole, storage);
        lab.write("small/new", 700, 77);
        byte[] change = Streams.sendAbove(lab, new LastingStorage(storage), first.id(), temp);
        assertTrue(change.length < whole.length / 10, change.length + " of " + whole.length);
        Received second = Streams.receive(change, storage);
        assertEquals(lab.live(), lab.readBack(storage, second.id()));
        assertEquals(2, second.head().sequence());
        assertGood(first.id(), second.id());
    }

    @Test
    void aStreamAboveABaseThatIsNotThereIsRefused() throws IOException {
        Received first = Streams.receive(Streams.send(lab, temp), storage);
        lab.write("small/new", 700, 77);
        byte[] change = Streams.sendAbove(lab, new LastingStorage(storage), first.id(), temp);
        MemoryStorage other = new MemoryStorage();
        CairnException refused = assertThrows(CairnException.class, () -> Streams.receive(change, other));
        assertTrue(refused.getMessage().contains("relies on the backup " + first.id().hex().substring(0, 8)), refused.getMessage());
        assertEquals(List.of(), other.names("backups/"));
    }

    @Test
    void aStreamAboveABaseThatWasPrunedIsRefusedAndTheRepositoryIsGood() throws IOException {
        Received first = Streams.receive(Streams.send(lab, temp), storage);
        lab.write("small/new", 700, 77);
        byte[] change = Streams.sendAbove(lab, new LastingStorage(storage), first.id(), temp);
        lab.forget(storage, first.id());
        storage.advance(Duration.ofDays(2));
        lab.prune(storage, Duration.ZERO);
        assertEquals(List.of(), storage.names("backups/"));
        assertThrows(CairnException.class, () -> Streams.receive(change, storage));
        assertGood();
    }

    @Test
    void whatArrivedBeforeACutIsKeptAndNotWrittenTwice() throws IOException {
        byte[] stream = Streams.send(lab, temp);
        byte[] cut = Arrays.copyOf(stream, stream.length * 3 / 4);
        CairnException broken = assertThrows(CairnException.class, () -> Streams.receive(cut, storage));
        assertTrue(broken.getMessage().contains("is cut off after " + cut.length + " bytes"), broken.getMessage());
        assertEquals(ExitCode.FAILED, broken.exitCode());
        assertGood();
        List<String> kept = storage.names("packs/");
        assertTrue(kept.size() >= 2, kept + "");
        Received again = Streams.receive(stream, storage);
        assertTrue(storage.names("packs/").containsAll(kept));
        assertTrue(again.skipped() > 0);
        assertEquals(lab.live(), lab.readBack(storage, again.id()));
        assertGood(again.id());
    }

    @Test
    void theNextWriterUsesWhatArrivedBeforeACut() throws IOException {
        byte[] stream = Streams.send(lab, temp);
        assertThrows(CairnException.class, () -> Streams.receive(Arrays.copyOf(stream, stream.length * 3 / 4), storage));
        long kept = storage.names("packs/").size();
        Archiver.Result next = lab.backup(storage);
        assertTrue(kept >= 2 && next.added() < stream.length / 2, kept + " packs were there, " + next.added() + " bytes added");
        assertGood(next.record().id());
    }

    @Test
    void onlyActiveKeysThatMayWriteAddBackups() throws IOException {
        byte[] stream = Streams.send(lab, temp);
        for (KeyList list : List.of(Streams.list(KeyList.Standing.REVOKED, Role.FULL), Streams.list(KeyList.Standing.RETIRED, Role.WRITE),
                Streams.list(KeyList.Standing.ACTIVE, Role.SERVER))) {
            CairnException refused = assertThrows(CairnException.class, () -> Streams.receive(stream, storage, list, false));
            assertEquals(ExitCode.REFUSED, refused.exitCode());
            assertEquals(List.of(), storage.names("packs/"));
        }
    }

    @Test
    void aForgottenBackupThatIsReceivedAgainIsThereAgain() throws IOException {
        byte[] stream = Streams.send(lab, temp);
        Received first = Streams.receive(stream, storage);
        lab.forget(storage, first.id());
        storage.advance(Duration.ofDays(2));
        lab.prune(storage, Duration.ZERO);
        assertEquals(List.of(), storage.names("backups/"));
        CairnException gone = assertThrows(CairnException.class, () -> Streams.receive(stream, storage));
        assertTrue(gone.getMessage().contains("not here"), gone.getMessage());
        assertGood();
    }

    @Test
    void aSenderEndsNoSessionButItsOwn() throws CairnException {
        SessionId own = new SessionId(1, 1);
        SessionId victim = new SessionId(2, 2);
        byte[] key = new byte[32];
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;
        SenderSessions sessions = new SenderSessions();
        assertEquals(SenderSessions.Kept.NOW, sessions.take(new SealedFiles.Session(new SessionFile(own, 0), key), key));
        for (SealedFiles.Session forged : List.of(new SealedFiles.Session(new SessionFile(victim, SessionFile.END), key),
                new SealedFiles.Session(new SessionFile(victim, 7), key), new SealedFiles.Session(new SessionFile(own, SessionFile.END), otherKey))) {
            assertEquals(ExitCode.REFUSED, assertThrows(CairnException.class, () -> sessions.take(forged, key)).exitCode());
        }
        assertEquals(SenderSessions.Kept.FOR_THE_END, sessions.take(new SealedFiles.Session(new SessionFile(own, SessionFile.END), key), key));
        assertEquals(1, sessions.ends().size());
    }

    @Test
    void aSessionThatSomebodyElseHasUnderTheSameIdIsLeftAlone() throws IOException {
        byte[] stream = Streams.send(lab, temp);
        Received received = Streams.receive(stream, new MemoryStorage());
        String name = SessionFile.name(received.head().session(), 0);
        byte[] others = {1, 2, 3};
        storage.write(name, others);
        assertEquals(ExitCode.REFUSED, assertThrows(CairnException.class, () -> Streams.receive(stream, storage)).exitCode());
        assertEquals(3, storage.readAll(name, 100).length);
        assertEquals(List.of(), storage.names("backups/"));
    }
}

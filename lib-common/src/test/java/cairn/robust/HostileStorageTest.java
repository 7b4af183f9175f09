package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.error.CairnException;
import cairn.format.Hash;
import cairn.key.Role;
import cairn.record.RecordFile;
import cairn.repo.Repository;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who has the storage and changes, mixes or withholds files: nobody takes what it makes for what was stored. */
class HostileStorageTest {
    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();
    private Circle circle;
    private Lab owner;

    @BeforeEach
    void makeRepository() throws IOException {
        circle = new Circle(storage, temp);
        circle.add("client", Role.WRITE);
        owner = circle.lab("owner");
        owner.fill(1);
    }

    private void swap(String a, String b) throws IOException {
        byte[] first = storage.readAll(a, 1 << 24);
        storage.damage(a, storage.readAll(b, 1 << 24));
        storage.damage(b, first);
    }

    @Test
    void packsThatWereSwappedGiveNoWrongByte() throws IOException {
        Archiver.Result result = owner.backup(storage);
        List<String> packs = storage.names("packs/");
        assertTrue(packs.size() > 2);
        for (int i = 0; i + 1 < packs.size(); i++) {
            swap(packs.get(i), packs.get(i + 1));
            assertThrows(CairnException.class, () -> owner.readBack(storage, result.record().id()));
            assertFalse(owner.verify(storage, true).damage().isEmpty());
            swap(packs.get(i), packs.get(i + 1));
        }
        assertEquals(owner.live(), owner.readBack(storage, result.record().id()));
    }

    @Test
    void recordsThatWereSwappedAreNotTakenForEachOther() throws IOException {
        Archiver.Result first = owner.backup(storage);
        owner.write("small/f1", 900, 99);
        Archiver.Result second = owner.backup(storage);
        swap(RecordFile.name(first.record().id()), RecordFile.name(second.record().id()));
        try (Repository repository = owner.open(storage)) {
            CairnException e = assertThrows(CairnException.class, () -> repository.records().get(first.record().id()));
            assertTrue(e.getMessage().contains("hash"), e.getMessage());
        }
    }

    @Test
    void filesOfAnotherRepositoryAreForeign() throws IOException {
        Archiver.Result result = owner.backup(storage);
        MemoryStorage other = new MemoryStorage();
        Circle others = new Circle(other, temp);
        Lab stranger = others.lab("owner");
        stranger.fill(1);
        stranger.backup(other);
        other.list("", file -> {
            if (!file.name().startsWith("key")) {
                try {
                    storage.write(file.name(), other.readAll(file.name(), 1 << 24));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        assertEquals(owner.live(), owner.readBack(storage, result.record().id()));
        try (Repository repository = owner.open(storage)) {
            assertEquals(1, repository.records().readable(repository.marks()).size());
        }
        assertFalse(owner.verify(storage, false).findings().isEmpty());
    }

    @Test
    void aClientNoticesThatItsNewestBackupIsGone() throws IOException {
        Lab client = circle.lab("client");
        client.fill(2);
        client.backup(storage);
        client.write("small/f1", 900, 99);
        Archiver.Result newest = client.backup(storage);
        storage.delete(RecordFile.name(newest.record().id()));
        client.problems.clear();
        Archiver.Result next = client.backup(storage);
        assertTrue(client.problems.stream().anyMatch(problem -> problem.contains("put back to an older state")), client.problems.toString());
        assertTrue(next.record().head().incomplete());
        assertEquals(3, next.record().head().sequence(), "the chain goes on and shows the gap");
        client.problems.clear();
        client.backup(storage);
        assertEquals(List.of(), client.problems);
    }

    @Test
    void aDeletedBackupThatIsPutBackIsNotShown() throws IOException {
        Archiver.Result first = owner.backup(storage);
        String name = RecordFile.name(first.record().id());
        byte[] kept = storage.readAll(name, RecordFile.LARGEST);
        owner.write("small/f1", 900, 99);
        Archiver.Result second = owner.backup(storage);
        owner.forget(storage, first.record().id());
        owner.prune(storage, Duration.ZERO);
        storage.write(name, kept);
        try (Repository repository = owner.open(storage)) {
            List<Hash> shown = repository.records().all(repository.marks()).stream().map(RecordFile::id).toList();
            assertEquals(List.of(second.record().id()), shown);
        }
    }

    @Test
    void aPackThatIsWithheldIsTold() throws IOException {
        owner.backup(storage);
        for (String pack : storage.names("packs/")) {
            byte[] kept = storage.readAll(pack, 1 << 24);
            storage.delete(pack);
            assertFalse(owner.verify(storage, false).damage().isEmpty(), pack);
            storage.write(pack, kept);
        }
    }
}

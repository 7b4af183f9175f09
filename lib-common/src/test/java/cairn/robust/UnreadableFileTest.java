package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.record.RecordFile;
import cairn.remote.LostException;
import cairn.repo.Repository;
import cairn.store.ForwardingStorage;
import cairn.store.MemoryStorage;
import cairn.store.Storage;
import cairn.store.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file in a bad sector is as good as damaged, and others are read on; a connection that breaks is no damage. */
class UnreadableFileTest {
    private static final CairnException BAD_SECTOR = new StorageException(ExitCode.DAMAGED, "cannot read it: input/output error", null, null);
    private static final CairnException LOST = new LostException(ExitCode.FAILED, "the connection broke", null, null);

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();
    private Lab lab;

    @BeforeEach
    void makeLab() throws IOException {
        lab = new Lab(temp);
        lab.fill(1);
    }

    /** The same storage, whose files of these names cannot be read. */
    private Storage failing(Set<String> names, CairnException why) {
        return new ForwardingStorage(storage) {
            @Override
            public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
                fail(name);
                super.read(name, offset, buffer, start, length);
            }

            @Override
            public byte[] readAll(String name, int limit) throws IOException {
                fail(name);
                return super.readAll(name, limit);
            }

            private void fail(String name) throws CairnException {
                if (names.contains(name)) {
                    throw why;
                }
            }
        };
    }

    @Test
    void aRecordInABadSectorHidesNoOther() throws IOException {
        Archiver.Result first = lab.backup(storage);
        lab.write("more", 1000, 5);
        Archiver.Result second = lab.backup(storage);
        try (Repository repository = lab.open(failing(Set.of(RecordFile.name(first.record().id())), BAD_SECTOR))) {
            List<RecordFile> readable = repository.records().readable(repository.marks());
            assertEquals(List.of(second.record().id()), readable.stream().map(RecordFile::id).toList());
        }
        try (Repository repository = lab.open(failing(Set.of(RecordFile.name(first.record().id())), LOST))) {
            assertSame(LOST, assertThrows(LostException.class, () -> repository.records().readable(repository.marks())));
        }
    }

    @Test
    void ofABlobInABadSectorTheOtherCopyIsRead() throws IOException {
        Archiver.Result first = lab.backup(storage);
        Set<String> before = new TreeSet<>(storage.names("packs/"));
        MemoryStorage other = storage.copy();
        for (String pack : before) {
            byte[] bytes = storage.readAll(pack, 1 << 24);
            byte[] damaged = bytes.clone();
            for (int i = 1000; i < damaged.length; i += 1000) {
                damaged[i] ^= 1;
            }
            storage.damage(pack, damaged);
        }
        lab.verify(storage, true); // so that all is written again
        lab.backup(storage);
        for (String pack : before) {
            storage.damage(pack, other.readAll(pack, 1 << 24));
        }
        Set<String> again = new TreeSet<>(storage.names("packs/"));
        again.removeAll(before);
        assertTrue(!again.isEmpty());
        assertEquals(lab.live(), lab.readBack(failing(again, BAD_SECTOR), first.record().id()));
        assertSame(LOST, assertThrows(LostException.class, () -> lab.readBack(failing(again, LOST), first.record().id())));
    }

    @Test
    void aConnectionThatBreaksWhileTheIndexIsMadeAgainIsTold() throws IOException {
        lab.backup(storage);
        for (String name : storage.names("index/")) {
            storage.delete(name);
        }
        Set<String> packs = new TreeSet<>(storage.names("packs/"));
        try (Repository repository = lab.open(failing(packs, LOST))) {
            assertSame(LOST, assertThrows(LostException.class, repository::rebuildIndex));
        }
        try (Repository repository = lab.open(failing(packs, BAD_SECTOR))) {
            assertEquals(0, repository.rebuildIndex());
        }
        try (Repository repository = lab.open(storage)) {
            assertEquals(packs.size(), repository.rebuildIndex());
        }
    }

    @Test
    void aConnectionThatBreaksIsNoFindingOfVerify() throws IOException {
        lab.backup(storage);
        Set<String> marks = new TreeSet<>(storage.names("marks/"));
        for (String folder : List.of("index/", "backups/", "packs/")) {
            Set<String> names = new TreeSet<>(storage.names(folder));
            assertSame(LOST, assertThrows(LostException.class, () -> lab.verify(failing(names, LOST), true)), folder);
        }
        assertEquals(marks, new TreeSet<>(storage.names("marks/")));
        assertTrue(!lab.verify(failing(new TreeSet<>(storage.names("packs/")), BAD_SECTOR), true).damage().isEmpty());
    }
}

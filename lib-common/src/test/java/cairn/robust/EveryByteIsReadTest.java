package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import cairn.store.MemoryStorage;
import cairn.store.RecordingStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EveryByteIsReadTest {
    @TempDir
    Path temp;

    /** Packs of both kinds, copied packs, index files, records, ended sessions, marks, tombstones. */
    private MemoryStorage storageOfAllKinds(Lab lab) throws Exception {
        MemoryStorage storage = new MemoryStorage();
        lab.fill(1);
        var first = lab.backup(storage);
        lab.fill(2);
        lab.backup(storage);
        lab.forget(storage, first.record().id());
        lab.prune(storage, Duration.ofHours(24));
        storage.advance(Duration.ofHours(25));
        lab.prune(storage, Duration.ofHours(24));
        lab.fill(3);
        lab.backup(storage);
        return storage;
    }

    @Test
    void readDataReadsEveryStoredByte() throws Exception {
        Lab lab = new Lab(temp);
        RecordingStorage recording = new RecordingStorage(storageOfAllKinds(lab));
        assertEquals(List.of(), lab.verify(recording, true).findings());
        assertEquals(List.of(), recording.unread(""));
    }

    @Test
    void withoutItTheBlobsAreNotRead() throws Exception {
        Lab lab = new Lab(temp);
        RecordingStorage recording = new RecordingStorage(storageOfAllKinds(lab));
        assertEquals(List.of(), lab.verify(recording, false).findings());
        assertFalse(recording.unread("packs/").isEmpty());
        assertEquals(List.of(), recording.unread("backups/"));
        assertEquals(List.of(), recording.unread("index/"));
        assertEquals(List.of(), recording.unread("marks/"));
        assertEquals(List.of(), recording.unread("sessions/"));
    }
}

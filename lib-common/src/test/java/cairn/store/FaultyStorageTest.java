package cairn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.store.FaultyStorage.Fault;
import cairn.store.FaultyStorage.Operation;
import cairn.store.FaultyStorage.PlannedFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FaultyStorageTest {
    private final MemoryStorage memory = new MemoryStorage();
    private final FaultyStorage faulty = new FaultyStorage(memory);

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        faulty.list("", f -> names.add(f.name()));
        return names;
    }

    @Test
    void aFaultThatIsNeverReachedFailsTheTest() throws IOException {
        faulty.plan(Operation.WRITE, "packs/", 2, Fault.FAIL);
        faulty.write("packs/1", new byte[1]);
        faulty.write("index/1", new byte[1]);
        assertThrows(AssertionError.class, faulty::close);
        assertThrows(PlannedFault.class, () -> faulty.write("packs/2", new byte[1]));
        faulty.close();
    }

    @Test
    void writesFailInEachWay() throws IOException {
        faulty.plan(Operation.WRITE, "a", 1, Fault.FAIL)
                .plan(Operation.WRITE, "b", 1, Fault.FAIL_AFTER)
                .plan(Operation.WRITE, "c", 1, Fault.TORN)
                .plan(Operation.WRITE, "d", 1, Fault.LOST);
        assertThrows(PlannedFault.class, () -> faulty.write("a", new byte[4]));
        assertThrows(PlannedFault.class, () -> faulty.write("b", new byte[4]));
        try (StoredWriter writer = faulty.begin("")) {
            writer.write(new byte[4], 0, 4);
            assertThrows(PlannedFault.class, () -> writer.publish("c"));
        }
        faulty.write("d", new byte[4]);
        assertEquals(List.of("b", "c"), names());
        assertEquals(4, memory.readAll("b", 9).length);
        assertEquals(2, memory.readAll("c", 9).length);
        faulty.close();
    }

    @Test
    void readsFailInEachWay() throws IOException {
        memory.write("f", new byte[3]);
        faulty.plan(Operation.READ, "f", 1, Fault.SHORT).plan(Operation.READ, "f", 2, Fault.FLIPPED);
        assertThrows(TruncatedException.class, () -> faulty.readAll("f", 3));
        assertArrayEquals(new byte[] {0, 4, 0}, faulty.readAll("f", 3));
        assertArrayEquals(new byte[3], faulty.readAll("f", 3));
        faulty.close();
    }

    @Test
    void aStaleListingShowsThePast() throws IOException {
        faulty.write("packs/1", new byte[1]);
        faulty.plan(Operation.LIST, "", 1, Fault.STALE).plan(Operation.DELETE, "packs/2", 1, Fault.LOST);
        faulty.write("packs/2", new byte[1]);
        faulty.delete("packs/1");
        faulty.delete("packs/2");
        assertEquals(List.of("packs/1"), names());
        assertEquals(List.of("packs/2"), names());
        faulty.close();
    }

    @Test
    void aKilledProgramDoesNothingMore() throws IOException {
        faulty.dieAfter(2);
        faulty.write("1", new byte[1]);
        faulty.delete("1");
        assertThrows(PlannedFault.class, () -> faulty.write("2", new byte[1]));
        assertThrows(PlannedFault.class, this::names);
        assertTrue(faulty.isDead());
        assertEquals(0, memory.stat("2").stream().count());
    }

    @Test
    void aRecordingShowsWhatWasNotRead() throws IOException {
        memory.write("packs/1", new byte[10]);
        memory.write("packs/2", new byte[10]);
        memory.write("packs/3", new byte[0]);
        RecordingStorage recording = new RecordingStorage(memory);
        byte[] buffer = new byte[10];
        recording.read("packs/1", 2, buffer, 0, 2);
        recording.read("packs/1", 6, buffer, 0, 2);
        recording.read("packs/1", 4, buffer, 0, 2);
        recording.read("packs/1", 3, buffer, 0, 4);
        assertEquals(
                List.of(
                        new RecordingStorage.Range("packs/1", 0, 2),
                        new RecordingStorage.Range("packs/1", 8, 10),
                        new RecordingStorage.Range("packs/2", 0, 10)),
                recording.unread("packs/"));
        recording.read("packs/1", 0, buffer, 0, 2);
        recording.read("packs/1", 8, buffer, 0, 2);
        recording.readAll("packs/2", 10);
        assertEquals(List.of(), recording.unread(""));
        assertEquals(14, recording.bytesRead("packs/1"));
        assertEquals(List.of("packs/1", "packs/2"), recording.names());
    }
}

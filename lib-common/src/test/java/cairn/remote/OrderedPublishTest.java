package cairn.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.error.CairnException;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import cairn.store.FaultyStorage;
import cairn.store.FaultyStorage.Fault;
import cairn.store.FaultyStorage.Operation;
import cairn.store.ForwardingStorage;
import cairn.store.ForwardingWriter;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import cairn.store.OrderedWrites;
import cairn.store.Storage;
import cairn.store.StoredWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent without waiting is stored in its order all the same, and nothing that rests on what failed. */
class OrderedPublishTest {
    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();

    private static RemoteStorage open(Storage served) throws IOException {
        return RemoteStorage.open(PipeLink.to(new LastingStorage(served), TestKeys.full(true).repository()), null, 0);
    }

    private Set<String> names(String folder) {
        return new TreeSet<>(storage.names(folder));
    }

    /** Tells of each file right before it is published. */
    private static final class Watched extends ForwardingStorage {
        private final Consumer<String> publishing;

        Watched(Storage inner, Consumer<String> publishing) {
            super(inner);
            this.publishing = publishing;
        }

        @Override
        public void write(String name, byte[] content, int start, int length) throws IOException {
            writeByBegin(name, content, start, length);
        }

        @Override
        public StoredWriter begin(String folder) throws IOException {
            return new ForwardingWriter(inner.begin(folder)) {
                @Override
                public void publish(String name) throws IOException {
                    publishing.accept(name);
                    super.publish(name);
                }
            };
        }
    }

    private static String name(int number) {
        return "sessions/" + "0".repeat(31) + number + "-0";
    }

    @Test
    void aFileWaitsForTheOneBeforeItAndTheWriterForNeither() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Storage slow = new Watched(storage, name -> {
            order.add(name);
            if (name.equals(name(1))) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try (RemoteStorage far = open(slow)) {
            OrderedWrites writes = new OrderedWrites(far);
            for (int i = 1; i <= 4; i++) {
                writes.write(name(i), new byte[] {(byte) i});
            }
            while (order.isEmpty()) {
                far.now(); // until the first stands before the gate
            }
            for (int i = 0; i < 50; i++) {
                far.now(); // all of them have arrived there, and all threads there had their turn
            }
            assertEquals(List.of(name(1)), order);
            assertEquals(Set.of(), names("sessions/"));
            gate.countDown();
            writes.settle();
            assertEquals(List.of(name(1), name(2), name(3), name(4)), order);
            assertEquals(4, names("sessions/").size());
        }
    }

    @Test
    void whatFollowsAFailureIsNotStoredAndTheFailureIsTold() throws IOException {
        try (FaultyStorage faulty = new FaultyStorage(storage).plan(Operation.WRITE, name(2), 1, Fault.FAIL); RemoteStorage far = open(faulty)) {
            OrderedWrites writes = new OrderedWrites(far);
            for (int i = 1; i <= 4; i++) {
                writes.write(name(i), new byte[] {(byte) i});
            }
            IOException why = assertThrows(IOException.class, writes::settle);
            assertTrue(why.getMessage().contains("planned fault"), why.getMessage());
            assertEquals(Set.of(name(1)), names("sessions/"));
        }
    }

    @Test
    void aFailureIsRememberedForWhatIsSentAfterItIsKnown() throws IOException {
        try (FaultyStorage faulty = new FaultyStorage(storage).plan(Operation.WRITE, name(1), 1, Fault.FAIL); RemoteStorage far = open(faulty)) {
            OrderedWrites writes = new OrderedWrites(far);
            writes.write(name(1), new byte[] {1});
            assertThrows(IOException.class, writes::settle);
            writes.write(name(2), new byte[] {2});
            assertThrows(IOException.class, writes::settle);
            far.now();
            assertEquals(Set.of(), names("sessions/"));
        }
    }

    @Test
    void whatIsThereAlreadyIsAsGoodAsWritten() throws IOException {
        storage.write(name(1), new byte[] {1});
        try (RemoteStorage far = open(storage)) {
            OrderedWrites writes = new OrderedWrites(far);
            writes.write(name(1), new byte[] {1});
            writes.write(name(2), new byte[] {2});
            writes.settle();
            assertEquals(Set.of(name(1), name(2)), names("sessions/"));
        }
    }

    @Test
    void aBackupIsStoredInTheOrderOfTheRules() throws IOException {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Lab lab = new Lab(temp, true, 2);
        lab.write("one", 200_000, 1);
        lab.write("two", 3_000, 2);
        try (Repository repository = lab.open(open(new Watched(storage, order::add)))) {
            lab.backup(repository);
        }
        List<String> folders = order.stream().map(name -> name.substring(0, name.indexOf('/'))).toList();
        int packs = Collections.frequency(folders, "packs");
        List<String> expected = new ArrayList<>(List.of("sessions"));
        expected.addAll(Collections.nCopies(packs, "packs"));
        expected.addAll(List.of("index", "backups", "sessions"));
        assertEquals(expected, folders);
        assertTrue(order.getLast().endsWith("-end"), order.getLast());
        assertEquals(List.of(), lab.verify(storage, true).findings());
    }

    /** Each file of the last flight fails once: no backup then, nothing that leads to what is not there, and the next run makes it. */
    @Test
    void aFailureInTheLastFlightLeavesACleanRepository() throws IOException {
        Lab lab = new Lab(temp, true, 1);
        lab.write("one", 3_000, 1);
        for (int run = 0; run < 4; run++) {
            String folder = List.of("packs/", "packs/", "index/", "backups/").get(run);
            int call = run == 1 ? 2 : 1; // a pack of data, one of trees
            lab.write("one", 3_000, 2 + run);
            int backups = names("backups/").size();
            try (FaultyStorage faulty = new FaultyStorage(storage).plan(Operation.WRITE, folder, call, Fault.FAIL)) {
                IOException why = assertThrows(IOException.class, () -> {
                    try (Repository repository = lab.open(open(faulty))) {
                        lab.backup(repository);
                    }
                });
                assertTrue(why.getMessage().contains("planned fault"), why.getMessage());
            }
            assertEquals(backups, names("backups/").size(), folder);
            assertEquals(List.of(), lab.verify(storage, true).damage(), folder);
            try (Repository repository = lab.open(open(storage))) {
                Archiver.Result result = lab.backup(repository);
                assertEquals(Map.of("one", lab.readBack(storage, result.record().id()).get("one")), lab.readBack(storage, result.record().id()));
            }
            assertEquals(backups + 1, names("backups/").size(), folder);
            assertEquals(List.of(), lab.verify(storage, true).damage(), folder);
        }
        assertEquals(0, names("sessions/").stream().filter(name -> name.endsWith("-0"))
                .filter(name -> !names("sessions/").contains(name.substring(0, name.length() - 2) + "-end")).count(), "each session has ended");
    }

    @Test
    void aRequestThatWaitsForItselfEndsTheConversation() throws IOException {
        PipeLink link = PipeLink.to(new LastingStorage(storage), TestKeys.full(true).repository());
        try (Connection connection = new Connection(link)) {
            CollectCall call = new CollectCall(Message.BYTES, 0, "there");
            int request = connection.begin(call);
            byte[] folder = Requests.name("sessions/");
            connection.send(Message.BEGIN, request, folder, 0, folder.length);
            byte[] publish = Requests.name(name(1), request);
            connection.send(Message.PUBLISH, request, publish, 0, publish.length);
            connection.flush();
            assertThrows(CairnException.class, call::await);
        }
        assertEquals(Set.of(), names("sessions/"));
    }
}

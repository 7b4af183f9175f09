package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.crypto.Rng;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.key.KeyList;
import cairn.key.Role;
import cairn.mark.Mark;
import cairn.posix.RawString;
import cairn.query.FileContent;
import cairn.query.TreePath;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.remote.Message;
import cairn.remote.PipeLink;
import cairn.remote.RemoteStorage;
import cairn.remote.StorageServer;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import cairn.session.SessionFile;
import cairn.session.SessionId;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import cairn.store.StoredWriter;
import cairn.tree.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client can do that may only add to a repository, and what it can find out about others. */
class ClientStorageTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-21T06:00:00Z");

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();
    /** Whether the setting share-hashes is on, and clients trust each other. */
    private boolean sharing;
    private Lab alice;
    private Lab bob;

    @BeforeEach
    void fill() throws IOException {
        alice = TwoLabs.lab(temp, "alice", TwoLabs.ALICE);
        bob = TwoLabs.lab(temp, "bob", TwoLabs.BOB);
        for (int i = 0; i < 4; i++) {
            alice.write("a" + i, 50_000, 100 + i);
            bob.write("b" + i, 50_000, 200 + i);
        }
        for (String name : List.of("keys/alice", "keys/alice.2", "keys/bob", "keyring/1", "keylist/1", "cairn.toml")) {
            storage.write(name, new byte[40]);
        }
    }

    private ClientStorage as(String name) throws IOException {
        KeyList list = TwoLabs.list(sharing);
        Repository repository = new Repository(new LastingStorage(storage), RepositoryKeys.without(Streams.repository(), list));
        return new ClientStorage(repository, list, name, TestKeys.full(true).signer(), () -> RECEIVED, temp);
    }

    private RemoteStorage far(String name) throws IOException {
        ClientStorage restricted = as(name);
        return RemoteStorage.open(new PipeLink((in, out) -> {
            try (restricted) {
                int answers = sharing ? Message.ALL_ARE_ANSWERED | Message.OWN_ARE_ANSWERED : Message.OWN_ARE_ANSWERED;
                new StorageServer(restricted, Streams.repository(), restricted.questions(), Message.MAY_WRITE | answers, "test").serve(in, out);
            }
        }), null, 0);
    }

    private Archiver.Result backup(Lab lab, String name) throws IOException {
        try (Repository repository = lab.open(far(name))) {
            return lab.backup(repository);
        }
    }

    private static Set<String> names(Storage of) throws IOException {
        Set<String> names = new TreeSet<>();
        of.list("", file -> names.add(file.name()));
        return names;
    }

    private static Set<String> names(Storage of, String folder) throws IOException {
        Set<String> names = new TreeSet<>();
        of.list(folder, file -> names.add(file.name()));
        return names;
    }

    private static void assertRefused(org.junit.jupiter.api.function.Executable call) {
        CairnException e = assertThrows(CairnException.class, call);
        assertEquals(ExitCode.REFUSED, e.exitCode(), e.getMessage());
    }

    @Test
    void twoClientsAddBackupsAndReadTheirOwn() throws IOException {
        backup(alice, "alice");
        backup(bob, "bob");
        try (Storage mine = far("bob"); Repository repository = bob.open(new LastingStorage(mine))) {
            List<Hash> own = repository.records().list();
            assertEquals(1, own.size());
            assertEquals(bob.live(), bob.readBack(new LastingStorage(mine), own.getFirst()));
            RecordFile record = repository.records().get(own.getFirst());
            assertEquals(RECEIVED, record.received(), "the receiver puts its time around the record");
        }
        for (String made : List.of("keys/alice", "keys/alice.2", "keys/bob", "keyring/1", "keylist/1")) {
            storage.delete(made);
        }
        Lab owner = new Lab(Files.createDirectory(temp.resolve("owner")), () -> TestKeys.full(true), 1);
        assertEquals(2, names(storage, "backups/").size());
        assertEquals(List.of(), owner.verify(storage, true).damage());
    }

    @Test
    void theSecondBackupOfAClientBuildsOnItsFirst() throws IOException {
        Archiver.Result first = backup(bob, "bob");
        bob.write("b1", 50_000, 999);
        Archiver.Result second = backup(bob, "bob");
        assertEquals(first.record().head().sequence() + 1, second.record().head().sequence());
        assertTrue(second.base() != null);
        assertTrue(second.added() < first.added() / 2, second.added() + " after " + first.added());
    }

    @Test
    void aClientSeesNothingOfAnother() throws IOException {
        backup(alice, "alice");
        Set<String> ofAlice = names(storage);
        backup(bob, "bob");
        Set<String> ofBob = names(storage);
        ofBob.removeAll(ofAlice);
        Storage mine = as("bob");
        ofBob.addAll(List.of("keys/bob", "keyring/1", "keylist/1", "cairn.toml"));
        assertEquals(ofBob, names(mine));
        assertEquals(Set.of("keys/alice", "keys/alice.2"), names(as("alice"), "keys/"));
        assertEquals(Set.of(), names(as("alice"), "keyring/"), "a key that may not read needs no private keys");
        for (String name : ofAlice) {
            if (!names(mine).contains(name)) {
                assertTrue(mine.stat(name).isEmpty(), name);
                assertThrows(NotStoredException.class, () -> mine.readAll(name, 1 << 20), name);
                assertThrows(NotStoredException.class, () -> mine.read(name, 0, new byte[1], 0, 1), name);
            }
        }
    }

    @Test
    void aClientDeletesMarksAndReplacesNothing() throws IOException {
        backup(bob, "bob");
        Set<String> before = names(storage);
        Storage mine = as("bob");
        for (String name : before) {
            assertRefused(() -> mine.delete(name));
        }
        byte[] mark = new Mark(Mark.Type.RECORDS, Rng.bytes(16), List.of(Hash.ZERO), "").encode(Streams.repository(), TestKeys.full(true, TwoLabs.BOB)
                .signer());
        String name = Mark.name(Mark.decode(mark, Streams.repository(), null, "mark").name());
        assertRefused(() -> mine.write(name, mark));
        for (String other : List.of("keys/new", "keylist/2", "keyring/2", "marks/x", "cairn.toml", "else/x", "x")) {
            assertRefused(() -> mine.write(other, new byte[100]));
        }
        assertEquals(before, names(storage));
        assertFalse(mine.mayDelete());
    }

    @Test
    void filesThatAreOnTheirWayTakeABoundedMemoryTogether() throws IOException {
        Storage mine = as("alice");
        byte[] much = new byte[1 << 20];
        List<StoredWriter> begun = new ArrayList<>();
        int taken = 0;
        CairnException refused = null;
        for (int i = 0; i < 64 && refused == null; i++) {
            StoredWriter writer = mine.begin("index/");
            begun.add(writer);
            try {
                writer.write(much, 0, much.length);
                taken++;
            } catch (CairnException e) {
                refused = e;
            }
        }
        assertEquals(32, taken, "MiB");
        assertEquals(ExitCode.REFUSED, refused.exitCode());
        for (StoredWriter writer : begun) {
            writer.close();
            writer.close();
        }
        try (StoredWriter writer = mine.begin("index/")) {
            for (int i = 0; i < 32; i++) {
                writer.write(much, 0, much.length);
            }
        }
    }

    @Test
    void whatAnotherKeySignedIsNotTaken() throws IOException {
        MemoryStorage elsewhere = new MemoryStorage();
        bob.backup(elsewhere);
        Storage mine = as("alice");
        List<String> files = new ArrayList<>();
        elsewhere.list("", file -> files.add(file.name()));
        assertTrue(files.size() > 4);
        for (String name : files) {
            assertRefused(() -> mine.write(name, elsewhere.readAll(name, 1 << 20)));
        }
        assertEquals(Set.of(), names(mine, "packs/"));
    }

    @Test
    void aSessionIsEndedOnlyByWhoBeganIt() throws IOException {
        SessionId session = SessionId.read(Rng.bytes(SessionId.BYTES), 0);
        SessionFile begun = new SessionFile(session, 0);
        as("alice").write(begun.name(), begun.encode(Streams.repository(), TestKeys.full(true, TwoLabs.ALICE).signer()));
        SessionFile end = new SessionFile(session, SessionFile.END);
        assertRefused(() -> as("bob").write(end.name(), end.encode(Streams.repository(), TestKeys.full(true, TwoLabs.BOB).signer())));
        as("alice").write(end.name(), end.encode(Streams.repository(), TestKeys.full(true, TwoLabs.ALICE).signer()));
    }

    /** A record that names a blob would else tell by its fate whether anybody has that blob. */
    @Test
    void aRecordLeadsOnlyToWhatItsWriterSentWhetherOthersHaveItOrNot() throws IOException {
        backup(alice, "alice");
        RecordHead head;
        try (Repository repository = alice.open(new LastingStorage(storage))) {
            head = repository.records().get(repository.records().list().getFirst()).head();
        }
        String there = refusal(head.tree());
        String nowhere = refusal(BlobId.read(Rng.bytes(BlobId.BYTES), 0));
        assertEquals(there.replaceAll("blob \\w+", "blob"), nowhere.replaceAll("blob \\w+", "blob"));
        assertEquals(1, names(storage, "backups/").size());
    }

    private String refusal(BlobId tree) throws IOException {
        backup(bob, "bob");
        try (Storage mine = as("bob"); Repository repository = bob.open(new LastingStorage(mine))) {
            SessionFile session = new SessionFile(SessionId.read(Rng.bytes(SessionId.BYTES), 0), 0);
            mine.write(session.name(), session.encode(Streams.repository(), TestKeys.full(true, TwoLabs.BOB).signer()));
            RecordFile own = repository.records().get(repository.records().list().getLast());
            names(mine).stream().filter(name -> name.startsWith("backups/")).forEach(storage()::delete);
            RecordHead forged = new RecordHead(1, Hash.ZERO, session.session(), tree, own.head().stat(), own.head().time(), 0, 1, 1, 1,
                    own.head().group(), List.of());
            byte[] file = RecordFile.encode(Streams.repository(), forged, own.body(TestKeys.full(true, TwoLabs.BOB).recordKey(own.section())), null,
                    TestKeys.full(true, TwoLabs.BOB).signer());
            Hash id = RecordFile.decode(file, Streams.repository(), null, "forged").id();
            CairnException e = assertThrows(CairnException.class, () -> mine.write(RecordFile.name(id), file));
            assertEquals(ExitCode.REFUSED, e.exitCode());
            return e.getMessage();
        }
    }

    private interface Deleting {
        void delete(String name);
    }

    private Deleting storage() {
        return name -> {
            try {
                storage.delete(name);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
    }

    private long sentBy(Lab lab, String name) throws IOException {
        RemoteStorage link = far(name);
        try (Repository repository = lab.open(link)) {
            lab.backup(repository);
            return link.sent();
        }
    }

    /** Bob has the same files as alice, and trusts what she stores. */
    private long sentOfTheSame(boolean shared) throws IOException {
        sharing = shared;
        Lab same = new Lab(Files.createDirectory(temp.resolve("same-" + shared)), () -> TestKeys.trusting(TwoLabs.BOB), 1);
        for (int i = 0; i < 4; i++) {
            same.write("a" + i, 50_000, 100 + i);
        }
        return sentBy(same, "bob");
    }

    @Test
    void whatOthersHaveIsSentUnlessHashesAreShared() throws IOException {
        backup(alice, "alice");
        long all = sentOfTheSame(false);
        assertTrue(all > 200_000, "only " + all + " bytes were sent");
        assertTrue(sentBy(TwoLabs.lab(temp, "again", TwoLabs.BOB), "bob") < all);
    }

    @Test
    void whatOthersHaveIsNotSentIfHashesAreShared() throws IOException {
        backup(alice, "alice");
        long sent = sentOfTheSame(true);
        assertTrue(sent < 50_000, sent + " bytes were sent");
    }

    @Test
    void questionsTellNothingOfOthersUnlessHashesAreShared() throws IOException {
        backup(alice, "alice");
        backup(bob, "bob");
        List<BlobId> ofAlice = new ArrayList<>();
        try (Repository repository = alice.open(new LastingStorage(storage))) {
            for (Hash id : repository.records().list()) {
                RecordFile record = repository.records().get(id);
                if (Arrays.equals(record.signer(), TestKeys.full(true, TwoLabs.ALICE).signer().publicKey())) {
                    ofAlice.add(record.head().tree());
                    ofAlice.add(record.head().stat());
                }
            }
        }
        assertEquals(2, ofAlice.size());
        try (RemoteStorage link = far("bob")) {
            link.find(ofAlice).forEach(places -> assertEquals(List.of(), places));
        }
        try (RemoteStorage link = far("alice")) {
            link.find(ofAlice).forEach(places -> assertEquals(1, places.size()));
        }
    }

    /** A prune moves blobs into packs of its own and merges the index: what belongs to a client stays within its reach, and no more. */
    @Test
    void aClientReadsItsBackupsAlsoAfterAPrune() throws IOException {
        for (String made : List.of("keys/alice", "keys/alice.2", "keys/bob", "keyring/1", "keylist/1")) {
            storage.delete(made);
        }
        for (int i = 0; i < 3; i++) {
            alice.write("a" + i, 50_000, 500 + i);
            bob.write("b" + i, 50_000, 600 + i);
            backup(alice, "alice");
            backup(bob, "bob");
        }
        Lab owner = new Lab(Files.createDirectory(temp.resolve("owner")), () -> TestKeys.full(true), 1);
        List<Hash> old = new ArrayList<>();
        try (Repository repository = bob.open(new LastingStorage(storage))) {
            repository.records().readable(repository.marks()).stream().filter(record -> record.head().sequence() < 3)
                    .forEach(record -> old.add(record.id()));
        }
        assertEquals(4, old.size());
        owner.forget(storage, old.toArray(Hash[]::new));
        for (int i = 0; i < 2; i++) {
            storage.advance(Duration.ofDays(3));
            owner.prune(storage, Duration.ofDays(1));
        }
        Set<String> moved = names(storage, "packs/");
        moved.removeAll(names(as("bob"), "packs/"));
        moved.removeAll(names(as("alice"), "packs/"));
        assertFalse(moved.isEmpty(), "the prune has moved something into packs of its own");
        RemoteStorage link = far("bob");
        try (Repository repository = bob.open(link)) {
            assertEquals(1, repository.records().list().size());
            RecordFile record = repository.records().get(repository.records().list().getFirst());
            Backup backup = repository.records().open(record, repository.marks());
            for (int i = 0; i < 4; i++) {
                Path file = bob.source.resolve("b" + i);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try (FileContent content = new FileContent(repository)) {
                    content.copy((Entry.File) TreePath.resolve(repository, backup, RawString.encode(file.toString())), out);
                }
                org.junit.jupiter.api.Assertions.assertArrayEquals(Files.readAllBytes(file), out.toByteArray());
            }
        }
    }

    /** Not even of its own: what it stored before its key was stolen stays. */
    @Test
    void aClientWritesOverNothingOfItsOwn() throws IOException {
        backup(bob, "bob");
        Storage mine = as("bob");
        Map<String, byte[]> before = new TreeMap<>();
        for (String name : names(mine)) {
            before.put(name, storage.readAll(name, 1 << 24));
        }
        List<String> own = before.keySet().stream().filter(name -> name.matches("(packs|index|backups|sessions)/.*")).toList();
        assertTrue(own.size() > 4);
        for (String name : own) {
            byte[] same = before.get(name);
            byte[] other = same.clone();
            other[other.length / 2] ^= 1;
            assertThrows(CairnException.class, () -> mine.write(name, other), name);
            assertThrows(CairnException.class, () -> mine.write(name, same), name);
        }
        for (String name : before.keySet()) {
            org.junit.jupiter.api.Assertions.assertArrayEquals(before.get(name), storage.readAll(name, 1 << 24), name);
        }
    }

    @Test
    void namesThatLeadElsewhereAreNoNames() throws IOException {
        backup(bob, "bob");
        Storage mine = as("bob");
        for (String name : List.of("packs/../keys/alice", "../secret", "/etc/passwd", "packs/aa/../../keyring/1", "keys/./alice", "keys//alice",
                "packs/.tmp-1", "keys/alice\0", "")) {
            assertThrows(IllegalArgumentException.class, () -> mine.stat(name), name);
            assertThrows(IllegalArgumentException.class, () -> mine.readAll(name, 10), name);
            assertThrows(IllegalArgumentException.class, () -> mine.read(name, 0, new byte[1], 0, 1), name);
            assertThrows(RuntimeException.class, () -> mine.write(name, new byte[1]), name);
            assertThrows(CairnException.class, () -> mine.delete(name), name);
        }
        for (String folder : List.of("../", "/", "packs/../keys/", ".tmp/")) {
            assertThrows(IllegalArgumentException.class, () -> names(mine, folder), folder);
            assertThrows(RuntimeException.class, () -> mine.begin(folder), folder);
        }
    }

    /** A machine that was set up anew has the name of the old one, and another key: what the old key made is not its own. */
    @Test
    void aSuccessorOfTheSameNameSeesNothingOfItsPredecessor() throws IOException {
        backup(alice, "alice");
        KeyList.Member before = new KeyList.Member("alice", Role.WRITE, KeyList.Standing.REVOKED, TestKeys.full(true, TwoLabs.ALICE).signer()
                .publicKey(), null, 0, 1);
        KeyList list = new KeyList(2, Hash.ZERO, 1, false, List.of(), List.of(TwoLabs.member("owner", 7, Role.FULL), before,
                TwoLabs.member("alice", 23, Role.WRITE)),
                new TreeMap<>());
        Repository repository = new Repository(new LastingStorage(storage), RepositoryKeys.without(Streams.repository(), list));
        try (ClientStorage mine = new ClientStorage(repository, list, "alice", TestKeys.full(true).signer(), () -> RECEIVED, temp)) {
            for (String folder : List.of("packs/", "index/", "backups/", "sessions/")) {
                assertEquals(Set.of(), names(mine, folder));
            }
            for (String name : names(storage, "packs/")) {
                assertThrows(NotStoredException.class, () -> mine.read(name, 0, new byte[1], 0, 1));
            }
        }
    }

    @Test
    void whoIsNoWriterIsNotServed() {
        assertRefused(() -> as("mallory"));
    }

    /** A method that is new in {@link Storage} is not passed on for clients until somebody has thought about it. */
    @Test
    void itDecidesItselfAboutEveryCallThatTellsOfFiles() {
        Set<String> passedOn = new TreeSet<>();
        for (Method method : Storage.class.getMethods()) {
            try {
                ClientStorage.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
            } catch (NoSuchMethodException inherited) {
                passedOn.add(method.getName() + method.getParameterCount());
            }
        }
        // write of two parameters is the one of four, and so is writeAfter; deleteAll deletes one by one
        assertEquals(Set.of("deleteAll1", "isFar0", "isOneWay0", "listsLate0", "listsOneState0", "location0", "now0", "write2", "writeAfter5"), passedOn);
    }
}

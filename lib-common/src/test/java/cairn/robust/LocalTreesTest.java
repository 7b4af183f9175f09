package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.key.Role;
import cairn.repo.LocalTrees;
import cairn.repo.Repository;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTreesTest {
    @TempDir
    Path temp;

    private Circle circle;
    private Lab client;
    private Lab owner;

    @BeforeEach
    void makeClient() throws IOException {
        circle = new Circle(new MemoryStorage(), temp);
        circle.add("client", Role.WRITE);
        client = circle.lab("client");
        owner = circle.lab("owner");
        client.fill(1);
        Clocks.pass(client.source);
        Clocks.assumeUnchangedIsSeen(client.source);
    }

    private Path folder() {
        return LocalTrees.folder(client.cache(), circle.key("client").repository(), circle.key("client").signingKey());
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(folder())) {
            return new ArrayList<>(all.filter(Files::isRegularFile).toList());
        }
    }

    @Test
    void aWriteKeyReadsOnlyWhatChangedAndTheOwnerRestoresAll() throws IOException {
        client.backup(circle.storage);
        long all = client.counts.bytesRead.sum();
        assertTrue(all > 300_000);
        client.write("middle/g2", 20_000, 77);
        Clocks.pass(client.source);
        Archiver.Result second = client.backup(circle.storage);
        assertNotNull(second.base());
        assertEquals(20_000, client.counts.bytesRead.sum());
        assertEquals(client.live(), restored(second));
        Archiver.Result third = client.backup(circle.storage);
        assertEquals(0, client.counts.bytesRead.sum());
        assertEquals(client.live(), restored(third));
    }

    private Map<String, String> restored(Archiver.Result result) throws IOException {
        Map<String, String> below = new TreeMap<>();
        String prefix = client.source + "/";
        owner.readBack(circle.storage, result.record().id()).forEach((path, content) -> below.put(path.substring(prefix.length()), content));
        return below;
    }

    @Test
    void itIsForItsOwnerOnlyAndShowsNoNameToWhoHasTheDiskAlone() throws IOException {
        Files.writeString(client.source.resolve("planted-name-x7"), "planted-content-y8");
        client.backup(circle.storage);
        assertEquals(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE),
                Files.getPosixFilePermissions(folder()));
        assertTrue(files().size() >= 3);
        for (Path file : files()) {
            String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertFalse(bytes.contains("planted"), file.toString());
        }
    }

    @Test
    void losingItCostsOneReadingOfAllFiles() throws IOException {
        client.backup(circle.storage);
        long all = client.counts.bytesRead.sum();
        for (Path file : files()) {
            Files.delete(file);
        }
        Archiver.Result second = client.backup(circle.storage);
        assertEquals(all, client.counts.bytesRead.sum());
        assertTrue(second.added() < 5000, "data that is there is not stored again");
        client.backup(circle.storage);
        assertEquals(0, client.counts.bytesRead.sum());
    }

    @Test
    void anyFileOfItThatIsDamagedOrGoneCostsTimeAndNoByte() throws IOException {
        client.backup(circle.storage);
        for (int i = 0; i < files().size(); i++) {
            for (boolean delete : new boolean[] {true, false}) {
                List<Path> files = files();
                if (i >= files.size()) {
                    continue;
                }
                files.sort(null);
                Path file = files.get(i);
                if (delete) {
                    Files.delete(file);
                } else {
                    byte[] bytes = Files.readAllBytes(file);
                    for (int at = 0; at < bytes.length; at += 7) {
                        bytes[at] ^= 0x55;
                    }
                    file.toFile().setWritable(true);
                    Files.write(file, bytes);
                }
                client.write("small/f1", 700, 1000 + 2 * i + (delete ? 0 : 1));
                Clocks.pass(client.source);
                Archiver.Result result = client.backup(circle.storage);
                assertEquals(client.live(), restored(result), file + (delete ? " deleted" : " damaged"));
                assertFalse(result.record().head().partial());
                client.backup(circle.storage);
                assertEquals(0, client.counts.bytesRead.sum(), "healed after " + file + (delete ? " deleted" : " damaged"));
            }
        }
        assertEquals(List.of(), client.problems);
    }

    @Test
    void itKeepsTheNewestTwoBackupsOfEachChoiceOfPathsOnly() throws IOException {
        for (int i = 0; i < 5; i++) {
            client.write("small/f1", 700, 10 + i);
            client.backup(circle.storage);
        }
        try (Repository repository = client.open(circle.storage)) {
            client.backup(repository, client.source.resolve("middle"));
        }
        try (Repository repository = client.open(circle.storage)) {
            LocalTrees.attach(repository, client.cache());
            assertEquals(3, repository.localTrees().kept().size());
        }
    }

    @Test
    void anotherKeyOnTheSameMachineHasItsOwn() throws IOException {
        client.backup(circle.storage);
        circle.add("other", Role.WRITE);
        try (Repository repository = new Repository(circle.storage, circle.of("other"))) {
            LocalTrees.attach(repository, client.cache());
            assertEquals(0, repository.localTrees().kept().size());
        }
    }

    @Test
    void aWriteKeyCannotReadARecordThatItDoesNotKeep() throws IOException {
        Archiver.Result result = client.backup(circle.storage);
        try (Repository repository = client.open(circle.storage)) {
            CairnException refused = assertThrows(CairnException.class,
                    () -> repository.records().open(repository.records().get(result.record().id()), repository.marks()));
            assertEquals(ExitCode.REFUSED, refused.exitCode());
            LocalTrees.attach(repository, client.cache());
            assertEquals("host", repository.records().open(repository.records().get(result.record().id()), repository.marks()).body().host());
        }
    }

    @Test
    void aFullKeyNearItsRepositoryKeepsNone() throws IOException {
        owner.fill(3);
        owner.backup(circle.storage);
        try (Repository repository = owner.open(circle.storage)) {
            LocalTrees.attachIfUseful(repository, owner.cache());
            assertNull(repository.localTrees());
        }
    }
}

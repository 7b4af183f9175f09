package cairn.restore;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.pack.PackFormat;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.repo.Backup;
import cairn.store.MemoryStorage;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage costs the files that need what is damaged, and no others. */
class DamageTest {
    @TempDir
    Path temp;

    private MemoryStorage storage;
    private RestoreFixture at;
    private Backup backup;
    private Map<String, String> wanted;

    @BeforeEach
    void open() throws IOException {
        storage = new MemoryStorage();
        at = new RestoreFixture(temp, storage);
        at.tree.dir("source/d");
        for (int i = 0; i < 10; i++) {
            byte[] content = new byte[50_000 + i];
            new Random(i).nextBytes(content);
            int fd = Open.openat(at.tree.fd, bytes("source/d/f" + i), Open.O_WRONLY | Open.O_CREAT, 0644);
            Io.write(fd, content, 0, content.length);
            Open.close(fd);
        }
        backup = at.backup();
        wanted = TreeState.of(at.source());
    }

    @AfterEach
    void close() throws IOException {
        at.close();
    }

    /** Turns one bit in the blob of a file. */
    private void damage(String file) throws IOException {
        RestoreParts parts = new RestoreParts(at.repository.trees(), backup, Owners.NUMERIC, PathFilter.ALL, List.of());
        Entry.File entry = (Entry.File) parts.find(at.tree.path("source/d/" + file));
        Item.Data item = (Item.Data) ((Content.Listed) entry.content()).items().getFirst();
        RestoreSource.Place place = new RepositorySource(at.repository).locate(item.blob());
        String name = PackFormat.name(place.pack());
        byte[] pack = storage.readAll(name, 1 << 30);
        pack[place.offset() + place.stored() / 2] ^= 1;
        storage.delete(name);
        storage.write(name, pack);
    }

    private void assertAllButF3AreRight() throws IOException {
        Map<String, String> got = TreeState.of(at.tree.path("out"));
        for (String path : wanted.keySet()) {
            if (!path.equals("d/f3")) {
                assertEquals(wanted.get(path), got.get(path));
            }
        }
    }

    @Test
    void onlyTheFileOfADamagedBlobIsMissed() throws Exception {
        damage("f3");
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(1, summary.failed());
        assertEquals(1, at.failures.size());
        assertTrue(at.failures.getFirst().startsWith("f3: "), at.failures.getFirst());
        assertAllButF3AreRight();
    }

    @Test
    void anExistingFileStaysAsItWasWhereItsContentCannotBeHad() throws Exception {
        at.restoreTo(backup, "out");
        damage("f3");
        at.tree.file("out/d/f3", "the user's own words").file("out/d/f4", "x");
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(1, summary.failed());
        assertEquals("the user's own words", new String(Sys.readFile(at.tree.fd, bytes("out/d/f3"))));
        assertAllButF3AreRight();
    }

    @Test
    void aMissingPackIsToldForEachFileThatNeedsIt() throws Exception {
        List<String> packs = new ArrayList<>();
        storage.list("packs/", file -> packs.add(file.name()));
        RestoreParts parts = new RestoreParts(at.repository.trees(), backup, Owners.NUMERIC, PathFilter.ALL, List.of());
        Entry.File entry = (Entry.File) parts.find(at.tree.path("source/d/f3"));
        Item.Data item = (Item.Data) ((Content.Listed) entry.content()).items().getFirst();
        storage.delete(PackFormat.name(new RepositorySource(at.repository).locate(item.blob()).pack()));
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(summary.failed(), at.failures.size());
        assertTrue(summary.failed() >= 1);
        assertEquals(10, summary.failed() + summary.created());
    }

    @Test
    void readingBackFindsWhatTheDiskGotWrong() throws Exception {
        at.options = at.options.withVerify(true);
        boolean[] spoilt = new boolean[1];
        at.onWrite = () -> {
            synchronized (spoilt) {
                try {
                    if (!spoilt[0] && new Stat().exists(at.tree.fd, bytes("out/d/f0"))) {
                        spoilt[0] = true;
                        int fd = Open.openat(at.tree.fd, bytes("out/d/f0"), Open.O_WRONLY, 0);
                        Io.pwrite(fd, 20_000, bytes("?"), 0, 1);
                        Open.close(fd);
                    }
                } catch (PosixException e) {
                    throw new AssertionError(e);
                }
            }
        };
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(1, summary.failed());
        assertTrue(at.failures.getFirst().startsWith("f0: reads back wrong"), at.failures.getFirst());
    }
}

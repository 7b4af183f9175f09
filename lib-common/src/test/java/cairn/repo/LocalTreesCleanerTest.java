package cairn.repo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.key.Role;
import cairn.robust.Circle;
import cairn.robust.Clocks;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTreesCleanerTest {
    @TempDir
    Path temp;

    @Test
    void whatOnlyOlderBackupsLedToIsDroppedAndTheNewestStaysWhole() throws IOException {
        Circle circle = new Circle(new MemoryStorage(), temp);
        circle.add("client", Role.WRITE);
        Lab client = circle.lab("client");
        for (int i = 0; i < 6; i++) {
            client.fill(i);
            for (int j = 0; j < 50; j++) {
                client.write("inline/" + i + "-" + j, 500, 50 * i + j);
            }
            client.backup(circle.storage);
            try (var all = Files.list(client.source.resolve("inline"))) {
                for (Path file : (Iterable<Path>) all::iterator) {
                    Files.delete(file);
                }
            }
        }
        client.write("inline/last", 500, 9999);
        client.backup(circle.storage);
        Clocks.pass(client.source);
        client.backup(circle.storage);
        try (Repository repository = client.open(circle.storage)) {
            LocalTrees.attach(repository, client.cache());
            LocalTrees trees = repository.localTrees();
            long before = bytes(trees);
            assertTrue(before > 150_000, "six times 25,000 bytes that stand in trees: " + before);
            LocalTreesCleaner.clean(trees, client.cache(), 0);
            assertTrue(bytes(trees) < before / 4, bytes(trees) + " of " + before);
            LocalTrees.Kept kept = trees.kept().getLast();
            int[] pieces = {0, 0};
            try (BlobIdSet seen = new BlobIdSet(client.cache())) {
                trees.walk(kept, seen, (id, here) -> pieces[here ? 0 : 1]++);
            }
            assertTrue(pieces[0] >= 10, "directories and their stats: " + pieces[0]);
            assertTrue(pieces[1] > 20, "data is led to, and not here: " + pieces[1]);
        }
        Archiver.Result after = client.backup(circle.storage);
        assertNotNull(after.base());
        Clocks.assumeUnchangedIsSeen(client.source);
        assertEquals(0, client.counts.bytesRead.sum());
        assertEquals(List.of(), client.notes);
        assertEquals(List.of(), client.leftOut);
    }

    private static long bytes(LocalTrees trees) throws IOException {
        long[] bytes = {0};
        trees.storage().list("packs/", file -> bytes[0] += file.size());
        return bytes[0];
    }
}

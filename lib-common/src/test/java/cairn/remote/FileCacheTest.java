package cairn.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of far files: what is kept, for how long, and that none is believed. */
class FileCacheTest {
    private static final RepositoryId REPOSITORY = TestKeys.full(true).repository();
    private static final long NOW = 1_800_000_000_000L;
    private static final long DAY = 24 * 3600_000L;

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();

    private RemoteStorage open(long bound) throws IOException {
        return RemoteStorage.open(new PipeLink((in, out) -> new StorageServer(storage, REPOSITORY, null,
                Message.MAY_WRITE | Message.MAY_DELETE, "test").serve(in, out)), temp.resolve("cache"), bound);
    }

    private Hash backup(Lab lab, long bound) throws IOException {
        try (Repository repository = lab.open(open(bound))) {
            return lab.backup(repository).record().id();
        }
    }

    private List<Path> copies() throws IOException {
        try (var all = Files.walk(temp.resolve("cache"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private long size() throws IOException {
        long size = 0;
        for (Path copy : copies()) {
            size += Files.size(copy);
        }
        return size;
    }

    private Path file(String name, int size, long used) throws IOException {
        Path file = temp.resolve("all").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[size]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(used));
        return file;
    }

    @Test
    void allCopiesTogetherStayBelowTheBound() throws IOException {
        Lab lab = new Lab(temp, true, 1);
        lab.fill(1);
        backup(lab, 1 << 30);
        long unbounded = size();
        long bound = unbounded / 2;
        int kept = 0;
        for (int i = 0; i < 4; i++) {
            lab.write("new" + i, 20_000, i);
            backup(lab, bound);
            assertTrue(size() <= bound, size() + " bytes are kept, " + bound + " may be");
            kept += copies().size();
        }
        assertTrue(kept > 0, "nothing was kept at all");
        backup(lab, 0);
        assertTrue(size() <= bound);
    }

    @Test
    void whatWasUsedLongestAgoGoesFirstOfWhicheverRepository() throws IOException {
        Path old = file("a/packs/1", 400, NOW - 3 * DAY);
        Path newer = file("b/packs/2", 400, NOW - 2 * DAY);
        Path newest = file("a/index/3", 400, NOW - DAY);
        FileCache.cleanUp(temp.resolve("all"), 1200, NOW);
        assertTrue(Files.exists(old) && Files.exists(newer) && Files.exists(newest), "they fit");
        FileCache.cleanUp(temp.resolve("all"), 1199, NOW);
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(newer) && Files.exists(newest));
        FileCache.cleanUp(temp.resolve("all"), 500, NOW);
        assertFalse(Files.exists(newer));
        assertTrue(Files.exists(newest));
    }

    @Test
    void whatKilledRunsLeftGoesAfterADayAndWhatIsBeingWrittenStays() throws IOException {
        Path left = file("a/.new-1", 400, NOW - DAY - 1000);
        Path written = file("a/.new-2", 400, NOW - DAY + 1000);
        Path kept = file("a/index/3", 400, NOW - 10 * DAY);
        FileCache.cleanUp(temp.resolve("all"), 500, NOW);
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(written));
        assertTrue(Files.exists(kept), "what is being written does not count");
    }

    @Test
    void aCopyThatWasDamagedIsFetchedAgain() throws IOException {
        Lab lab = new Lab(temp, true, 1);
        lab.fill(2);
        Hash backup = backup(lab, 1 << 30);
        List<Path> good = copies();
        assertFalse(good.isEmpty());
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < good.size(); i++) {
            byte[] content = Files.readAllBytes(good.get(i));
            contents.add(content.clone());
            if (i % 2 == 0) {
                content[content.length / 2] ^= 1;
                Files.write(good.get(i), content);
            } else {
                Files.write(good.get(i), Arrays.copyOf(content, content.length / 2));
            }
        }
        try (RemoteStorage far = open(1 << 30)) {
            assertEquals(lab.live(), lab.readBack(far, backup));
        }
        lab.write("one more", 20_000, 3);
        Hash next = backup(lab, 1 << 30);
        try (RemoteStorage far = open(1 << 30)) {
            assertEquals(lab.live(), lab.readBack(far, next));
        }
        for (int i = 0; i < good.size(); i++) {
            if (Files.exists(good.get(i))) {
                org.junit.jupiter.api.Assertions.assertArrayEquals(contents.get(i), Files.readAllBytes(good.get(i)), good.get(i) + " is still damaged");
            }
        }
        assertEquals(List.of(), lab.verify(storage, true).damage());
    }

    @Test
    void copiesOfWhatTheRepositoryHasNoMoreAreDropped() throws IOException {
        Lab lab = new Lab(temp, true, 1);
        lab.fill(3);
        Hash backup = backup(lab, 1 << 30);
        Path copy = temp.resolve("cache/remote").resolve(REPOSITORY.hex()).resolve("backups").resolve(backup.hex());
        assertTrue(Files.exists(copy), "it was just written");
        storage.delete("backups/" + backup.hex());
        try (RemoteStorage far = open(1 << 30)) {
            TreeSet<String> names = new TreeSet<>();
            far.list("backups/", file -> names.add(file.name()));
            assertEquals(new TreeSet<>(), names);
        }
        assertFalse(Files.exists(copy));
    }
}

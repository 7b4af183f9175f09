package cairn.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.ArchiveOptions.Compared;
import cairn.pack.Compression;
import cairn.posix.RawPath;
import cairn.repo.BlobReader;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.robust.Clocks;
import cairn.scan.ScanInput;
import cairn.spool.Spool;
import cairn.store.LocalFolder;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.TreeReader;
import cairn.walk.Mappings;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiverTest {
    @TempDir
    Path temp;

    private Path source;
    private Repository repository;
    private final Heard heard = new Heard();
    private ArchiveCounts counts;

    @BeforeEach
    void open() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        repository = new Repository(LocalFolder.create(temp.resolve("repo").toString()), TestKeys.full(true), Map.of(), Clocks.PATIENT);
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private Archiver.Result backup() throws IOException {
        return backup(sources(source.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private Archiver.Result backup(Sources sources) throws IOException {
        return backup(sources.paths(), visitor -> Walk.run(sources, WalkOptions.DEFAULT, visitor));
    }

    private Archiver.Result backup(List<byte[]> paths, Archiver.Source from) throws IOException {
        counts = new ArchiveCounts();
        ArchiveOptions options = new ArchiveOptions("host", "", paths, List.of(), Instant.now(), EnumSet.allOf(Compared.class),
                false, 0, 2, temp, "test");
        return new Archiver(repository, options, counts, heard, () -> false).run(from, Compression.AUTO, 1 << 20);
    }

    private static Sources sources(byte[] path) throws IOException {
        Sources sources = new Sources();
        sources.add(path);
        return sources;
    }

    private Entry find(Archiver.Result result, String name) throws IOException {
        repository.refresh();
        TreeReader trees = repository.trees();
        TreeReader.DirectoryCursor root = trees.root(result.record().head().tree(), null);
        assertTrue(root.next());
        Entry at = root.entry();
        for (byte[] part : RawPath.split(source.resolve(name).toString().getBytes(StandardCharsets.UTF_8))) {
            at = trees.find(((Entry.Directory) at).tree(), part);
            assertNotNull(at, name);
        }
        return at;
    }

    private byte[] content(Entry.File file) throws IOException {
        if (file.content() instanceof Content.Inline inline) {
            return inline.bytes();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BlobReader reader = repository.newReader()) {
            for (TreeReader.ItemCursor items = repository.trees().items(file); items.next();) {
                switch (items.item()) {
                    case Item.Hole hole -> out.write(new byte[(int) hole.length()]);
                    case Item.Data data -> {
                        reader.read(data.blob());
                        out.write(reader.payload(), data.offset(), data.dataLength());
                    }
                }
            }
        }
        return out.toByteArray();
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void makeOld(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_600_000_000_000L));
    }

    @Test
    void filesOfAllSizesComeBackAsTheyWere() throws IOException {
        int[] sizes = {0, 1, 511, 512, 513, 4096, 65_535, 65_536, 1_048_577, 9_000_001};
        for (int size : sizes) {
            Files.write(source.resolve("f" + size), random(size));
        }
        Archiver.Result result = backup();
        for (int size : sizes) {
            assertArrayEquals(random(size), content((Entry.File) find(result, "f" + size)), "size " + size);
        }
        assertEquals(List.of(), heard.problems);
        assertEquals(sizes.length, counts.filesNew.sum());
    }

    @Test
    void aDirectoryOfManyEntriesIsReadBackInOrder() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Files.writeString(source.resolve("f%05d".formatted(i)), "number " + i);
        }
        Archiver.Result result = backup();
        assertEquals("number 2718", new String(content((Entry.File) find(result, "f02718")), StandardCharsets.UTF_8));
        Entry.Directory directory = (Entry.Directory) find(result, ".");
        int seen = 0;
        for (TreeReader.DirectoryCursor entries = repository.trees().directory(directory.tree()); entries.next(); seen++) {
            assertEquals("f%05d".formatted(seen), new String(entries.entry().name(), StandardCharsets.UTF_8));
        }
        assertEquals(3000, seen);
    }

    @Test
    void aBackupOfTheLinesOfAScanHasTheSameTree() throws IOException {
        Files.createDirectories(source.resolve("a/b"));
        Files.write(source.resolve("a/b/big"), random(300_000));
        Files.write(source.resolve("a/small"), random(1000));
        Files.createLink(source.resolve("a/b/linked"), source.resolve("a/small"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("a"));
        Archiver.Result first = backup();
        StringBuilder lines = new StringBuilder("{\"type\":\"end\"}\n");
        try (var all = Files.walk(source)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String type = Files.isSymbolicLink(path) ? "symlink" : Files.isDirectory(path) ? "directory" : "file";
                lines.append("{\"type\":\"entry\",\"path\":\"" + path + "\",\"entry_type\":\"" + type + "\"}\n");
            }
        }
        try (ScanInput input = ScanInput.read(new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)), Mappings.NONE,
                new Spool(temp.toString().getBytes(StandardCharsets.UTF_8)))) {
            assertEquals(source.toString(), new String(input.paths().getFirst(), StandardCharsets.UTF_8));
            Archiver.Result second = backup(input.paths(), visitor -> input.walk(WalkOptions.DEFAULT, visitor));
            assertEquals(List.of(), heard.problems);
            assertEquals(first.record().id(), second.base().id());
            assertEquals(((Entry.Directory) find(first, ".")).tree(), ((Entry.Directory) find(second, ".")).tree());
        }
    }

    @Test
    void aBackupOfASnapshotIsOneOfItsOriginInAllThatCounts() throws IOException {
        Files.createDirectories(source.resolve("a/b"));
        Files.write(source.resolve("a/b/big"), random(300_000));
        Files.write(source.resolve("a/small"), random(1000));
        Files.createLink(source.resolve("a/b/linked"), source.resolve("a/small"));
        Clocks.pass(source);
        Archiver.Result first = backup();
        Clocks.pass(source);
        Path snapshot = Files.move(source, temp.resolve("snapshot"));
        Files.createDirectory(source);
        Files.write(source.resolve("later"), random(10));
        Mappings mappings = new Mappings();
        mappings.add(snapshot.toString().getBytes(StandardCharsets.UTF_8), source.toString().getBytes(StandardCharsets.UTF_8), null);
        Sources sources = new Sources(mappings);
        sources.add(snapshot.resolve(".").toString().getBytes(StandardCharsets.UTF_8));
        Archiver.Result second = backup(sources);
        assertEquals(List.of(), heard.problems);
        assertEquals(first.record().id(), second.base().id());
        assertEquals(((Entry.Directory) find(first, ".")).tree(), ((Entry.Directory) find(second, ".")).tree());
        repository.refresh();
        assertEquals(source.toString(), new String(repository.records().open(second.record(), repository.marks()).body().paths().getFirst(),
                StandardCharsets.UTF_8));
        Clocks.assumeUnchangedIsSeen(source);
        assertEquals(List.of(), heard.notes);
        assertEquals(0, counts.bytesRead.sum());
        assertEquals(3, counts.filesUnchanged.sum());
    }

    @Test
    void whatDidNotChangeIsNotReadAgainAndGivesTheSameTree() throws IOException {
        Files.createDirectories(source.resolve("a/b"));
        Files.write(source.resolve("a/b/big"), random(3_000_000));
        Files.write(source.resolve("a/small"), random(1000));
        Clocks.pass(source);
        Archiver.Result first = backup();
        Clocks.pass(source);
        Archiver.Result second = backup();
        Clocks.assumeUnchangedIsSeen(source);
        assertEquals(List.of(), heard.notes);
        assertEquals(0, counts.bytesRead.sum());
        assertEquals(2, counts.filesUnchanged.sum());
        // the folders above the source belong to others and may have changed
        assertEquals(((Entry.Directory) find(first, ".")).tree(), ((Entry.Directory) find(second, ".")).tree());
        Files.writeString(source.resolve("a/small"), "changed");
        Archiver.Result third = backup();
        assertEquals(1, counts.filesChanged.sum());
        assertEquals(1, counts.filesUnchanged.sum());
        assertEquals("changed", new String(content((Entry.File) find(third, "a/small")), StandardCharsets.UTF_8));
    }

    @Test
    void holesStayHoles() throws IOException {
        try (var file = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
            file.write("head".getBytes(StandardCharsets.US_ASCII));
            file.seek(64L << 30);
            file.write("tail".getBytes(StandardCharsets.US_ASCII));
            file.setLength(65L << 30);
        }
        Archiver.Result result = backup();
        Entry.File file = (Entry.File) find(result, "sparse");
        assertEquals(65L << 30, file.size());
        List<Item> items = ((Content.Listed) file.content()).items();
        assertTrue(items.stream().anyMatch(item -> item instanceof Item.Hole hole && hole.length() > 60L << 30));
        assertTrue(counts.bytesRead.sum() < 1 << 20);
    }

    @Test
    void namesOfOneInodeShareALinkGroup() throws IOException {
        Files.write(source.resolve("one"), random(70_000));
        Files.createLink(source.resolve("two"), source.resolve("one"));
        Files.write(source.resolve("other"), random(70_000));
        makeOld(source.resolve("one"));
        Archiver.Result result = backup();
        assertNotNull(find(result, "one").attributes().linkGroup());
        assertEquals(find(result, "one").attributes().linkGroup(), find(result, "two").attributes().linkGroup());
        assertEquals(null, find(result, "other").attributes().linkGroup());
    }
}

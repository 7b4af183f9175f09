package cairn.independent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.chunk.ChunkParams;
import cairn.crypto.Argon2;
import cairn.key.Lock;
import cairn.key.PaperKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that docs/format.md says all that a decoder needs: the classes of this package were written from it, share no
 * code with the program, and read what the program writes.
 */
class IndependentDecoderTest {
    private static final ChunkParams SMALL = new ChunkParams(512, 2048, 8192);

    @TempDir
    Path temp;

    private Path source;
    private Path folder;

    @BeforeEach
    void makeSource() throws Exception {
        source = Files.createDirectory(temp.resolve("source"));
        folder = temp.resolve("repository");
        Random random = new Random(1);
        byte[] large = new byte[3 << 20];
        random.nextBytes(large);
        Files.write(source.resolve("large"), large);
        byte[] some = new byte[40_000];
        random.nextBytes(some);
        Files.write(source.resolve("listed"), some);
        Files.writeString(source.resolve("text"), "the same words again and again. ".repeat(300));
        Files.writeString(source.resolve("inline"), "a few bytes");
        Files.createFile(source.resolve("empty"));
        Files.createLink(source.resolve("second name of text"), source.resolve("text"));
        Files.createSymbolicLink(source.resolve("symlink"), Path.of("no/where\u00e4"));
        Files.createDirectories(source.resolve("a/b/c/d"));
        Files.createDirectory(source.resolve("no entries"));
        Path many = Files.createDirectory(source.resolve("many"));
        for (int i = 0; i < 1500; i++) {
            Files.writeString(many.resolve(String.format("%05d with a name of some length", i * 7919 % 100_003)), "number " + i);
        }
        MakeReleasedRepository.touch("1930-11-18T01:02:03.123456789Z", source.resolve("inline"));
        MakeReleasedRepository.touch("2399-12-31T23:59:59.000001Z", source.resolve("empty"));
        shell("mkfifo fifo && printf x >\"$(printf 'bad \\377 name')\" && chmod 5751 text && chmod 700 a/b"
                + " && truncate -s 3000000 sparse && printf data | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none");
        Files.getFileAttributeView(source.resolve("listed"), UserDefinedFileAttributeView.class)
                .write("note", ByteBuffer.wrap(new byte[] {1, 0, 2}));
    }

    private void shell(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script).directory(source.toFile()).inheritIO().start();
        assertEquals(0, process.waitFor());
    }

    @Test
    void readsARepositoryThatIsNotEncrypted() throws Exception {
        try (RepositoryMaker maker = new RepositoryMaker(folder, "me", new Lock.Open(), SMALL, temp)) {
            maker.backup(source, "docs", "red", Instant.now());
        }
        IndependentKeys keys = IndependentKeys.open(folder, "me", null, null);
        IndependentTree tree = compare(keys, "docs");
        assertEquals(List.of(1, 2, 3, 4, 5, 6), List.copyOf(tree.pieces.keySet()), "kinds of pieces that were met");
    }

    @Test
    void readsASealedRepositoryWithAKeyFile() throws Exception {
        Lock.KeyFile lock = Lock.KeyFile.random();
        try (RepositoryMaker maker = new RepositoryMaker(folder, "me", lock, SMALL, temp)) {
            maker.backup(source, "docs", "red", Instant.now());
        }
        compare(IndependentKeys.open(folder, "me", null, Files.readAllBytes(RepositoryMaker.keyFileOf(folder))), "docs");
    }

    @Test
    void readsASealedRepositoryWithAPasswordOrOnlyAPageOfPaper() throws Exception {
        byte[] password = "correct horse".getBytes(StandardCharsets.UTF_8);
        Lock.Password lock = new Lock.Password(password, new Argon2.Params(64, 2, 2));
        String page;
        try (RepositoryMaker maker = new RepositoryMaker(folder, "me", lock, SMALL, temp)) {
            maker.backup(source, "", "red", Instant.now());
            page = PaperKey.print(maker.keys, lock, Instant.now());
        }
        compare(IndependentKeys.open(folder, "me", password, null), "");
        compare(IndependentKeys.ofPaper(page.getBytes(StandardCharsets.US_ASCII), password), "");
    }

    @Test
    void readsPacksThatPruneMadeOfOthers() throws Exception {
        Lock.KeyFile lock = Lock.KeyFile.random();
        try (RepositoryMaker maker = new RepositoryMaker(folder, "me", lock, SMALL, temp)) {
            maker.backup(source, "docs", "red", Instant.now().minusSeconds(60));
            byte[] other = new byte[300_000];
            new Random(2).nextBytes(other);
            Files.write(source.resolve("a/b/new"), other);
            Files.delete(source.resolve("large"));
            maker.backup(source, "docs", "red", Instant.now().minusSeconds(30));
            Files.write(source.resolve("listed"), new byte[] {1});
            maker.backup(source, "docs", "red", Instant.now());
            assertNotEquals(0, maker.keepNewest(), "bytes copied by prune");
        }
        IndependentKeys keys = IndependentKeys.open(folder, "me", null, Files.readAllBytes(RepositoryMaker.keyFileOf(folder)));
        IndependentBlobs blobs = new IndependentBlobs(folder, keys, repositoryId());
        assertTrue(blobs.mostSections > 2, "a pack with the sections of several");
        compare(keys, "docs");
    }

    private byte[] repositoryId() throws IOException {
        return StoredRepositoryFile.read(IndependentBlobs.files(folder.resolve("backups")).getFirst(), 6).repository();
    }

    private IndependentTree compare(IndependentKeys keys, String name) throws Exception {
        byte[] id = repositoryId();
        IndependentBlobs blobs = new IndependentBlobs(folder, keys, id);
        List<Path> records = IndependentBlobs.files(folder.resolve("backups"));
        assertEquals(1, records.size());
        IndependentRecord record = new IndependentRecord(records.getFirst(), blobs);
        assertEquals("host", record.host);
        assertEquals(name, record.name);
        assertEquals("files", record.kind);
        assertEquals(0, record.flags);
        assertEquals(List.of(source.toString()), record.paths);
        assertEquals(List.of("red"), record.tags);
        String group = "host\0" + name + "\0files" + (name.isEmpty() ? "\0" + source : "");
        assertArrayEquals(IndependentRecord.token(keys, "group", group), record.group);
        assertArrayEquals(IndependentRecord.token(keys, "tag", "red"), record.tagTokens.getFirst());
        for (Path session : IndependentBlobs.files(folder.resolve("sessions"))) {
            Cursor in = StoredRepositoryFile.read(session, 7).body();
            String ofName = session.getFileName().toString();
            assertEquals(ofName.substring(0, 32), HexFormat.of().formatHex(in.take(16)));
            assertEquals(ofName.endsWith("-end") ? 0xFFFFFFFFL : Long.parseLong(ofName.substring(33)), in.u32());
            in.end();
        }
        for (Path mark : IndependentBlobs.files(folder.resolve("marks"))) {
            Cursor in = StoredRepositoryFile.read(mark, 8).body();
            assertTrue(in.u8() <= 8);
            in.take(16);
            in.take(32 * (int) in.varint());
            in.string();
            in.end();
        }
        IndependentTree tree = new IndependentTree(blobs, keys);
        tree.root(record.tree, record.stat);
        Map<String, Path> expected = sourcePaths();
        List<String> found = new ArrayList<>();
        tree.nodes.keySet().stream().filter(path -> path.startsWith(source.toString())).forEach(found::add);
        assertEquals(List.copyOf(expected.keySet()), found);
        IndependentChunker chunker = new IndependentChunker(keys);
        for (Map.Entry<String, Path> entry : expected.entrySet()) {
            same(entry.getKey(), entry.getValue(), tree.nodes.get(entry.getKey()));
            List<Integer> lengths = tree.chunks.get(entry.getKey());
            if (lengths != null && lengths.stream().allMatch(length -> length > 0)) {
                assertEquals(chunker.cut(Files.readAllBytes(entry.getValue())), lengths, "where " + entry.getKey() + " is cut");
            }
        }
        links(expected, tree);
        return tree;
    }

    private Map<String, Path> sourcePaths() throws IOException {
        Map<String, Path> paths = new TreeMap<>();
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                return visitFile(path, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                if (path.toString().contains("bad ")) {
                    // a name that is not UTF-8 has another form in a String of each locale
                    paths.put(source + "/bad \u00ff name", path);
                } else {
                    paths.put(IndependentTree.latin(path.toString().getBytes(StandardCharsets.UTF_8)), path);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return paths;
    }

    private void same(String path, Path file, IndependentTree.Node node) throws IOException {
        Map<String, Object> stat = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) stat.get("mode");
        assertEquals(mode & 07777, node.mode, path);
        assertEquals(((Number) stat.get("uid")).longValue(), node.uid, path);
        assertEquals(((Number) stat.get("gid")).longValue(), node.gid, path);
        assertEquals(((Number) stat.get("ino")).longValue(), node.inode, path);
        assertEquals(((FileTime) stat.get("lastModifiedTime")).toInstant(), node.mtime, path);
        assertEquals(((FileTime) stat.get("ctime")).toInstant(), node.ctime, path);
        switch (mode & 0170000) {
            case 0100000 -> {
                assertEquals(1, node.type, path);
                assertArrayEquals(Files.readAllBytes(file), node.content, path);
                UserDefinedFileAttributeView view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
                assertEquals(view.list().stream().map(name -> "user." + name).sorted().toList(), List.copyOf(node.xattrs.keySet()), path);
                for (String name : view.list()) {
                    byte[] value = new byte[view.size(name)];
                    view.read(name, ByteBuffer.wrap(value));
                    assertArrayEquals(value, node.xattrs.get("user." + name), path);
                }
            }
            case 0040000 -> assertEquals(2, node.type, path);
            case 0120000 -> {
                assertEquals(3, node.type, path);
                assertEquals(Files.readSymbolicLink(file).toString(), new String(node.target, StandardCharsets.UTF_8));
            }
            default -> assertEquals(4, node.type, path);
        }
    }

    private void links(Map<String, Path> expected, IndependentTree tree) {
        String one = tree.nodes.get(source + "/text").linkGroup;
        assertEquals(32, one.length());
        assertEquals(one, tree.nodes.get(source + "/second name of text").linkGroup);
        assertNull(tree.nodes.get(source + "/inline").linkGroup);
        int hole = -tree.chunks.get(source + "/sparse").getFirst();
        assertTrue(hole > 900_000 && hole <= 1_000_000, "the hole before the data has " + hole);
        assertTrue(expected.size() > 1500);
    }
}

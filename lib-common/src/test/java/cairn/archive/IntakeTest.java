package cairn.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.ArchiveOptions.Compared;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.pack.Compression;
import cairn.posix.Dirs;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.store.LocalFolder;
import cairn.tree.Attributes;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import cairn.tree.LinkGroup;
import cairn.tree.ScanStat;
import cairn.tree.TreeReader;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Sources;
import cairn.walk.Visitor;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntakeTest {
    @TempDir
    Path temp;

    private Path source;
    /** Of its own, so that what comes and goes in it moves no time of a folder that is saved. */
    private Path scratch;
    private Repository repository;
    private final Heard heard = new Heard();
    private final List<String> problems = heard.problems;
    private ArchiveCounts counts = new ArchiveCounts();
    private volatile boolean cancelled;

    @BeforeEach
    void open() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        scratch = Files.createDirectory(temp.resolve("scratch"));
        repository = new Repository(LocalFolder.create(temp.resolve("repo").toString()), TestKeys.full(true));
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private Sources sources() throws IOException {
        Sources sources = new Sources();
        sources.add(bytes(source.toString()));
        return sources;
    }

    private ArchiveCounts archived = new ArchiveCounts();

    private Archiver.Result archived() throws IOException {
        ArchiveOptions options = new ArchiveOptions("host", "", List.of(bytes(source.toString())), List.of(), Instant.now(),
                EnumSet.allOf(Compared.class), false, 0, 2, scratch, "test");
        return new Archiver(repository, options, archived, heard, () -> false)
                .run(visitor -> Walk.run(sources(), WalkOptions.DEFAULT, visitor), Compression.AUTO, 1 << 20);
    }

    private Archiver.Result intake(IntakeRun.Feed feed) throws IOException {
        BackupLabel label = new BackupLabel("host", "name", Intake.KIND, List.of(), List.of(), Instant.now(), "test");
        return new IntakeRun(repository, label, counts, heard, () -> cancelled, scratch, bytes(scratch.toString()), 2)
                .run(feed, Compression.AUTO, 1 << 20);
    }

    private interface Give {
        void to(Intake intake) throws IOException;
    }

    /** Everything that a walk meets, as calls of an intake. */
    private List<Give> walked() throws IOException {
        List<Give> all = new ArrayList<>();
        Walk.run(sources(), WalkOptions.DEFAULT, new Visitor() {
            @Override
            public void enterDirectory(Directory directory) {
                byte[] path = directory.path();
                Attributes attributes = AttributeReader.ofOpen(directory.fd(), directory.stat(), null, message -> problems.add(message));
                ScanStat stat = FileReader.scanStat(directory.stat(), directory.stat().dev());
                all.add(intake -> intake.directory(path, attributes, stat));
            }

            @Override
            public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
                byte[] path = directory.path(name);
                EntryType type = EntryType.ofMode(stat.mode());
                LinkGroup group = stat.nlink() > 1 ? new LinkGroup(stat.dev(), stat.ino()) : null;
                ScanStat scan = FileReader.scanStat(stat, stat.dev());
                if (type == EntryType.FILE) {
                    int fd = Open.forReading(directory.fd(), name, 0);
                    Attributes attributes = AttributeReader.ofOpen(fd, stat, group, message -> problems.add(message));
                    Open.close(fd);
                    all.add(intake -> give(intake.file(path, attributes, scan), path));
                } else {
                    Attributes attributes = AttributeReader.ofNamed(directory.fd(), name, stat, group, message -> problems.add(message));
                    Entry entry = type == EntryType.SYMLINK ? new Entry.Symlink(name, attributes, Dirs.readlink(directory.fd(), name))
                            : new Entry.Special(name, attributes, type, 0, 0);
                    all.add(intake -> intake.entry(path, entry, scan));
                }
            }

            @Override
            public void leaveDirectory(Directory directory) {
            }

            @Override
            public void leftOut(byte[] path, LeftOut reason, String detail) {
            }

            @Override
            public void problem(byte[] path, PosixException error) {
                problems.add(error.toString());
            }
        });
        return all;
    }

    /** Data in odd portions, holes where the file system has them. */
    private static void give(Intake.FileContent content, byte[] path) throws IOException {
        int fd = Open.openat(Open.AT_FDCWD, path, Open.O_RDONLY, 0);
        try {
            long size = Io.seekEnd(fd);
            byte[] portion = new byte[100_003];
            for (long at = 0; at < size;) {
                long data = Io.seekData(fd, at);
                data = data < 0 ? size : data;
                content.hole(data - at);
                at = data;
                long end = data == size ? size : Math.min(size, Io.seekHole(fd, data));
                while (at < end) {
                    int got = Io.pread(fd, at, portion, 0, (int) Math.min(portion.length, end - at));
                    content.data(portion, 0, got);
                    at += got;
                }
            }
            content.end();
        } finally {
            Open.close(fd);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theTreeIsThatOfABackupOfTheSameFilesInWhateverOrderTheyCome(long seed) throws IOException {
        int[] sizes = {0, 1, 511, 512, 513, 4096, 32_767, 32_768, 32_769, 65_536, 524_288, 524_289, 2_097_152, 2_097_153, 9_000_001};
        for (int size : sizes) {
            Files.write(source.resolve("f" + size), random(size));
        }
        Files.write(source.resolve("zeros"), new byte[3_000_000]);
        Path deep = Files.createDirectories(source.resolve("a/b/c"));
        Files.createDirectory(source.resolve("a/empty"));
        Files.writeString(source.resolve("a-b"), "sorts before a/");
        Files.writeString(source.resolve("a.b"), "so does this");
        Files.createLink(deep.resolve("linked"), source.resolve("f4096"));
        Files.createLink(source.resolve("0-linked"), source.resolve("f4096"));
        Files.createSymbolicLink(source.resolve("symlink"), Path.of("nowhere"));
        Dirs.mknod(Open.AT_FDCWD, bytes(source.resolve("fifo").toString()), 0x1000 | 0600, 0, 0);
        for (int i = 0; i < 700; i++) {
            Files.writeString(deep.resolve("n" + i), "number " + i);
        }
        for (String[] sparse : new String[][] {{"hole-only", "300"}, {"hole-large", "5000000"}, {"hole-ends", "4000000"}}) {
            int fd = Open.openat(Open.AT_FDCWD, bytes(source.resolve(sparse[0]).toString()), Open.O_RDWR | Open.O_CREAT, 0644);
            Io.truncate(fd, Long.parseLong(sparse[1]));
            if (sparse[0].equals("hole-ends")) {
                Io.pwrite(fd, 1 << 20, random(700_000), 0, 700_000);
                Io.pwrite(fd, 3 << 20, random(100), 0, 100);
            }
            Io.fsync(fd);
            Open.close(fd);
        }
        List<Give> all = walked();
        Collections.shuffle(all, new Random(seed));
        Archiver.Result wanted = archived();
        Archiver.Result got = intake(intake -> {
            for (Give give : all) {
                give.to(intake);
            }
        });
        // not the roots: /tmp above them changes under our feet
        assertEquals(tree(wanted), tree(got));
        assertEquals(List.of(), problems);
        assertEquals(archived.filesNew.sum(), counts.filesNew.sum());
        assertEquals(archived.bytesSeen.sum(), counts.bytesSeen.sum());
        assertEquals(archived.directories.sum(), counts.directories.sum());
        assertEquals(archived.others.sum(), counts.others.sum());
        assertTrue(got.added() < 200_000, "content is stored once, but " + got.added() + " bytes were added");
    }

    private BlobId tree(Archiver.Result result) throws IOException {
        return ((Entry.Directory) find(result, source.toString())).tree();
    }

    private static final Attributes PLAIN = new Attributes(0640, 7, 8, 1_700_000_000L, 5, null, List.of(), 0, 0);

    private static IntakeRun.Feed feed(Give... gives) {
        return intake -> {
            for (Give give : gives) {
                give.to(intake);
            }
        };
    }

    private static Give text(String path, String content) {
        return intake -> {
            Intake.FileContent file = intake.file(bytes(path), PLAIN, null);
            file.data(bytes(content), 0, content.length());
            file.end();
        };
    }

    private Entry find(Archiver.Result result, String path) throws IOException {
        repository.refresh();
        TreeReader trees = repository.trees();
        TreeReader.DirectoryCursor root = trees.root(result.record().head().tree(), null);
        assertTrue(root.next());
        Entry at = root.entry();
        for (byte[] part : RawPath.split(bytes(path))) {
            at = trees.find(((Entry.Directory) at).tree(), part);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private String content(Archiver.Result result, String path) throws IOException {
        return new String(((Content.Inline) ((Entry.File) find(result, path)).content()).bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aLinkGetsTheEntryThatItsTargetWasThen() throws IOException {
        Archiver.Result result = intake(feed(text("/m/target", "first"), i -> i.link(bytes("/a/early"), bytes("/m/target")), text("/m/target", "second"),
                i -> i.link(bytes("/z/late"), bytes("/m/target")), i -> i.link(bytes("/z/chain"), bytes("/z/late")), text("/alone", "x")));
        assertEquals(List.of(), problems);
        assertEquals("first", content(result, "/a/early"));
        assertEquals("second", content(result, "/m/target"));
        assertEquals("second", content(result, "/z/late"));
        LinkGroup group = find(result, "/m/target").attributes().linkGroup();
        assertNotNull(group);
        assertEquals(group, find(result, "/z/late").attributes().linkGroup());
        assertEquals(group, find(result, "/z/chain").attributes().linkGroup());
        assertFalse(group.equals(find(result, "/a/early").attributes().linkGroup()));
        assertEquals(null, find(result, "/alone").attributes().linkGroup());
        assertEquals(5, counts.filesNew.sum());
    }

    @Test
    void whatCannotBeIsAProblemAndTheRestIsSaved() throws IOException {
        Archiver.Result result = intake(feed(text("/file", "x"), text("/file/below", "y"), text("/file/b/c", "y"),
                i -> i.link(bytes("/l1"), bytes("/nothing")), i -> i.directory(bytes("/d"), PLAIN, null), i -> i.link(bytes("/l2"), bytes("/d")),
                text("/filed", "z"), i -> i.link(bytes("/later"), bytes("/zz")), text("/zz", "")));
        assertEquals(5, problems.size(), problems.toString());
        assertTrue(result.record().head().incomplete());
        assertEquals("z", content(result, "/filed"));
        assertEquals(3, counts.filesNew.sum());
        assertEquals(2, counts.directories.sum());
    }

    @Test
    void theLastOfAPathCounts() throws IOException {
        Archiver.Result result = intake(feed(text("/d/f", "1"), i -> i.directory(bytes("/d"), PLAIN, null), text("/d/f", "22"),
                i -> i.directory(bytes("/"), PLAIN, null), i -> i.implied(PLAIN), text("/implied/f", "")));
        assertEquals("22", content(result, "/d/f"));
        assertEquals(0640, find(result, "/d").attributes().mode());
        assertEquals(7, find(result, "/implied").attributes().uid());
        assertEquals(2, counts.filesNew.sum());
        assertEquals(3, counts.directories.sum());
    }

    @Test
    void impossiblePathsAreRefused() {
        for (String path : List.of("", "a", "/a/", "/a//b", "//", "/..", "/a/../b", "/./a", "/a/.", "/a\0b")) {
            CairnException e = assertThrows(CairnException.class, () -> intake(feed(text(path, ""))), path);
            assertEquals(ExitCode.FAILED, e.exitCode());
        }
        for (String path : List.of("/...", "/.a", "/..a", "/a..", "/a.")) {
            assertDoesNotFail(path);
        }
    }

    private void assertDoesNotFail(String path) {
        try {
            intake(feed(text(path, "")));
        } catch (IOException e) {
            throw new AssertionError(path, e);
        }
    }

    @Test
    void aFeedThatFailsMakesNoBackupAndItsContentIsNotStoredAgain() throws IOException {
        byte[] content = random(6_000_000);
        IOException broken = new IOException("broken");
        assertEquals(broken, assertThrows(IOException.class, () -> intake(intake -> {
            Intake.FileContent file = intake.file(bytes("/f"), PLAIN, null);
            file.data(content, 0, content.length);
            throw broken;
        })));
        assertEquals(List.of(), repository.records().list());
        repository.refresh();
        Archiver.Result result = intake(intake -> {
            Intake.FileContent file = intake.file(bytes("/f"), PLAIN, null);
            file.data(content, 0, content.length);
            file.end();
        });
        assertTrue(result.added() < content.length * 2 / 3, "added again: " + result.added());
    }

    @Test
    void anInterruptedOneMakesNoBackup() throws IOException {
        CairnException e = assertThrows(CairnException.class, () -> intake(intake -> {
            text("/a", "x").to(intake);
            cancelled = true;
        }));
        assertEquals(ExitCode.INTERRUPTED, e.exitCode());
        assertEquals(List.of(), repository.records().list());
    }

    /** Two GiB of a pattern: only a few buffers circulate, however much memory this machine has. */
    @Test
    void aLongStreamNeedsNoMoreMemoryThanAShortOne() throws IOException {
        long length = 2L << 30;
        byte[] pattern = random(1 << 20);
        long before = live();
        long[] held = {Long.MIN_VALUE};
        Archiver.Result result = intake(intake -> {
            Intake.FileContent file = intake.file(bytes("/stream"), PLAIN, null);
            assertEquals(length, file.data(new InputStream() {
                private long at;

                @Override
                public int read() {
                    throw new AssertionError("one byte at a time");
                }

                @Override
                public int read(byte[] to, int offset, int most) {
                    int from = (int) (at % pattern.length);
                    int step = (int) Math.min(Math.min(most, pattern.length - from), length - at);
                    if (step == 0) {
                        return -1;
                    }
                    if (at > 0 && at % (512 << 20) == 0) {
                        held[0] = Math.max(held[0], live() - before);
                    }
                    System.arraycopy(pattern, from, to, offset, step);
                    at += step;
                    return step;
                }
            }));
            file.end();
        });
        assertEquals(length, ((Entry.File) find(result, "/stream")).size());
        assertTrue(result.added() < 16 << 20, "a pattern is stored once, but " + result.added() + " bytes were added");
        assertTrue(held[0] > Long.MIN_VALUE && held[0] < 128 << 20, "holds " + held[0] + " bytes");
    }

    /** What is in use of the heap once all that nobody holds is given back. */
    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void manyEntriesAreSortedOnDisk() throws IOException {
        int count = 200_000;
        Archiver.Result result = intake(intake -> {
            for (int i = 0; i < count; i++) {
                int scattered = (int) (i * 7919L % count);
                intake.entry(bytes("/d%02d/entry-%06d".formatted(scattered % 50, scattered)),
                        new Entry.Symlink(new byte[0], PLAIN, bytes("a target of some length to make the list long " + scattered)), null);
            }
        });
        assertEquals(count, counts.others.sum());
        assertArrayEquals(bytes("a target of some length to make the list long 123456"), ((Entry.Symlink) find(result, "/d06/entry-123456")).target());
    }
}

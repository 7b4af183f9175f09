package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.PrivateMounts;
import cairn.posix.RawString;
import cairn.repo.Repository;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No change is missed, whoever makes it and however; and what did not change is not read again. */
class UnchangedRuleTest {
    /**
     * No rest as a rule: the backups ask for {@code syncfs} themselves, and what follows must hold however soon it comes. With
     * {@code -Dcairn.mmap.seconds=75} the kernel has also written the dirty pages out of its own accord before the next
     * backup; nothing tells when it has done so, only that it does within 30 to 60 seconds.
     */
    private static final Duration REST = Duration.ofSeconds(Integer.getInteger("cairn.mmap.seconds", 0));
    private static final int PAGES = 20;

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();

    /** A program that holds files open through memory maps and stores to them when it is told to. */
    private static final class Mapper implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment[] maps;
        private int stores;

        Mapper(Path folder, int files) throws IOException {
            maps = new MemorySegment[files];
            for (int i = 0; i < files; i++) {
                try (FileChannel channel = FileChannel.open(folder.resolve("mapped" + i), StandardOpenOption.CREATE,
                        StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(new byte[PAGES * 4096]));
                    maps[i] = channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGES * 4096, arena);
                }
            }
        }

        /** Another value in one page of each file; no system call. */
        void store() {
            stores++;
            for (MemorySegment map : maps) {
                map.set(ValueLayout.JAVA_LONG_UNALIGNED, (stores % PAGES) * 4096L + 8, 0x0101_0101_0101_0101L * stores);
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private void assertSaved(Lab lab, Repository repository, Path folder, String when) throws IOException {
        var record = lab.backup(repository, folder).record();
        var saved = lab.readBack(storage, record.id());
        try (var all = Files.list(folder)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                String name = file.toString();
                assertTrue(content.equals(saved.get(name)), when + ": the backup misses a change of " + name);
            }
        }
    }

    /** Stores to clean pages, to pages that are dirty already, between two backups and in the middle of one. */
    private void neverMissed(Path folder, boolean alwaysRead) throws IOException, InterruptedException {
        Lab lab = new Lab(temp);
        try (Repository repository = lab.open(storage); Mapper program = new Mapper(folder, 3)) {
            program.store();
            assertSaved(lab, repository, folder, "dirty before the first");
            for (int round = 0; round < 3; round++) {
                Clocks.pass(folder);
                assertSaved(lab, repository, folder, "settled, round " + round);
                lab.backup(repository, folder);
                assertEquals(alwaysRead ? 0 : 3, lab.counts.filesUnchanged.sum(), "only a store makes the next one read them");
                rest();
                program.store();
                assertSaved(lab, repository, folder, "stored between two, round " + round);
            }
            // while the files are read the pages become dirty; what is stored to them afterwards moves no ctime
            boolean[] once = new boolean[1];
            lab.reading = path -> {
                if (path.endsWith("mapped2") && !once[0]) {
                    once[0] = true;
                    program.store();
                }
            };
            program.store();
            Clocks.pass(folder);
            lab.backup(repository, folder);
            assertTrue(once[0]);
            program.store();
            Clocks.pass(folder);
            rest();
            assertSaved(lab, repository, folder, "stored to dirty pages after they were read");
        }
    }

    private static void rest() throws InterruptedException {
        Thread.sleep(REST);
    }

    @Test
    void storesThroughMapsAreNeverMissedHere() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("data"));
        Clocks.assumeUnchangedIsSeen(folder); // tmpfs has a test of its own
        neverMissed(folder, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs"})
    void storesThroughMapsAreNeverMissedOn(String type) throws Exception {
        onFileSystem(type, folder -> neverMissed(folder, type.equals("tmpfs")));
    }

    private interface On {
        void run(Path folder) throws Exception;
    }

    /** Mounts a new file system where only this test sees it. */
    private void onFileSystem(String type, On test) throws Exception {
        Assumptions.assumeTrue(PrivateMounts.available(), "mounting needs root");
        Path at = Files.createDirectory(temp.resolve("mount"));
        Path image = temp.resolve("image");
        if (!type.equals("tmpfs")) {
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(320L << 20);
            }
            Assumptions.assumeTrue(run("mkfs." + type, "-q", image.toString()), "mkfs." + type + " is missing");
        }
        PrivateMounts.run(() -> {
            if (type.equals("tmpfs")) {
                PrivateMounts.mount("none", RawString.encode(at.toString()), "tmpfs", 0, "size=64m");
            } else {
                Assumptions.assumeTrue(run("mount", "-o", "loop", image.toString(), at.toString()), "no " + type + " or no loop devices here");
            }
            try {
                test.run(Files.createDirectory(at.resolve("data")));
            } finally {
                run("umount", at.toString());
            }
        });
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private Lab copied() throws IOException {
        Lab lab = new Lab(temp);
        for (int i = 0; i < 30; i++) {
            lab.write("d" + i % 3 + "/f" + i, 3000, i);
            // as cp -a does: the mtime is old, only the ctime tells when it came
            Files.setLastModifiedTime(lab.source.resolve("d" + i % 3 + "/f" + i), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        }
        return lab;
    }

    @Test
    void aTreeCopiedAMomentBeforeItsFirstBackupIsNotReadAgain() throws IOException {
        Lab lab = copied();
        Clocks.pass(lab.source);
        lab.backup(storage);
        assertEquals(30, lab.counts.filesNew.sum());
        lab.backup(storage);
        Clocks.assumeUnchangedIsSeen(lab.source);
        assertEquals(List.of(0L, 30L), List.of(lab.counts.bytesRead.sum(), lab.counts.filesUnchanged.sum()));
    }

    @Test
    void whereTheFileSystemDidNotGetCleanAllThatIsNewIsReadAgain() throws IOException {
        Lab lab = copied();
        Clocks.pass(lab.source);
        lab.timing = Clocks.IMPATIENT;
        lab.backup(storage);
        lab.timing = Clocks.PATIENT;
        lab.backup(storage);
        assertEquals(List.of(30L, 0L), List.of(lab.counts.filesChanged.sum() + lab.counts.filesNew.sum(), lab.counts.filesUnchanged.sum()));
        lab.backup(storage);
        Clocks.assumeUnchangedIsSeen(lab.source);
        assertEquals(1, lab.notes.stream().filter(note -> note.contains("did not get clean in 10 s")).count(), lab.notes.toString());
        assertEquals(30, lab.counts.filesUnchanged.sum());
    }

    @Test
    void aChangeThatHidesBehindItsOldTimeIsFound() throws IOException {
        Lab lab = copied();
        Clocks.pass(lab.source);
        lab.backup(storage);
        Path file = lab.source.resolve("d1/f1");
        FileTime old = Files.getLastModifiedTime(file);
        byte[] content = Files.readAllBytes(file);
        content[1000] ^= 1;
        Files.write(file, content);
        Files.setLastModifiedTime(file, old);
        var second = lab.backup(storage);
        assertEquals(lab.live(), lab.readBack(storage, second.record().id()));
        Clocks.assumeUnchangedIsSeen(lab.source);
        assertEquals(1, lab.counts.filesChanged.sum());
    }

    @Test
    void aFileThatTookThePlaceOfAnotherIsRead() throws IOException {
        Lab lab = copied();
        lab.write("d1/g", 3000, 99);
        Files.setLastModifiedTime(lab.source.resolve("d1/g"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Clocks.pass(lab.source);
        lab.backup(storage);
        Files.move(lab.source.resolve("d1/g"), lab.source.resolve("d1/f1"), StandardCopyOption.REPLACE_EXISTING);
        var second = lab.backup(storage);
        assertEquals(lab.live(), lab.readBack(storage, second.record().id()));
    }
}

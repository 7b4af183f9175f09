package cairn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.RawString;
import cairn.store.FolderException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFolderTest {
    @TempDir
    Path directory;

    private FaultyFolder system;
    private LocalFolder storage;

    private Folder posix() throws IOException {
        return PosixFolder.open(RawString.encode(directory.toString()));
    }

    private LocalFolder overFaults() throws IOException {
        system = new FaultyFolder(posix());
        storage = new LocalFolder(system, "/repo");
        return storage;
    }

    private Set<String> onDisk() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            Set<String> names = new TreeSet<>();
            all.filter(Files::isRegularFile).forEach(p -> names.add(directory.relativize(p).toString()));
            return names;
        }
    }

    /** The conformance suite on a real folder. */
    @Nested
    class Real extends StorageConformance {
        @Override
        protected Storage openEmpty() throws IOException {
            return LocalFolder.create(directory.resolve("repo").toString());
        }

        @Override
        protected Storage openAgain() throws IOException {
            return LocalFolder.open(directory.resolve("repo").toString());
        }

        @Override
        protected int many() {
            return 2_000; // each is two fsync calls
        }
    }

    /** The conformance suite on a file system that only knows link (NFS). */
    @Nested
    class WithLinksOnly extends StorageConformance {
        @Override
        protected Storage openEmpty() throws IOException {
            return openAgain();
        }

        @Override
        protected Storage openAgain() throws IOException {
            FaultyFolder lacking = new FaultyFolder(posix());
            lacking.plan = (call, name) -> call.equals("renameToNew") ? Kind.UNSUPPORTED : null;
            return new LocalFolder(lacking, directory.toString());
        }

        @Override
        protected int many() {
            return 300;
        }
    }

    /** The conformance suite on a file system that only knows rename; writers of one name may be told to try again. */
    @Nested
    class WithRenameOnly {
        private LocalFolder open() throws IOException {
            FaultyFolder lacking = new FaultyFolder(posix());
            lacking.plan =
                    (call, name) -> call.equals("renameToNew") || call.equals("link") ? Kind.UNSUPPORTED : null;
            return new LocalFolder(lacking, directory.toString());
        }

        @Test
        void aFileIsPublishedAndNotOverwritten() throws IOException {
            try (LocalFolder local = open()) {
                local.write("keys/a", new byte[] {1});
                assertThrows(AlreadyStoredException.class, () -> local.write("keys/a", new byte[] {2}));
                assertArrayEquals(new byte[] {1}, local.readAll("keys/a", 1));
                assertEquals(Set.of("keys/a"), onDisk());
            }
        }

        @Test
        void aWriterThatHoldsTheNameKeepsOthersOut() throws IOException {
            try (LocalFolder local = open()) {
                FaultyFolder slow = new FaultyFolder(posix());
                List<String> refused = new ArrayList<>();
                slow.plan = (call, name) -> {
                    if (call.equals("rename")) { // the other one comes between look and rename
                        StorageException e =
                                assertThrows(StorageException.class, () -> local.write(name, new byte[] {2}));
                        refused.add(e.getMessage());
                    }
                    return call.equals("renameToNew") || call.equals("link") ? Kind.UNSUPPORTED : null;
                };
                try (LocalFolder first = new LocalFolder(slow, "/slow")) {
                    first.write("keys/a", new byte[] {1});
                }
                assertEquals(1, refused.size());
                assertTrue(refused.getFirst().contains("another writer"), refused.getFirst());
                assertArrayEquals(new byte[] {1}, local.readAll("keys/a", 1));
                assertEquals(Set.of("keys/a"), onDisk());
            }
        }
    }

    @Test
    void openingNeverMakesAFolder() {
        Path missing = directory.resolve("not/mounted");
        CairnException e = assertThrows(CairnException.class, () -> LocalFolder.open(missing.toString()));
        assertEquals(ExitCode.NO_REPOSITORY, e.exitCode());
        assertTrue(e.getMessage().contains(missing.toString()), e.getMessage());
        assertFalse(Files.exists(directory.resolve("not")));
    }

    @Test
    void openingAFileIsNoRepository() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        CairnException e = assertThrows(CairnException.class, () -> LocalFolder.open(file.toString()));
        assertEquals(ExitCode.NO_REPOSITORY, e.exitCode());
        e = assertThrows(CairnException.class, () -> LocalFolder.open(file + "/below"));
        assertEquals(ExitCode.NO_REPOSITORY, e.exitCode());
    }

    @Test
    void creatingRefusesAFolderThatIsInUse() throws IOException {
        Files.createDirectory(directory.resolve("lost+found"));
        LocalFolder.create(directory.toString()).close();
        Files.writeString(directory.resolve(".profile"), "x");
        CairnException e = assertThrows(CairnException.class, () -> LocalFolder.create(directory.toString()));
        assertTrue(e.getMessage().contains(".profile"), e.getMessage());
    }

    @Test
    void onlyTheOwnerCanReadFilesAndFolders() throws IOException {
        Path repo = directory.resolve("a/b");
        try (LocalFolder local = LocalFolder.create(repo.toString())) {
            local.write("packs/ab/f", new byte[1]);
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(repo)));
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(repo.resolve("packs/ab"))));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(repo.resolve("packs/ab/f"))));
    }

    @Test
    void whatOtherProgramsLeaveIsNotListed() throws IOException {
        try (LocalFolder local = overFaults()) {
            local.write("packs/ab/f", new byte[1]);
            Files.writeString(directory.resolve("packs/.nfs0001"), "x");
            Files.writeString(directory.resolve("packs/ab/f~"), "x");
            Files.writeString(directory.resolve("packs/ab/co py"), "x");
            Files.createSymbolicLink(directory.resolve("packs/gone"), Path.of("nowhere"));
            Files.createDirectories(directory.resolve("packs/lost+found/x"));
            List<String> names = new ArrayList<>();
            local.list("", f -> names.add(f.name()));
            assertEquals(List.of("packs/ab/f"), names);
        }
    }

    @Test
    void contentAndNameAreDurableInThisOrder() throws IOException {
        try (LocalFolder local = overFaults()) {
            local.write("packs/ab/f", new byte[1]);
            List<String> order = system.calls.stream()
                    .map(c -> c.replaceAll("\\.tmp-\\p{XDigit}+", "TMP"))
                    .toList();
            assertEquals(
                    List.of(
                            "makeFolder packs", "syncFolder ", "create packs/TMP", "write packs/TMP", "size packs/TMP",
                            "sync packs/TMP", "makeFolder packs/ab", "syncFolder packs", "renameToNew packs/ab/f",
                            "syncFolder packs/ab"),
                    order);
        }
    }

    @Test
    void whatIsAlreadyStoredIsDurableToo() throws IOException {
        try (LocalFolder local = overFaults()) {
            local.write("packs/f", new byte[1]);
            system.calls.clear();
            assertThrows(AlreadyStoredException.class, () -> local.write("packs/f", new byte[1]));
            assertTrue(system.calls.contains("syncFolder packs"), system.calls.toString());
        }
    }

    @Test
    void aFailureAtAnyStepLeavesNothingBehind() throws IOException {
        try (LocalFolder local = overFaults()) {
            local.write("packs/ab/old", new byte[1]);
            system.calls.clear();
            local.write("packs/ab/new0", new byte[1]);
            List<String> steps = system.calls.stream().map(c -> c.substring(0, c.indexOf(' '))).toList();
            assertTrue(steps.size() >= 6, steps.toString());
            Set<String> before = onDisk();
            int failed = 0;
            for (String step : new TreeSet<>(steps)) {
                for (Kind kind : new Kind[] {Kind.OTHER, Kind.FULL, Kind.QUOTA, Kind.READ_ONLY}) {
                    boolean[] reached = {false};
                    system.plan = (call, name) -> {
                        if (call.equals(step) && !reached[0]) {
                            reached[0] = true;
                            return kind;
                        }
                        return null;
                    };
                    StorageException e = assertThrows(
                            StorageException.class, () -> local.write("packs/ab/new1", new byte[9]), step + " " + kind);
                    assertTrue(reached[0]);
                    assertTrue(e.getMessage().contains("/repo"), e.getMessage());
                    assertEquals(before, onDisk(), step + " " + kind);
                    failed++;
                }
            }
            assertEquals(0, failed % 4);
            assertTrue(failed >= 20, "steps that failed: " + failed);
            system.plan = (call, name) -> null;
            local.write("packs/ab/new1", new byte[9]);
            assertEquals(0, system.openFiles.get());
        }
    }

    @Test
    void aFullDiskIsSaidSo() throws IOException {
        try (LocalFolder local = overFaults()) {
            system.plan = (call, name) -> call.equals("write") ? Kind.FULL : null;
            StorageException e = assertThrows(StorageException.class, () -> local.write("packs/f", new byte[1]));
            assertEquals("cannot write to 'packs' in '/repo': no space left on the disk", e.getMessage());
            assertTrue(e.remedy().startsWith("nothing that was stored is lost"), e.remedy());
        }
    }

    @Test
    void aFileSystemThatLosesBytesIsFoundOut() throws IOException {
        try (LocalFolder local = overFaults()) {
            system.swallowed = 1;
            StorageException e = assertThrows(StorageException.class, () -> local.write("packs/f", new byte[10]));
            assertTrue(e.getMessage().endsWith("the file system kept 9 of 10 bytes"), e.getMessage());
            assertEquals(Set.of(), onDisk());
        }
    }

    @Test
    void aLinkWhoseAnswerWasLostCounts() throws IOException {
        try (LocalFolder local = overFaults()) {
            system.plan = (call, name) -> switch (call) {
                case "renameToNew" -> Kind.UNSUPPORTED;
                case "linked" -> Kind.EXISTS;
                default -> null;
            };
            local.write("packs/f", new byte[] {7});
            assertArrayEquals(new byte[] {7}, local.readAll("packs/f", 1));
            assertEquals(Set.of("packs/f"), onDisk());
        }
    }

    @Test
    void aFolderRemovedMeanwhileIsMadeAgain() throws IOException {
        try (LocalFolder local = overFaults()) {
            local.write("packs/ab/f", new byte[1]);
            local.delete("packs/ab/f");
            Files.delete(directory.resolve("packs/ab"));
            local.write("packs/ab/f", new byte[1]);
            local.delete("packs/ab/f");
            Files.delete(directory.resolve("packs/ab"));
            Files.delete(directory.resolve("packs"));
            local.write("packs/ab/f", new byte[1]);
            assertEquals(Set.of("packs/ab/f"), onDisk());
        }
    }

    @Test
    void leftoversOfKilledWritersGoWhenTheyAreOld() throws IOException {
        try (LocalFolder local = overFaults()) {
            local.write("packs/ab/f", new byte[1]);
            Instant old = local.now().minus(Duration.ofHours(25));
            for (String name : List.of("packs/.tmp-old1", ".tmp-old2", "packs/.other", "packs/ab/g")) {
                Files.writeString(directory.resolve(name), "x");
                Files.setLastModifiedTime(directory.resolve(name), FileTime.from(old));
            }
            Files.writeString(directory.resolve("packs/.tmp-new"), "x");
            assertEquals(2, local.tidy());
            assertEquals(Set.of("packs/.tmp-new", "packs/.other", "packs/ab/f", "packs/ab/g"), onDisk());
            assertEquals(0, local.tidy());
        }
    }

    @Test
    void fewFilesAreKeptOpenHoweverManyAreRead() throws IOException {
        byte[] buffer = new byte[1];
        try (LocalFolder local = overFaults()) {
            for (int i = 0; i < 200; i++) {
                local.write("packs/" + i, new byte[] {(byte) i});
            }
            for (int i = 0; i < 200; i++) {
                local.read("packs/" + i, 0, buffer, 0, 1);
                assertEquals((byte) i, buffer[0]);
            }
            assertEquals(64, system.openFiles.get());
            system.calls.clear();
            local.read("packs/199", 0, buffer, 0, 1);
            assertEquals(List.of("read packs/199"), system.calls);
        }
        assertEquals(0, system.openFiles.get());
    }

    @Test
    void aPathOfAnyBytesIsAPlaceForARepository() throws IOException {
        byte[] path = RawString.encode(directory + "/new/r\uDCFF\n'");
        try (LocalFolder made = LocalFolder.create(path)) {
            made.write("packs/ab/f", new byte[] {5});
        }
        try (LocalFolder opened = LocalFolder.open(path)) {
            assertArrayEquals(new byte[] {5}, opened.readAll("packs/ab/f", 1));
            assertFalse(opened.location().contains("\n"), opened.location());
        }
    }

    @Test
    void aPathLongerThanTheKernelTakesIsAPlaceForARepository() throws IOException {
        String path = directory + ("/" + "long".repeat(50)).repeat(30);
        try (LocalFolder made = LocalFolder.create(path);
                LocalFolder opened = LocalFolder.open(path)) {
            made.write("packs/f", new byte[] {5});
            assertArrayEquals(new byte[] {5}, opened.readAll("packs/f", 1));
            made.delete("packs/f");
        }
        // the clean-up of JUnit cannot reach so deep
        for (int depth = 30; depth > 0; depth--) {
            byte[] above = RawString.encode(directory + ("/" + "long".repeat(50)).repeat(depth - 1));
            int fd = Open.openLong(Open.AT_FDCWD, above, Open.O_RDONLY | Open.O_DIRECTORY, 0);
            byte[] name = "long".repeat(50).getBytes(StandardCharsets.US_ASCII);
            if (depth == 30) {
                int last = Open.openat(fd, name, Open.O_RDONLY | Open.O_DIRECTORY, 0);
                Dirs.rmdir(last, "packs".getBytes(StandardCharsets.US_ASCII));
                Open.close(last);
            }
            Dirs.rmdir(fd, name);
            Open.close(fd);
        }
    }

    @Test
    void anInterruptedThreadDoesNotSpoilTheFileForOthers() throws IOException {
        byte[] buffer = new byte[1];
        try (LocalFolder local = overFaults()) {
            local.write("packs/f", new byte[] {3});
            Thread.currentThread().interrupt();
            local.read("packs/f", 0, buffer, 0, 1);
            assertTrue(Thread.interrupted());
            local.read("packs/f", 0, buffer, 0, 1);
            assertEquals(3, buffer[0]);
        }
    }

    @Test
    void aDiskThatIsReallyFullKeepsWhatWasStored() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "none", disk.toString()) == 0);
        try (LocalFolder local = LocalFolder.create(disk.toString())) {
            local.write("packs/small", new byte[1000]);
            for (int i = 0; i < 3; i++) {
                CairnException e = assertThrows(
                        CairnException.class, () -> local.write("packs/large", new byte[1 << 20]));
                assertTrue(e.getMessage().contains("no space left"), e.getMessage());
            }
            local.write("packs/fits", new byte[100_000]);
            assertEquals(1000, local.readAll("packs/small", 1000).length);
            List<String> names = new ArrayList<>();
            local.list("", f -> names.add(f.name()));
            assertEquals(Set.of("packs/small", "packs/fits"), Set.copyOf(names));
        } finally {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void anUnreadableFileIsNamed() throws IOException {
        try (LocalFolder local = overFaults()) {
            local.write("packs/f", new byte[1]);
            system.plan = (call, name) -> call.equals("read") ? Kind.OTHER : null;
            StorageException e = assertThrows(StorageException.class, () -> local.readAll("packs/f", 1));
            assertEquals("cannot read 'packs/f' in '/repo': planned OTHER", e.getMessage());
            assertEquals(ExitCode.FAILED, e.exitCode());
            system.plan = (call, name) -> call.equals("read") ? Kind.BROKEN : null;
            e = assertThrows(StorageException.class, () -> local.read("packs/f", 0, new byte[1], 0, 1));
            assertEquals(ExitCode.DAMAGED, e.exitCode());
        }
    }
}

package cairn.restore;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.repo.Backup;
import cairn.store.MemoryStorage;
import cairn.store.RecordingStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restoring over what exists. */
class InPlaceTest {
    private static final int LARGE = (int) FileOpener.MOST_COPIED + 1_000_000;

    @TempDir
    Path temp;

    private RecordingStorage storage;
    private RestoreFixture at;
    private Map<String, String> wanted;
    private Backup backup;

    @BeforeEach
    void open() throws IOException {
        storage = new RecordingStorage(new MemoryStorage());
        at = new RestoreFixture(temp, storage);
    }

    @AfterEach
    void close() throws IOException {
        at.close();
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private void write(String name, long offset, byte[] content) throws PosixException {
        int fd = Open.openat(at.tree.fd, bytes(name), Open.O_WRONLY | Open.O_CREAT, 0644);
        Io.pwrite(fd, offset, content, 0, content.length);
        Open.close(fd);
    }

    private byte[] read(String name) throws PosixException {
        return Sys.readFile(at.tree.fd, bytes(name));
    }

    private void restored() throws Exception {
        wanted = TreeState.of(at.source());
        backup = at.backup();
        at.restoreTo(backup, "out");
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
        at.actions.clear();
        storage.reset();
    }

    private void restoredSmall() throws Exception {
        at.tree.dir("source/d").file("source/d/one", "one").file("source/d/two", "two").symlink("source/link", "d/one").dir("source/empty");
        write("source/big", 0, random(3_000_000));
        restored();
    }

    private RestoreSummary again() throws Exception {
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(List.of(), at.failures);
        return summary;
    }

    private boolean exists(String name) throws PosixException {
        return new Stat().exists(at.tree.fd, bytes(name));
    }

    private List<String> temporaries(String folder) throws IOException {
        int fd = Open.openat(at.tree.fd, bytes(folder), Open.O_RDONLY | Open.O_DIRECTORY, 0);
        try {
            return Arrays.stream(Listing.of(fd).all()).map(RawString::decode).filter(name -> name.startsWith(".cairn")).toList();
        } finally {
            Open.close(fd);
        }
    }

    @Test
    void onlyTheChangedPieceIsFetched() throws Exception {
        restoredSmall();
        write("out/big", 1_500_000, bytes("changed"));
        RestoreSummary summary = again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
        assertEquals(1, summary.updated());
        assertTrue(summary.written() < 1_500_000, "written " + summary.written());
        assertTrue(summary.written() > 0 && summary.fetched() < 1_500_000, "fetched " + summary.fetched());
    }

    @Test
    void everythingElseThatIsWrongIsPutRight() throws Exception {
        restoredSmall();
        Dirs.unlink(at.tree.fd, bytes("out/d/one"));
        at.tree.dir("out/d/one");
        Dirs.unlink(at.tree.fd, bytes("out/link"));
        at.tree.symlink("out/link", "elsewhere");
        Dirs.rmdir(at.tree.fd, bytes("out/empty"));
        at.tree.symlink("out/empty", "/");
        at.tree.file("out/d/two", "other");
        write("out/big", 3_000_000, random(100));
        Attrs.chmodat(at.tree.fd, bytes("out/d"), 0700);
        again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
    }

    @Test
    void attributesAloneAreSetWithoutWriting() throws Exception {
        restoredSmall();
        long inode = at.tree.stat("out/big").ino();
        Attrs.chmodat(at.tree.fd, bytes("out/big"), 0601); // whatever the umask: not what it was
        Attrs.mtimeat(at.tree.fd, bytes("out/d/one"), 5, 5);
        RestoreSummary summary = again();
        assertEquals(2, summary.attributes());
        assertEquals(0, summary.updated() + summary.written() + summary.fetched());
        assertEquals(inode, at.tree.stat("out/big").ino());
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
    }

    @Test
    void aFolderThatIsNotEmptyStaysInTheWayUnlessDeletingWasAskedFor() throws Exception {
        restoredSmall();
        Dirs.unlink(at.tree.fd, bytes("out/link"));
        at.tree.dir("out/link/sub").file("out/link/sub/precious", "p");
        RestoreSummary kept = at.restoreTo(backup, "out");
        assertEquals(1, kept.failed());
        assertEquals("p", new String(read("out/link/sub/precious")));
        at.failures.clear();
        at.options = at.options.withDelete(true);
        again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
    }

    @Test
    void existingFilesAreLeftUnderNever() throws Exception {
        restoredSmall();
        at.tree.file("out/d/two", "mine");
        Dirs.unlink(at.tree.fd, bytes("out/d/one"));
        at.options = at.options.withOverwrite(Overwrite.NEVER);
        RestoreSummary summary = again();
        assertEquals("mine", new String(read("out/d/two")));
        assertEquals("one", new String(read("out/d/one")));
        assertEquals(1, summary.created());
        assertEquals(3, summary.skipped());
    }

    @Test
    void onlyOlderFilesAreOverwrittenUnderIfNewer() throws Exception {
        restoredSmall();
        at.tree.file("out/d/one", "newer").file("out/d/two", "older");
        Attrs.mtimeat(at.tree.fd, bytes("out/d/two"), 5, 0);
        at.options = at.options.withOverwrite(Overwrite.IF_NEWER);
        again();
        assertEquals("newer", new String(read("out/d/one")));
        assertEquals("two", new String(read("out/d/two")));
    }

    @Test
    void sizeAndTimeAreBelievedUnderIfChanged() throws Exception {
        restoredSmall();
        Stat stat = at.tree.stat("out/d/two");
        at.tree.file("out/d/two", "owt");
        Attrs.mtimeat(at.tree.fd, bytes("out/d/two"), stat.mtime(), stat.mtimeNanos());
        at.tree.file("out/d/one", "xxx");
        at.options = at.options.withOverwrite(Overwrite.IF_CHANGED);
        again();
        assertEquals("owt", new String(read("out/d/two")));
        assertEquals("one", new String(read("out/d/one")));
        at.options = at.options.withOverwrite(Overwrite.ALWAYS);
        again();
        assertEquals("two", new String(read("out/d/two")));
    }

    @Test
    void deletingTakesWhatTheBackupDoesNotHaveAndNothingElse() throws Exception {
        restoredSmall();
        at.tree.dir("out/d/extra/deep").file("out/d/extra/deep/f", "f").file("out/more", "m").file("out/d/keep.txt", "k");
        at.options = at.options.withDelete(true);
        at.filter = new PathFilter() {
            @Override
            public boolean selects(byte[] path, boolean directory) {
                return !RawString.decode(path).endsWith(".txt");
            }

            @Override
            public boolean enters(byte[] directory) {
                return true;
            }
        };
        assertEquals(4, again().deleted());
        assertTrue(exists("out/d/keep.txt"));
        at.filter = PathFilter.ALL;
        again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
    }

    @Test
    void whatHasToBeKeptIsNotDeleted() throws Exception {
        restoredSmall();
        at.tree.dir("out/extra/repository").file("out/extra/repository/pack", "p").file("out/extra/junk", "j");
        Stat stat = at.tree.stat("out/extra/repository");
        at.options = at.options.withDelete(true).withKept(Set.of(new RestoreOptions.Kept(stat.dev(), stat.ino())));
        again();
        assertTrue(exists("out/extra/repository/pack"));
        assertFalse(exists("out/extra/junk"));
    }

    @Test
    void aFileWithOtherNamesIsWrittenInPlace() throws Exception {
        at.tree.file("source/first", "some content").file("source/single", "alone");
        Dirs.link(at.tree.fd, bytes("source/first"), at.tree.fd, bytes("source/second"));
        restored();
        Dirs.link(at.tree.fd, bytes("out/first"), at.tree.fd, bytes("outside"));
        long inode = at.tree.stat("out/first").ino();
        long single = at.tree.stat("out/single").ino();
        at.tree.file("out/second", "changed through the other name").file("out/single", "changed");
        again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
        assertEquals(inode, at.tree.stat("outside").ino());
        assertEquals(inode, at.tree.stat("out/first").ino());
        assertEquals("some content", new String(read("outside")));
        assertNotEquals(single, at.tree.stat("out/single").ino());
        assertEquals(List.of(), temporaries("out"));
    }

    @Test
    void hardLinksThatCameApartAreJoinedAgain() throws Exception {
        at.tree.file("source/first", "some content").dir("source/d");
        Dirs.link(at.tree.fd, bytes("source/first"), at.tree.fd, bytes("source/d/second"));
        restored();
        Dirs.unlink(at.tree.fd, bytes("out/d/second"));
        at.tree.file("out/d/second", "some content");
        again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
        assertEquals(at.tree.stat("out/first").ino(), at.tree.stat("out/d/second").ino());
    }

    @Test
    void aLargeFileIsPatchedOrCloned() throws Exception {
        write("source/large", 0, random(LARGE));
        restored();
        write("out/large", 40_000_000, bytes("changed"));
        RestoreSummary summary = again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
        assertTrue(summary.written() < 1 << 20, "written " + summary.written());
        assertEquals(List.of(), temporaries("out"));
    }

    @Test
    void holesAreHolesAgain() throws Exception {
        write("source/sparse", 10 << 20, random(10_000));
        int fd = Open.openat(at.tree.fd, bytes("source/sparse"), Open.O_WRONLY, 0);
        Io.truncate(fd, 30 << 20);
        Open.close(fd);
        restored();
        write("out/sparse", 1 << 20, random(5000));
        write("out/sparse", 25 << 20, new byte[100_000]);
        again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
    }

    @Test
    void whatKilledRestoresLeftIsClearedAndFinished() throws Exception {
        write("source/big", 0, random(2_000_000));
        at.tree.file("source/other", "other");
        restored();
        Stat stat = at.tree.stat("out/big");
        // as a killed restore leaves it: half written, with the time of the backup even, and a note
        write("out/big", 1_000_000, random(500_000));
        Attrs.mtimeat(at.tree.fd, bytes("out/big"), stat.mtime(), stat.mtimeNanos());
        at.tree.file("out/.cairn-restore-00000000-1.1-3note~",
                "cairn is restoring this file in place; if no restore is running, restore it again: big");
        at.tree.file("out/.cairn-restore-00000000-1.1-4~", "half of something");
        String living = RawString.decode(new TempNames().next());
        at.tree.file("out/" + living, "of a restore that runs");
        at.options = at.options.withOverwrite(Overwrite.NEVER);
        again();
        assertEquals(List.of(living), temporaries("out"));
        Dirs.unlink(at.tree.fd, bytes("out/" + living));
        at.options = at.options.withOverwrite(Overwrite.ALWAYS);
        again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
    }

    @Test
    void aNoteAboutAFileThatIsNotRestoredIsToldAndStays() throws Exception {
        restoredSmall();
        String note = ".cairn-restore-00000000-1.1-3note~";
        at.tree.file("out/d/" + note, "cairn is restoring this file in place; if no restore is running, restore it again: gone");
        again();
        assertEquals(List.of(note), temporaries("out/d"));
        assertEquals(1, at.notices.size());
        assertTrue(at.notices.getFirst().startsWith("gone: "), at.notices.getFirst());
    }

    @Test
    void aRestoreThatIsStoppedLeavesEachFileOldOrNewAndIsFinishedByTheNext() throws Exception {
        for (int i = 0; i < 40; i++) {
            write("source/f" + i, 0, random(400_000 + i));
        }
        restored();
        for (int i = 0; i < 40; i++) {
            write("out/f" + i, 0, bytes("changed"));
        }
        Map<String, String> changed = TreeState.of(at.tree.path("out"));
        int[] writes = new int[1];
        at.onWrite = () -> {
            synchronized (writes) {
                writes[0]++;
            }
        };
        at.restore(backup, at.source(), at.tree.path("out"), () -> {
            synchronized (writes) {
                return writes[0] >= 20;
            }
        });
        assertEquals(List.of(), temporaries("out"));
        Map<String, String> half = TreeState.of(at.tree.path("out"));
        for (int i = 0; i < 40; i++) {
            String line = content(half.get("f" + i));
            assertTrue(line.equals(content(wanted.get("f" + i))) || line.equals(content(changed.get("f" + i))), "f" + i);
        }
        assertNotEquals(changed, half);
        again();
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
    }

    private static String content(String line) {
        return line.substring(line.indexOf(" size="));
    }

    @Test
    void eachPackIsReadOnce() throws Exception {
        for (int i = 0; i < 60; i++) {
            write("source/f" + i, 0, random(100_000 + i));
            write("source/same" + i, 0, random(77_777));
        }
        wanted = TreeState.of(at.source());
        backup = at.backup();
        storage.reset();
        RestoreSummary summary = at.restoreTo(backup, "out");
        assertEquals(wanted, TreeState.of(at.tree.path("out")));
        long stored = 0;
        for (String name : storage.names()) {
            if (name.startsWith("packs/")) {
                stored += storage.bytesRead(name);
            }
        }
        assertTrue(summary.fetched() < 60 * 100_100 + 200_000, "fetched " + summary.fetched());
        assertTrue(stored < summary.fetched() + 200_000, "read " + stored);
    }
}

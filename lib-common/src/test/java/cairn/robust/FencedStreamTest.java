package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.ArchiveCounts;
import cairn.archive.Archiver;
import cairn.archive.BackupLabel;
import cairn.archive.Heard;
import cairn.archive.Intake;
import cairn.archive.IntakeRun;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.pack.Compression;
import cairn.posix.RawString;
import cairn.query.FileContent;
import cairn.query.TreePath;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import cairn.tree.Attributes;
import cairn.tree.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of what a command wrote, whose session a prune has fenced meanwhile: the command cannot be asked again. */
class FencedStreamTest {
    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();
    private final Heard heard = Heard.nothingAmiss();
    private final byte[] content = new byte[5 << 20];
    private Lab lab;

    private interface Act {
        void run() throws IOException;
    }

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp, true, 1);
        new Random(3).nextBytes(content);
    }

    /** Saves the content as app.sql; acts when it has come. */
    private Archiver.Result save(Act meanwhile) throws IOException {
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            BackupLabel label = new BackupLabel("host", "app.sql", Intake.KIND, List.of(), List.of(), Instant.now(), "test");
            return new IntakeRun(repository, label, new ArchiveCounts(), heard, () -> false, lab.cache(), RawString.encode(lab.cache().toString()), 1)
                    .run(intake -> {
                        int before = storage.names("packs/").size();
                        feed(intake);
                        while (storage.names("packs/").size() == before) {
                            Thread.onSpinWait(); // content is stored by other threads; what is not in the last pack is about to be there
                        }
                        meanwhile.run();
                    }, Compression.AUTO, Lab.PACK);
        }
    }

    private void feed(Intake intake) throws IOException {
        intake.implied(new Attributes(0755, 0, 0, 0, 0, null, List.of(), 0, 0));
        Intake.FileContent file = intake.file("/app.sql".getBytes(StandardCharsets.UTF_8), new Attributes(0600, 0, 0, 0, 0, null, List.of(), 0, 0), null);
        file.data(content, 0, content.length);
        file.end();
    }

    private void silence() throws IOException {
        storage.advance(DAY.plusHours(1));
        lab.prune(storage, DAY);
    }

    /** Packs that nothing needs, so that a prune has something to do, and fences who is silent. */
    private void leaveGarbage() throws IOException {
        Lab other = new Lab(Files.createDirectory(temp.resolve("other")), true, 1);
        other.fill(1);
        storage.delete(RecordFile.name(other.backup(storage).record().id()));
        lab.prune(storage, DAY);
    }

    @Test
    void isPublishedInANewSessionIfAllOfItIsThere() throws IOException {
        leaveGarbage();
        Archiver.Result result = save(this::silence);
        assertTrue(heard.notes.toString().contains("is in doubt") && heard.notes.toString().contains("looking whether all of it is there"),
                heard.notes.toString());
        assertArrayEquals(content, readBack(result));
        storage.advance(DAY.plusHours(1));
        lab.prune(storage, DAY);
        storage.advance(DAY.plusHours(1));
        lab.prune(storage, DAY);
        assertArrayEquals(content, readBack(result));
        assertEquals(List.of(), lab.verify(storage, true).damage());
    }

    /** What it wrote before the prune had no record, so that prune marked it; it is copied while it is there. */
    @Test
    void keepsWhatAPruneWasAboutToDelete() throws IOException {
        leaveGarbage();
        int[] marked = new int[1];
        Archiver.Result result = save(() -> {
            storage.advance(DAY.plusHours(1));
            marked[0] = lab.prune(storage, DAY).packsMarked();
        });
        assertTrue(marked[0] > 0, "packs of the stream that no record led to");
        assertArrayEquals(content, readBack(result));
        for (int i = 0; i < 2; i++) {
            storage.advance(DAY.plusHours(1));
            lab.prune(storage, DAY);
            assertArrayEquals(content, readBack(result));
        }
        assertEquals(List.of(), lab.verify(storage, true).damage());
    }

    @Test
    void failsAndSaysSoIfSomethingIsGone() throws IOException {
        leaveGarbage();
        CairnException failed = assertThrows(CairnException.class, () -> save(() -> {
            for (int i = 0; i < 2; i++) {
                silence();
            }
        }));
        assertEquals(ExitCode.FAILED, failed.exitCode());
        assertTrue(failed.getMessage().contains("is in doubt") && failed.getMessage().contains("has deleted some"), failed.getMessage());
        assertTrue(failed.remedy().contains("make it again"), failed.remedy());
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            for (Hash id : repository.records().list()) {
                assertTrue(repository.records().open(repository.records().get(id), repository.marks()).inDoubt());
            }
        }
        assertArrayEquals(content, readBack(save(() -> { })));
    }

    private byte[] readBack(Archiver.Result of) throws IOException {
        try (Repository repository = lab.open(new LastingStorage(storage)); FileContent reader = new FileContent(repository)) {
            Backup backup = repository.records().open(repository.records().get(of.record().id()), repository.marks());
            assertFalse(backup.inDoubt());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.copy((Entry.File) TreePath.resolve(repository, backup, "/app.sql".getBytes(StandardCharsets.UTF_8)), out);
            return out.toByteArray();
        }
    }
}

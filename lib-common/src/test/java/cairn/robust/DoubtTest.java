package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.Hash;
import cairn.mark.Mark;
import cairn.repo.Repository;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import cairn.verify.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups whose session was fenced while they were made: whether all of them is there is found out, noted and said. */
class DoubtTest {
    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /**
     * A writer that slept in the middle of its run, until a prune had deleted what nothing needed, and was killed after
     * it had published its backup.
     *
     * @param relies whether it relied on that
     * @return its record
     */
    private Hash killedInDoubt(Lab lab, boolean relies) throws IOException {
        lab.fill(1);
        storage.delete("backups/" + lab.backup(storage).record().id().hex());
        if (!relies) {
            lab.fill(2);
        }
        lab.write("own", 200_000, 77);
        AtomicBoolean done = new AtomicBoolean();
        lab.reading = path -> { // before "own" it has looked up all of the others
            if ((path.endsWith("own") || !relies) && done.compareAndSet(false, true)) {
                try {
                    lab.prune(storage, DAY);
                    storage.advance(Duration.ofHours(25));
                    assertTrue(lab.prune(storage, DAY).packsDeleted() > 0);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        lab.noted = note -> {
            if (note.contains("made again")) {
                throw new Killed();
            }
        };
        assertThrows(Killed.class, () -> lab.backup(storage));
        lab.noted = note -> { };
        assertTrue(inDoubt(lab, only(lab)));
        return only(lab);
    }

    private Hash only(Lab lab) throws IOException {
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            return repository.records().list().getFirst();
        }
    }

    private boolean inDoubt(Lab lab, Hash record) throws IOException {
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            return repository.records().open(repository.records().get(record), repository.marks()).inDoubt();
        }
    }

    private long marks(Lab lab, Mark.Type type) throws IOException {
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            return repository.marks().all().stream().filter(signed -> signed.mark().type() == type).count();
        }
    }

    @Test
    void oneThatIsCompleteIsNotedByAVerification() throws IOException {
        Lab lab = new Lab(temp);
        Hash record = killedInDoubt(lab, false);
        assertEquals(List.of(), lab.verify(storage, false).findings());
        assertFalse(inDoubt(lab, record));
        assertEquals(1, marks(lab, Mark.Type.COMPLETE));
        lab.verify(storage, false);
        assertEquals(1, marks(lab, Mark.Type.COMPLETE), "once is enough");
        assertEquals(lab.live(), lab.readBack(storage, record));
    }

    @Test
    void oneThatIsCompleteIsNotedByAPrune() throws IOException {
        Lab lab = new Lab(temp);
        Hash record = killedInDoubt(lab, false);
        lab.prune(storage, DAY);
        assertFalse(inDoubt(lab, record));
        assertEquals(lab.live(), lab.readBack(storage, record));
    }

    /** What it needs is in a pack that a prune may be about to delete without knowing of it. */
    @Test
    void oneThatNeedsWhatIsMarkedStaysInDoubt() throws IOException {
        Lab lab = new Lab(temp);
        Hash record = killedInDoubt(lab, false);
        Hash pack;
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            List<Hash> packs = new ArrayList<>();
            storage.list("packs/", file -> packs.add(Hash.parse(file.name().substring(file.name().lastIndexOf('/') + 1))));
            pack = packs.getFirst();
            byte[] mark = new Mark(Mark.Type.PACKS, new byte[16], packs, "").encode(repository.id(), repository.keys().signer());
            storage.write(Mark.name(Mark.decode(mark, repository.id(), null, "mark").name()), mark);
        }
        assertEquals(List.of(), lab.verify(storage, false).findings());
        assertTrue(inDoubt(lab, record), () -> "relies on " + pack);
    }

    @Test
    void oneThatIsBrokenIsAFindingKeepsNobodyFromPruningAndCanBeForgotten() throws IOException {
        Lab lab = new Lab(temp);
        Hash record = killedInDoubt(lab, true);
        Lab.Judgement judged = lab.verify(storage, false);
        assertEquals(List.of("backup-incomplete"), judged.damage().stream().map(Finding::kind).toList());
        assertTrue(judged.damage().getFirst().message().contains("cairn forget"), judged::toString);
        assertTrue(judged.hit().stream().anyMatch(path -> path.endsWith("/large")), judged::toString);
        assertTrue(inDoubt(lab, record));

        Lab other = new Lab(Files.createDirectory(temp.resolve("other")));
        other.write("new", 100_000, 5);
        Hash good = other.backup(storage).record().id();
        lab.prune(storage, DAY);
        storage.advance(Duration.ofHours(25));
        lab.prune(storage, Duration.ZERO);
        assertEquals(other.live(), other.readBack(storage, good));
        List<String> hit = lab.verify(storage, true).hit();
        assertTrue(hit.stream().anyMatch(path -> path.endsWith("/large")) && hit.stream().noneMatch(path -> path.endsWith("own")),
                () -> "what was left is kept: " + hit);

        lab.forget(storage, record);
        lab.prune(storage, Duration.ZERO);
        assertEquals(List.of(), lab.verify(storage, true).findings());
        assertEquals(other.live(), other.readBack(storage, good));
    }

    /** The same content saved again makes the broken backup whole: nothing that leads there is lost. */
    @Test
    void oneThatWasBrokenIsCompleteOnceItsContentIsSavedAgain() throws IOException {
        Lab lab = new Lab(temp);
        Hash record = killedInDoubt(lab, true);
        lab.backup(storage);
        lab.prune(storage, Duration.ZERO);
        assertFalse(inDoubt(lab, record));
        assertEquals(lab.live(), lab.readBack(storage, record));
    }
}

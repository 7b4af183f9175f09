package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Archiver;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.repo.Timing;
import cairn.session.SessionFile;
import cairn.session.SessionId;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that take hours, listings that are old, and clocks that are wrong or set while something runs. */
class TimeTest {
    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();
    private Lab lab;

    @BeforeEach
    void source() throws IOException {
        lab = new Lab(temp);
        lab.fill(1);
    }

    /** Time goes by whenever somebody looks; pauses end at once. */
    private static final class Hours implements Timing {
        final Duration step;
        final AtomicLong nanos = new AtomicLong();
        final List<Duration> pauses = new ArrayList<>();
        Runnable inPause = () -> { };

        Hours(Duration step) {
            this.step = step;
        }

        @Override
        public long nanos() {
            return nanos.addAndGet(step.toNanos());
        }

        @Override
        public void pause(Duration span, BooleanSupplier until) {
            pauses.add(span);
            inPause.run();
        }

        @Override
        public boolean waitFor(Thread thread, Duration patience) throws InterruptedException {
            thread.join();
            return true;
        }
    }

    private List<SessionFile> sessions() {
        List<SessionFile> sessions = new ArrayList<>();
        storage.list("sessions/", file -> sessions.add(SessionFile.ofName(file.name())));
        return sessions;
    }

    @Test
    void aWriterThatFindsNothingToWriteForHoursShowsThatItIsAlive() throws IOException {
        for (int i = 0; i < 300; i++) {
            lab.write("many/f" + i, 600, i);
        }
        lab.backup(storage);
        storage.list("sessions/", file -> delete(file.name()));
        lab.timing = new Hours(Duration.ofMinutes(1));
        lab.backup(storage);
        long shown = sessions().stream().filter(session -> session.number() != SessionFile.END && session.number() > 0).count();
        assertTrue(shown >= 300 / 11, () -> "300 entries in 300 minutes: " + sessions());
    }

    private void delete(String name) {
        try {
            storage.delete(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Hash forgotten() throws IOException {
        Hash gone = lab.backup(storage).record().id();
        lab.fill(2);
        lab.backup(storage);
        lab.forget(storage, gone);
        return gone;
    }

    @Test
    void whereListingsMayBeOldAPruneWaitsBetweenItsMarksAndTheListingOfSessions() throws IOException {
        forgotten();
        Hours hours = new Hours(Duration.ZERO);
        hours.inPause = () -> storage.advance(Duration.ofMinutes(2));
        lab.timing = hours;
        storage.setListsLate(true);
        assertTrue(lab.prune(storage, Duration.ZERO).packsDeleted() > 0);
        assertEquals(2, hours.pauses.size(), "for the marks on records, and for those on packs");
        hours.pauses.forEach(pause -> assertEquals(Duration.ofMinutes(2), pause));
        assertEquals(List.of(), lab.verify(storage, true).findings());
    }

    @Test
    void aWriterThatIsSeenOnlyAfterTheWaitMakesThePruneRefuse() throws IOException {
        lab.backup(storage);
        lab.fill(2);
        storage.delete("backups/" + lab.backup(storage).record().id().hex());
        Hours hours = new Hours(Duration.ZERO);
        hours.inPause = () -> {
            try {
                storage.write(new SessionFile(new SessionId(1, 2), 0).name(), new byte[1]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        lab.timing = hours;
        storage.setListsLate(true);
        CairnException refused = assertThrows(CairnException.class, () -> lab.prune(storage, Duration.ZERO));
        assertEquals(ExitCode.OTHERS_WRITING, refused.exitCode());
    }

    @Test
    void marksThatHaveRestedAreNotWaitedFor() throws IOException {
        forgotten();
        lab.timing = new Hours(Duration.ZERO);
        storage.setListsLate(true);
        storage.advance(DAY);
        assertEquals(1, lab.prune(storage, DAY).recordsDeleted());
        assertEquals(List.of(), ((Hours) lab.timing).pauses);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1955-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-11-20T10:00:00Z", "2475-06-01T00:00:00Z"})
    void whateverTheYearNothingNeededIsLost(String year) throws IOException {
        storage.advance(Duration.between(storage.now(), Instant.parse(year)));
        forgotten();
        Archiver.Result kept = lab.backup(storage);
        for (int i = 0; i < 3; i++) {
            lab.prune(storage, DAY);
            storage.advance(Duration.ofHours(25));
        }
        lab.prune(storage, Duration.ZERO);
        assertEquals(lab.live(), lab.readBack(storage, kept.record().id()));
        assertEquals(List.of(), lab.verify(storage, true).findings());
    }

    /** In years: forward, and back before 1970, between any two steps. */
    @ParameterizedTest
    @ValueSource(ints = {-70, -1, 1, 450})
    void aClockThatIsSetBetweenTheStepsLosesNothing(int years) throws IOException {
        Duration jump = Duration.ofDays(365L * years);
        forgotten();
        for (int i = 0; i < 4; i++) {
            storage.advance(i % 2 == 0 ? jump : jump.negated());
            lab.prune(storage, i < 2 ? DAY : Duration.ZERO);
            lab.write("round" + i, 90_000, 40 + i);
            Archiver.Result kept = lab.backup(storage);
            assertEquals(lab.live(), lab.readBack(storage, kept.record().id()), "round " + i);
        }
        lab.prune(storage, Duration.ZERO);
        assertEquals(List.of(), lab.verify(storage, true).findings());
    }

    /** The writer relies on packs that nothing needs; the clock is set while it runs. */
    @ParameterizedTest
    @ValueSource(ints = {-70, -1, 1, 450})
    void aClockThatIsSetWhileAWriterRunsCostsItTimeAndNoData(int years) throws IOException {
        storage.delete("backups/" + lab.backup(storage).record().id().hex());
        AtomicBoolean done = new AtomicBoolean();
        lab.reading = path -> {
            if (done.compareAndSet(false, true)) {
                try {
                    lab.prune(storage, DAY);
                    storage.advance(Duration.ofDays(365L * years));
                    lab.prune(storage, DAY);
                    storage.advance(Duration.ofHours(25));
                    lab.prune(storage, DAY);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        lab.write("more", 50_000, 9);
        Archiver.Result result = lab.backup(storage);
        assertTrue(done.get());
        lab.prune(storage, Duration.ZERO);
        assertEquals(lab.live(), lab.readBack(storage, result.record().id()));
        assertEquals(List.of(), lab.verify(storage, true).findings());
    }

    @Test
    void aWriterKilledWhileTheClockWasFarAheadIsInNobodysWayForLong() throws IOException {
        storage.advance(Duration.ofDays(300 * 365));
        storage.write(new SessionFile(new SessionId(1, 2), 0).name(), new byte[1]);
        storage.advance(Duration.ofDays(-300 * 365));
        forgotten();
        assertEquals(1, lab.prune(storage, Duration.ZERO).recordsDeleted());
        assertEquals(List.of(), lab.verify(storage, true).damage());
    }
}

package cairn.cmd.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.remote.LostException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When {@code --resume} begins again, how long it waits, and when it gives up. */
class RetriesTest {
    private final List<Integer> pauses = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean stopped;

    private static LostException lost(int run) {
        return new LostException(ExitCode.FAILED, "lost " + run, null, null);
    }

    /** Fails in each run but the last; a run whose number is in {@code further} gets further. */
    private static final class Failing implements Retries.Attempt {
        private final int good;
        private final List<Integer> further;
        private boolean begins = true;
        private int runs;

        Failing(int good, Integer... further) {
            this.good = good;
            this.further = List.of(further);
        }

        @Override
        public void run() throws IOException {
            if (++runs < good) {
                throw lost(runs);
            }
        }

        @Override
        public boolean hasBegun() {
            return begins;
        }

        @Override
        public boolean gotFurther() {
            return further.contains(runs);
        }
    }

    private Retries retries() {
        return new Retries((seconds, stop) -> pauses.add(seconds), warnings::add);
    }

    private void run(Retries.Attempt attempt) throws IOException {
        retries().run(attempt, () -> stopped);
    }

    @Test
    void itGoesOnAfterPausesThatGrow() throws IOException {
        Failing attempt = new Failing(5);
        run(attempt);
        assertEquals(5, attempt.runs);
        assertEquals(List.of(1, 4, 16, 64), pauses);
        assertEquals("lost 1; going on in 1 s", warnings.getFirst());
        assertEquals(4, warnings.size());
    }

    @Test
    void fiveThatGotNowhereAreEnough() {
        Failing attempt = new Failing(100);
        LostException last = assertThrows(LostException.class, () -> run(attempt));
        assertEquals("lost 5", last.getMessage());
        assertEquals(Retries.TRIES, attempt.runs);
    }

    @Test
    void whoeverGotFurtherMayFailAgain() throws IOException {
        Failing attempt = new Failing(12, 3, 7, 10);
        run(attempt);
        assertEquals(12, attempt.runs);
        assertEquals(List.of(1, 4, 1, 4, 16, 64, 1, 4, 16, 1, 4), pauses);
    }

    @Test
    void whatNeverBeganIsNotTriedAgain() {
        Failing attempt = new Failing(2);
        attempt.begins = false;
        assertThrows(LostException.class, () -> run(attempt));
        assertEquals(1, attempt.runs);
        assertEquals(List.of(), pauses);
    }

    @Test
    void anotherFailureThanALostConnectionIsNotTriedAgain() {
        CairnException full = new CairnException(ExitCode.FAILED, "no space", null);
        int[] runs = {0};
        CairnException thrown = assertThrows(CairnException.class, () -> run(new Retries.Attempt() {
            @Override
            public void run() throws IOException {
                runs[0]++;
                throw full;
            }

            @Override
            public boolean hasBegun() {
                return true;
            }

            @Override
            public boolean gotFurther() {
                return true;
            }
        }));
        assertSame(full, thrown);
        assertEquals(1, runs[0]);
    }

    @Test
    void aUserWhoStopsItDuringAPauseIsHeard() {
        Failing attempt = new Failing(100);
        Retries retries = new Retries((seconds, stop) -> stopped = true, warnings::add);
        assertThrows(LostException.class, () -> retries.run(attempt, () -> stopped));
        assertEquals(1, attempt.runs);
    }

    @Test
    void theRealPauseEndsWhenItIsToldTo() {
        int[] looks = {0};
        Retries.Pause.SYSTEM.seconds(Integer.MAX_VALUE / 2, () -> ++looks[0] > 1);
        assertTrue(looks[0] == 2);
    }
}

package cairn.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** A clock that moves only when somebody waits shows how long everything takes. */
class ThrottleTest {
    private static final long SECOND = 1_000_000_000;

    /** Time passes by sleeping alone. */
    private static final class Waiting implements Throttle.Clock {
        private long now = 1;
        private LongConsumer asleep = nanos -> {
        };

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void sleep(long nanos) {
            assertTrue(nanos > 0 && nanos <= SECOND / 4, nanos + " ns: the rate may change meanwhile");
            now += nanos;
            asleep.accept(now);
        }

        void pass(long nanos) {
            now += nanos;
        }

        double seconds() {
            return (double) (now - 1) / SECOND;
        }
    }

    private final Waiting clock = new Waiting();

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void whatIsWrittenTakesAsLongAsTheRateSays() throws IOException {
        byte[] bytes = random(1_000_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream slow = new Throttle(100_000, clock).over(out)) {
            slow.write(bytes, 0, 400_000);
            for (int at = 400_000; at < bytes.length; at += 1000) {
                slow.write(bytes, at, 1000);
            }
        }
        assertArrayEquals(bytes, out.toByteArray());
        assertEquals(10, clock.seconds(), 0.01);
    }

    @Test
    void whatIsReadTakesAsLongAsTheRateSays() throws IOException {
        byte[] bytes = random(1_000_000);
        try (InputStream slow = new Throttle(100_000, clock).over(new ByteArrayInputStream(bytes))) {
            assertEquals(bytes[0] & 0xFF, slow.read());
            byte[] rest = slow.readAllBytes();
            assertEquals(bytes.length - 1, rest.length);
        }
        assertEquals(10, clock.seconds(), 0.01);
    }

    @Test
    void bothDirectionsShareOneRate() throws IOException {
        Throttle throttle = new Throttle(50_000, clock);
        throttle.over(new ByteArrayOutputStream()).write(random(100_000));
        throttle.over(new ByteArrayInputStream(random(100_000))).readAllBytes();
        assertEquals(4, clock.seconds(), 0.01);
    }

    @Test
    void aRateThatChangesCountsForWhatWaitsAlready() {
        Throttle throttle = new Throttle(1_000, clock);
        clock.asleep = now -> {
            if (now > 2 * SECOND) {
                throttle.rate(1_000_000);
            }
        };
        throttle.pass(1_000_000); // of that about 2,000 in the first two seconds
        assertEquals(3, clock.seconds(), 0.3);
    }

    @Test
    void aLimitThatIsLiftedLetsGoAtOnceAndOneThatIsSetHoldsAtOnce() {
        Throttle throttle = new Throttle(1_000, clock);
        clock.asleep = now -> throttle.rate(0);
        throttle.pass(1_000_000);
        assertTrue(clock.seconds() <= 0.25, clock.seconds() + " s");
        double before = clock.seconds();
        throttle.pass(Integer.MAX_VALUE);
        assertEquals(before, clock.seconds(), 0);
        clock.asleep = now -> {
        };
        throttle.rate(1_000);
        throttle.pass(5_000);
        assertEquals(before + 5, clock.seconds(), 0.01);
    }

    @Test
    void aPauseIsMadeUpForByAQuarterOfASecondAtMost() {
        Throttle throttle = new Throttle(1_000, clock);
        clock.pass(3600 * SECOND);
        double before = clock.seconds();
        throttle.pass(250);
        assertEquals(before, clock.seconds(), 0, "saved up");
        throttle.pass(1_000);
        assertEquals(before + 1, clock.seconds(), 0.01);
    }

    @Test
    void withoutALimitNothingWaits() {
        Throttle throttle = new Throttle(0, clock);
        throttle.pass(Integer.MAX_VALUE);
        assertEquals(0, clock.seconds(), 0);
        assertEquals(0, throttle.rate());
    }

    @Test
    void whatIsSkippedOfAStreamCountsAsWhatIsRead() throws IOException {
        InputStream in = new Throttle(1_000, clock).over(new ByteArrayInputStream(new byte[5_000]));
        in.skipNBytes(3_000);
        assertEquals(3, clock.seconds(), 0.01);
        assertEquals(2_000, in.readAllBytes().length);
        assertEquals(5, clock.seconds(), 0.01);
    }
}

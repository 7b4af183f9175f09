package cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Argon2Test {
    private static String derive(int memoryKiB, int passes, int lanes) {
        return HexFormat.of().formatHex(Argon2.derive("password".getBytes(StandardCharsets.US_ASCII), "somesalt".getBytes(StandardCharsets.US_ASCII),
                new Argon2.Params(memoryKiB, passes, lanes), 32));
    }

    /** From the test program of the reference implementation (phc-winner-argon2, Argon2id version 1.3). */
    @Test
    void derivesAsTheReferenceImplementation() {
        assertEquals("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe", derive(256, 2, 1));
        assertEquals("6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037", derive(256, 2, 2));
    }

    @Test
    void theCostFollowsWhatWasMeasured() {
        long ms = 1_000_000;
        assertEquals(new Argon2.Params(65536, 1, 1), Argon2.choose(290 * ms, 100 * ms));
        assertEquals(new Argon2.Params(65536, 2, 1), Argon2.choose(200 * ms, 100 * ms));
        assertEquals(new Argon2.Params(65536, 8, 1), Argon2.choose(100 * ms, 1 * ms));
        assertEquals(new Argon2.Params(46 * 1024, 1, 1), Argon2.choose(400 * ms, 100 * ms));
        assertEquals(new Argon2.Params(19 * 1024, 2, 1), Argon2.choose(3000 * ms, 1000 * ms));
    }

    @Test
    void whatIsChosenHereCanBeRead() {
        Argon2.Params chosen = Argon2.calibrate();
        assertTrue(chosen.memoryKiB() >= 19 * 1024 && chosen.memoryKiB() <= 65536, chosen.toString());
        assertEquals(1, chosen.lanes());
    }

    @Test
    void absurdCostsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Argon2.Params(1 << 20, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Argon2.Params(65536, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Argon2.Params(65536, 65, 1));
        assertThrows(IllegalArgumentException.class, () -> new Argon2.Params(65536, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Argon2.Params(8, 1, 2));
    }
}

package cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WipeAndRngTest {
    @Test
    void wipedArraysAreZeroAndNullIsAllowed() {
        byte[] one = {1, 2};
        byte[] two = {3};
        char[] password = {'a'};
        Wipe.bytes(one, null, two);
        Wipe.chars(password);
        Wipe.chars(null);
        assertArrayEquals(new byte[2], one);
        assertArrayEquals(new byte[1], two);
        assertArrayEquals(new char[1], password);
    }

    @Test
    void randomBytesHaveTheLengthAndDiffer() {
        assertEquals(33, Rng.bytes(33).length);
        assertFalse(Arrays.equals(Rng.bytes(32), Rng.bytes(32)));
    }
}

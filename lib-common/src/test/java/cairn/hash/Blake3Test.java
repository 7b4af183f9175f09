package cairn.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.bouncycastle.crypto.params.Blake3Parameters;
import org.junit.jupiter.api.Test;

class Blake3Test {
    private static final byte[] KEY = "whats the Elvish word for friend".getBytes(StandardCharsets.US_ASCII);
    private static final String CONTEXT = "BLAKE3 2019-12-27 16:29:52 test vectors context";
    /** More than two full sets of lanes, so that subtrees from different sets are joined. */
    private static final int LONG = 3 * Blake3Lanes.MAX * 1024 + 777;

    @Test
    void officialVectorsHoldInAllModes() throws IOException {
        byte[] input = new byte[102_400];
        for (int i = 0; i < input.length; i++) {
            input[i] = (byte) (i % 251);
        }
        int seen = 0;
        try (var lines = new BufferedReader(new InputStreamReader(
                Blake3Test.class.getResourceAsStream("blake3-vectors.txt"), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                String[] field = line.split(" ");
                Blake3 hasher = switch (field.length == 2 ? "plain" : field[1]) {
                    case "plain" -> Blake3.hasher();
                    case "keyed" -> Blake3.keyed(KEY);
                    case "derive" -> Blake3.derive(CONTEXT);
                    default -> fail(line);
                };
                int length = Integer.parseInt(field[0]);
                byte[] expected = HexFormat.of().parseHex(field[field.length - 1]);
                byte[] output = new byte[expected.length];
                hasher.update(input, 0, length).digest(output, 0, output.length);
                assertArrayEquals(expected, output, line);
                assertArrayEquals(Arrays.copyOf(expected, 32), hasher.digest(), line);
                assertArrayEquals(Arrays.copyOf(expected, 32), oneShot(hasher, input, 0, length), line);
                seen++;
            }
        }
        assertEquals(105, seen);
    }

    @Test
    void everyLengthUpTo70000AgreesWithBouncyCastle() {
        byte[] input = random(70_000, 1);
        Blake3Digest oracle = new Blake3Digest(32);
        Blake3 bytewise = Blake3.hasher();
        Blake3 hasher = Blake3.hasher();
        byte[] expected = new byte[32];
        byte[] actual = new byte[32];
        for (int length = 0; ; length++) {
            new Blake3Digest(oracle).doFinal(expected, 0);
            bytewise.digest(actual, 0);
            same(expected, actual, length);
            hasher.hash(input, 0, length, actual, 0);
            same(expected, actual, length);
            if (length == input.length) {
                return;
            }
            oracle.update(input[length]);
            bytewise.update(input, length, 1);
        }
    }

    @Test
    void everyLengthUpTo70000AgreesWithBouncyCastleWithAKey() {
        byte[] input = random(70_000, 2);
        Blake3Digest oracle = new Blake3Digest(32);
        oracle.init(Blake3Parameters.key(KEY));
        Blake3 bytewise = Blake3.keyed(KEY);
        Blake3 hasher = Blake3.keyed(KEY);
        byte[] expected = new byte[32];
        byte[] actual = new byte[32];
        for (int length = 0; ; length++) {
            new Blake3Digest(oracle).doFinal(expected, 0);
            bytewise.digest(actual, 0);
            same(expected, actual, length);
            if (length % 7 == 0) {
                hasher.reset().update(input, 0, length).digest(actual, 0);
                same(expected, actual, length);
            }
            if (length == input.length) {
                return;
            }
            oracle.update(input[length]);
            bytewise.update(input, length, 1);
        }
    }

    @Test
    void anyOffsetAndAnySplitGiveTheSameDigest() {
        byte[] input = random(LONG, 3);
        Random random = new Random(4);
        for (int round = 0; round < 60; round++) {
            boolean keyed = (round & 1) == 1;
            int length = random.nextInt(random.nextInt(3) == 0 ? LONG : 40_000);
            int offset = random.nextInt(LONG - length);
            Blake3Digest oracle = new Blake3Digest(32);
            oracle.init(keyed ? Blake3Parameters.key(KEY) : null);
            byte[] expected = new byte[32];
            oracle.update(input, offset, length);
            oracle.doFinal(expected, 0);

            Blake3 hasher = keyed ? Blake3.keyed(KEY) : Blake3.hasher();
            assertArrayEquals(expected, oneShot(hasher, input, offset, length));
            for (int done = 0; done < length; ) {
                int step = Math.min(length - done, 1 + random.nextInt(random.nextBoolean() ? 200_000 : 1500));
                hasher.update(input, offset + done, step);
                done += step;
            }
            assertArrayEquals(expected, hasher.digest(), "length " + length + " at " + offset);
        }
    }

    @Test
    void manyLengthsAroundPowersOfTwoAgreeWithBouncyCastle() {
        byte[] input = random(LONG, 5);
        Blake3 hasher = Blake3.hasher();
        for (int chunks = 16; chunks <= 3 * Blake3Lanes.MAX; chunks = chunks * 5 / 4) {
            for (int extra : new int[] {-1, 0, 1, 1023, 1024, 1025}) {
                byte[] expected = new byte[32];
                Blake3Digest oracle = new Blake3Digest(32);
                int length = Math.min(chunks * 1024 + extra, LONG);
                oracle.update(input, 0, length);
                oracle.doFinal(expected, 0);
                assertArrayEquals(expected, oneShot(hasher, input, 0, length), "length " + length);
            }
        }
    }

    @Test
    void manyInputsAtOnceGiveWhatEachGivesAlone() {
        byte[] input = random(LONG, 8);
        Random random = new Random(9);
        for (int round = 0; round < 60; round++) {
            Blake3 hasher = (round & 1) == 0 ? Blake3.hasher() : Blake3.keyed(KEY);
            int n = random.nextInt(round % 3 == 0 ? 4 : 300);
            int[] off = new int[n];
            int[] len = new int[n];
            for (int i = 0; i < n; i++) {
                len[i] = switch (random.nextInt(6)) {
                    case 0 -> random.nextInt(70);
                    case 1 -> 1024 * random.nextInt(5);
                    case 2 -> 64 * random.nextInt(50);
                    case 3 -> random.nextInt(3000);
                    case 4 -> random.nextInt(20_000);
                    default -> random.nextInt(round % 3 == 0 ? LONG : 9000);
                };
                off[i] = random.nextInt(LONG - len[i] + 1);
            }
            byte[] all = new byte[32 * n + 7];
            hasher.update(input, 0, 5000).hashAll(input, off, len, n, all, 7);
            for (int i = 0; i < n; i++) {
                byte[] alone = hasher.reset().update(input, off[i], len[i]).digest();
                assertArrayEquals(alone, Arrays.copyOfRange(all, 7 + 32 * i, 39 + 32 * i), "length " + len[i]);
            }
        }
    }

    @Test
    void aDigestInBetweenDisturbsNothing() {
        byte[] input = random(300_000, 6);
        Blake3 straight = Blake3.hasher().update(input);
        Blake3 interrupted = Blake3.hasher();
        for (int done = 0; done < input.length; done += 50_000) {
            interrupted.update(input, done, 50_000);
            assertArrayEquals(oneShot(Blake3.hasher(), input, 0, done + 50_000), interrupted.digest());
            interrupted.digest(new byte[200], 1, 199);
        }
        assertArrayEquals(straight.digest(), interrupted.digest());
    }

    @Test
    void resetForgetsTheInputAndKeepsTheKey() {
        byte[] input = random(100_000, 7);
        Blake3 hasher = Blake3.keyed(KEY).update(input, 0, 77_777);
        assertArrayEquals(Blake3.keyed(KEY).update(input).digest(), hasher.reset().update(input).digest());
    }

    @Test
    void longerOutputBeginsWithShorter() {
        Blake3 hasher = Blake3.derive("a context").update(KEY);
        byte[] longest = new byte[1000];
        hasher.digest(longest, 0, longest.length);
        for (int length = 0; length < longest.length; length += 7) {
            byte[] output = new byte[length + 2];
            hasher.digest(output, 1, length);
            assertArrayEquals(Arrays.copyOf(longest, length), Arrays.copyOfRange(output, 1, 1 + length));
            assertEquals(0, output[0] | output[length + 1]);
        }
    }

    @Test
    void wrongArgumentsAreRefused() {
        Blake3 hasher = Blake3.hasher();
        assertThrows(IllegalArgumentException.class, () -> Blake3.keyed(new byte[31]));
        assertThrows(IndexOutOfBoundsException.class, () -> hasher.update(new byte[10], 5, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> hasher.hash(new byte[10], -1, 5, new byte[32], 0));
        assertThrows(IndexOutOfBoundsException.class, () -> hasher.digest(new byte[32], 1));
        int[] zero = {0, 0};
        assertThrows(IndexOutOfBoundsException.class,
            () -> hasher.hashAll(new byte[10], zero, new int[] {10, 11}, 2, new byte[64], 0));
        assertThrows(IndexOutOfBoundsException.class,
            () -> hasher.hashAll(new byte[10], zero, zero, 2, new byte[64], 1));
    }

    private static byte[] oneShot(Blake3 hasher, byte[] in, int off, int len) {
        byte[] out = new byte[40];
        hasher.hash(in, off, len, out, 5);
        return Arrays.copyOfRange(out, 5, 37);
    }

    private static void same(byte[] expected, byte[] actual, int length) {
        if (!Arrays.equals(expected, actual)) {
            assertArrayEquals(expected, actual, "length " + length);
        }
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}

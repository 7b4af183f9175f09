package cairn.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.hash.Blake3;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class ChunkerTest {
    private static final ChunkParams PARAMS = ChunkParams.DEFAULT;
    private static final ChunkParams SMALL = ChunkParams.ofAverage(4 << 10);

    @Test
    void cutPointsAreFrozen() {
        byte[] data = random(24 << 20, 1);
        StringBuilder firstCuts = new StringBuilder();
        Blake3 allCuts = Blake3.hasher();
        for (ChunkParams params : List.of(SMALL, PARAMS, ChunkParams.ofAverage(1 << 20))) {
            int at = 0;
            List<Integer> cuts = new ArrayList<>();
            for (int length : lengths(chunker(params, 7), data, data.length)) {
                at += length;
                cuts.add(at);
                allCuts.update(new byte[] {(byte) at, (byte) (at >> 8), (byte) (at >> 16), (byte) (at >> 24)});
            }
            firstCuts.append(cuts.subList(0, 3));
        }
        assertEquals("[3979, 7621, 11283][217702, 339638, 400243][974432, 2257151, 3480864]", firstCuts.toString());
        assertEquals("589e829a085a2e2c9dddfd628d8ad1419fb74dd530e228cedee17f46bb9010b8", HexFormat.of().formatHex(allCuts.digest()));
    }

    @Test
    void aByteInsertedAtTheFrontOf100MiBMakesAtMostThreeNewChunks() {
        byte[] data = random(100 << 20, 2);
        Chunker chunker = chunker(PARAMS, 7);
        Set<Integer> ends = new HashSet<>();
        int at = 0;
        for (int length : lengths(chunker, data, data.length)) {
            at += length;
            ends.add(data.length - at);
        }
        assertTrue(ends.size() > 700, "chunks: " + ends.size());

        byte[] shifted = new byte[data.length + 1];
        shifted[0] = 42;
        System.arraycopy(data, 0, shifted, 1, data.length);
        int fresh = 0;
        boolean startKnown = false;
        at = 0;
        for (int length : lengths(chunker, shifted, shifted.length)) {
            at += length;
            boolean endKnown = ends.contains(shifted.length - at);
            fresh += startKnown && endKnown ? 0 : 1;
            startKnown = endKnown;
        }
        assertTrue(fresh <= 3, "new chunks: " + fresh);
    }

    @Test
    void chunksKeepTheirBoundsAndTheirMean() {
        byte[] data = random(16 << 20, 3);
        List<Integer> lengths = lengths(chunker(SMALL, 8), data, data.length);
        for (int length : lengths.subList(0, lengths.size() - 1)) {
            assertTrue(length >= SMALL.min() && length <= SMALL.max(), "length " + length);
        }
        double mean = (double) data.length / lengths.size() / SMALL.avg();
        assertTrue(mean > 0.95 && mean < 1.05, "mean " + mean);
    }

    @Test
    void anyBufferingGivesTheSameCuts() {
        byte[] data = random(1 << 20, 4);
        Chunker chunker = chunker(SMALL, 9);
        List<Integer> expected = lengths(chunker, data, data.length);
        Random random = new Random(5);
        for (int round = 0; round < 20; round++) {
            List<Integer> lengths = new ArrayList<>();
            byte[] buffer = new byte[0];
            int read = 0;
            while (true) {
                boolean last = read == data.length;
                int cut = chunker.cut(buffer, 0, buffer.length, last);
                if (cut == 0) {
                    break;
                }
                if (cut < 0) {
                    assertTrue(buffer.length < SMALL.max(), "asks for more than the maximum");
                    int more = Math.min(1 + random.nextInt(6000), data.length - read);
                    buffer = Arrays.copyOf(buffer, buffer.length + more);
                    System.arraycopy(data, read, buffer, buffer.length - more, more);
                    read += more;
                } else {
                    lengths.add(cut);
                    buffer = Arrays.copyOfRange(buffer, cut, buffer.length);
                }
            }
            assertEquals(expected, lengths);
        }
    }

    @Test
    void aCutDependsOnThe64BytesBeforeItOnly() {
        byte[] data = random(SMALL.max(), 6);
        Chunker chunker = chunker(SMALL, 10);
        int cut = chunker.cut(data, 0, data.length, true);
        assertTrue(cut > SMALL.min() && cut < SMALL.max());
        byte[] after = data.clone();
        new Random(7).nextBytes(after);
        System.arraycopy(data, 0, after, 0, cut);
        assertEquals(cut, chunker.cut(after, 0, after.length, true));
        for (int distance : new int[] {1, 32, 60}) {
            byte[] changed = data.clone();
            changed[cut - distance] ^= 1;
            int other = chunker.cut(changed, 0, changed.length, true);
            assertNotEquals(cut, other, "changed " + distance + " before the cut");
        }
        int place = SMALL.avg() + 100;
        byte[] elsewhere;
        long seed = 8;
        do {
            elsewhere = random(SMALL.max(), seed++);
        } while (chunker.cut(elsewhere, 0, elsewhere.length, true) <= place);
        System.arraycopy(data, cut - 64, elsewhere, place - 64, 64);
        assertEquals(place, chunker.cut(elsewhere, 0, elsewhere.length, true));
    }

    @Test
    void constantDataIsCutAtTheMaximum() {
        byte[] zeros = new byte[10 * SMALL.max() + 5];
        List<Integer> lengths = lengths(chunker(SMALL, 7), zeros, zeros.length);
        assertEquals(11, lengths.size());
        assertEquals(Set.of(SMALL.max(), 5), new HashSet<>(lengths));
    }

    @Test
    void shortInputIsOneChunkAndNoInputIsNone() {
        Chunker chunker = chunker(PARAMS, 7);
        byte[] data = random(PARAMS.max(), 9);
        assertEquals(0, chunker.cut(data, 5, 0, true));
        assertEquals(-1, chunker.cut(data, 5, 0, false));
        assertEquals(1, chunker.cut(data, 5, 1, true));
        assertEquals(PARAMS.min(), chunker.cut(data, 5, PARAMS.min(), true));
        assertEquals(-1, chunker.cut(data, 5, PARAMS.min(), false));
        assertThrows(IndexOutOfBoundsException.class, () -> chunker.cut(data, 5, data.length, true));
    }

    @Test
    void anotherSeedCutsElsewhere() {
        byte[] data = random(4 << 20, 10);
        assertTrue(commonCuts(chunker(SMALL, 1), chunker(SMALL, 2), data) < 20);
        assertTrue(commonCuts(chunker(SMALL, 1), chunker(SMALL, 1), data) > 900);
    }

    @Test
    void theDefaultOfFormat1IsFrozen() {
        assertEquals(new ChunkParams(32_768, 131_072, 524_288), ChunkParams.DEFAULT);
    }

    @Test
    void sizesOutOfProportionAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ChunkParams(32, 4096, 16384));
        assertThrows(IllegalArgumentException.class, () -> new ChunkParams(4096, 4096, 16384));
        assertThrows(IllegalArgumentException.class, () -> new ChunkParams(64, 512, 16384));
        assertThrows(IllegalArgumentException.class, () -> new ChunkParams(1024, 4096, 4096));
        assertThrows(ArithmeticException.class, () -> ChunkParams.ofAverage(1 << 30));
    }

    @Test
    void candidatesAreJudgedBySipHash24() {
        byte[] key = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        var oracle = new org.bouncycastle.crypto.macs.SipHash();
        oracle.init(new KeyParameter(key));
        Random random = new Random(11);
        for (int i = 0; i < 1000; i++) {
            long message = random.nextLong();
            oracle.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(message).array(), 0, 8);
            assertEquals(oracle.doFinal(), SipHash.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, message));
        }
    }

    private static int commonCuts(Chunker one, Chunker other, byte[] data) {
        Set<Integer> cuts = new HashSet<>();
        int at = 0;
        for (int length : lengths(one, data, data.length)) {
            at += length;
            cuts.add(at);
        }
        int common = 0;
        at = 0;
        for (int length : lengths(other, data, data.length)) {
            at += length;
            common += cuts.contains(at) ? 1 : 0;
        }
        return common;
    }

    private static List<Integer> lengths(Chunker chunker, byte[] data, int end) {
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < end; ) {
            int length = chunker.cut(data, at, end - at, true);
            lengths.add(length);
            at += length;
        }
        return lengths;
    }

    private static Chunker chunker(ChunkParams params, int seed) {
        byte[] bytes = new byte[GearTable.SEED_BYTES];
        Arrays.fill(bytes, (byte) seed);
        return new Chunker(params, GearTable.of(bytes));
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}

package cairn.independent;

import java.util.ArrayList;
import java.util.List;

/** Cuts content: docs/format.md, "Chunks". Slow and plain. */
final class IndependentChunker {
    private final long[] words = new long[260];
    private final int min;
    private final int avg;
    private final int max;

    IndependentChunker(IndependentKeys keys) {
        byte[] seed = Ciphers.hkdf(keys.naming, new byte[0], "cairn gear v1", 32);
        Cursor in = new Cursor(Ciphers.blake3(seed, 2080));
        for (int i = 0; i < words.length; i++) {
            words[i] = in.u64();
        }
        words[257] |= 1;
        min = (int) keys.chunks[0];
        avg = (int) keys.chunks[1];
        max = (int) keys.chunks[2];
    }

    /** The lengths of the chunks of an input. */
    List<Integer> cut(byte[] input) {
        List<Integer> lengths = new ArrayList<>();
        for (int start = 0; start < input.length; start += lengths.getLast()) {
            lengths.add(next(input, start));
        }
        return lengths;
    }

    private int next(byte[] input, int start) {
        int most = Math.min(max, input.length - start);
        for (int length = min + 1; length < most; length++) {
            if (isCut(input, start + length, length <= avg - avg / 6 ? 4L * avg : avg / 4)) {
                return length;
            }
        }
        return most;
    }

    private boolean isCut(byte[] input, int end, long places) {
        long h = 0;
        for (int i = end - 64; i < end; i++) {
            h = 2 * h + words[input[i] & 0xFF];
        }
        if ((h ^ words[256]) * words[257] >= Long.MIN_VALUE + (1L << 57)) {
            return false;
        }
        long limit = Long.MIN_VALUE + 256 * Long.divideUnsigned(1L << 63, places);
        return Ciphers.sipHash(words[258], words[259], h) < limit;
    }
}

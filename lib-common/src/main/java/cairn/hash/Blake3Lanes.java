package cairn.hash;

import static cairn.hash.Blake3Scalar.BLOCK;
import static cairn.hash.Blake3Scalar.CHUNK_START;
import static cairn.hash.Blake3Scalar.IV0;
import static cairn.hash.Blake3Scalar.IV1;
import static cairn.hash.Blake3Scalar.IV2;
import static cairn.hash.Blake3Scalar.IV3;
import static cairn.hash.Blake3Scalar.WORD;
import static java.lang.Integer.rotateRight;

import java.util.Arrays;

/**
 * Many BLAKE3 compressions side by side. Lane <i>i</i> of {@code v[w]} is word <i>w</i> of the <i>i</i>-th state and
 * lane <i>i</i> of {@code m[w]} word <i>w</i> of its message block, so that a quarter round over all lanes
 * is one plain loop over six arrays that all use the same index: the one shape that the JIT's superword pass always
 * turns into vector instructions, rotates included. That loop is called 56 times a block and is compiled within the
 * first hundred kilobytes of a run. Loops over two quarter rounds, half a round or a whole one were measured: all
 * are slower, and the longest take the JIT seconds.
 *
 * <p>The lanes need have nothing in common: each has its own place, length, chunk number and flags. They
 * must stand in the order of their number of blocks, longest first, so that the busy ones are always the first.
 */
final class Blake3Lanes {
    /** Most lanes at once: state and message then fill 34 KiB, which stays in the first-level cache. */
    static final int MAX = 256;

    /** From how many lanes on side by side is faster than one by one. */
    static final int MIN = 12;

    /** From how many lanes on {@link #quarterLong} is used. */
    private static final int LONG = 96;

    /**
     * Arrays are padded so that each object is a multiple of 64 bytes and all of them lie alike in their cache lines.
     */
    private static final int PAD = 12;

    /** Which message words the eight quarter rounds of each round take: the permutation applied 0 to 6 times. */
    private static final byte[][] SCHEDULE = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
        {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1},
        {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
        {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4},
        {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
        {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13},
    };

    /** Of each lane: where its chunk starts, or its two nodes in {@link #parents}. */
    final int[] start = new int[MAX];
    /** Of each lane: bytes of its chunk, 0 to 1024. */
    final int[] length = new int[MAX];
    /** Of each lane: low and high half of its chunk's number. */
    final int[] low = new int[MAX];
    final int[] high = new int[MAX];
    /** Of each lane: flags of its last block, apart from those of the mode. */
    final int[] end = new int[MAX];

    private final int[] key;
    private final int flags;
    private final int[][] v;
    private final int[][] m;
    private final int[] block = new int[16];

    Blake3Lanes(int[] key, int flags) {
        this.key = key;
        this.flags = flags;
        int[][] words = new int[32][MAX + PAD];
        v = Arrays.copyOfRange(words, 0, 16);
        m = Arrays.copyOfRange(words, 16, 32);
    }

    /** Chains the chunks of the first {@code n} lanes. */
    void chunks(byte[] in, int n) {
        for (int w = 0; w < 8; w++) {
            Arrays.fill(v[w], 0, n, key[w]);
        }
        int busy = n;
        for (int done = 0; ; done += BLOCK) {
            while (busy > 0 && done > 0 && length[busy - 1] <= done) {
                busy--;
            }
            if (busy == 0) {
                return;
            }
            Arrays.fill(v[14], 0, busy, BLOCK);
            Arrays.fill(v[15], 0, busy, done == 0 ? flags | CHUNK_START : flags);
            System.arraycopy(low, 0, v[12], 0, busy);
            System.arraycopy(high, 0, v[13], 0, busy);
            int whole = busy;
            for (int i = busy - 1; i >= 0 && length[i] <= done + BLOCK; i--) {
                int left = length[i] - done;
                v[14][i] = left;
                v[15][i] |= end[i];
                whole = left < BLOCK ? i : whole;
            }
            for (int i = whole; i < busy; i++) {
                Blake3Scalar.lastWords(in, start[i] + done, v[14][i], block);
                for (int w = 0; w < 16; w++) {
                    m[w][i] = block[w];
                }
            }
            transpose(in, done, whole);
            compress(busy);
        }
    }

    /** Joins pairs of nodes: lane <i>i</i> those whose 16 words stand at {@code start[i]}. */
    void parents(int[] nodes, int n) {
        for (int i = 0; i < n; i++) {
            for (int w = 0, p = start[i]; w < 16; w++, p++) {
                m[w][i] = nodes[p];
            }
            v[15][i] = flags | end[i];
        }
        for (int w = 0; w < 8; w++) {
            Arrays.fill(v[w], 0, n, key[w]);
        }
        Arrays.fill(v[12], 0, n, 0);
        Arrays.fill(v[13], 0, n, 0);
        Arrays.fill(v[14], 0, n, BLOCK);
        compress(n);
    }

    /** Copies the 8 words that came out of a lane. */
    void get(int lane, int[] out, int outOff) {
        for (int w = 0; w < 8; w++) {
            out[outOff + w] = v[w][lane];
        }
    }

    private void compress(int n) {
        int[][] v = this.v;
        int[][] m = this.m;
        Arrays.fill(v[8], 0, n, IV0);
        Arrays.fill(v[9], 0, n, IV1);
        Arrays.fill(v[10], 0, n, IV2);
        Arrays.fill(v[11], 0, n, IV3);
        for (byte[] s : SCHEDULE) {
            quarter(n, v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
            quarter(n, v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
            quarter(n, v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
            quarter(n, v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
            quarter(n, v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
            quarter(n, v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
            quarter(n, v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
            quarter(n, v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
        }
        for (int w = 0; w < 8; w++) {
            xor(n, v[w], v[8 + w]);
        }
    }

    private static void quarter(int n, int[] va, int[] vb, int[] vc, int[] vd, int[] mx, int[] my) {
        if (n >= LONG) {
            quarterLong(n, va, vb, vc, vd, mx, my);
        } else {
            quarterShort(n, va, vb, vc, vd, mx, my);
        }
    }

    private static void quarterLong(int n, int[] va, int[] vb, int[] vc, int[] vd, int[] mx, int[] my) {
        for (int i = 0; i < n; i++) {
            int a = va[i] + mx[i] + vb[i];
            int d = rotateRight(vd[i] ^ a, 16);
            int c = vc[i] + d;
            int b = rotateRight(vb[i] ^ c, 12);
            a = a + my[i] + b;
            d = rotateRight(d ^ a, 8);
            c += d;
            va[i] = a;
            vb[i] = rotateRight(b ^ c, 7);
            vc[i] = c;
            vd[i] = d;
        }
    }

    /**
     * The same. The JIT unrolls a loop by what it saw of its length, and without unrolling there are no vectors: in
     * one method a run of small inputs would slow down all large ones after it.
     */
    private static void quarterShort(int n, int[] va, int[] vb, int[] vc, int[] vd, int[] mx, int[] my) {
        for (int i = 0; i < n; i++) {
            int a = va[i] + mx[i] + vb[i];
            int d = rotateRight(vd[i] ^ a, 16);
            int c = vc[i] + d;
            int b = rotateRight(vb[i] ^ c, 12);
            a = a + my[i] + b;
            d = rotateRight(d ^ a, 8);
            c += d;
            va[i] = a;
            vb[i] = rotateRight(b ^ c, 7);
            vc[i] = c;
            vd[i] = d;
        }
    }

    private static void xor(int n, int[] a, int[] b) {
        for (int i = 0; i < n; i++) {
            a[i] ^= b[i];
        }
    }

    /** Brings the block at {@code done} of the chunks of the first {@code n} lanes into the message lanes. */
    private void transpose(byte[] in, int done, int n) {
        int[] m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6], m7 = m[7];
        int[] m8 = m[8], m9 = m[9], m10 = m[10], m11 = m[11], m12 = m[12], m13 = m[13], m14 = m[14], m15 = m[15];
        for (int i = 0; i < n; i++) {
            int p = start[i] + done;
            m0[i] = (int) WORD.get(in, p);
            m1[i] = (int) WORD.get(in, p + 4);
            m2[i] = (int) WORD.get(in, p + 8);
            m3[i] = (int) WORD.get(in, p + 12);
            m4[i] = (int) WORD.get(in, p + 16);
            m5[i] = (int) WORD.get(in, p + 20);
            m6[i] = (int) WORD.get(in, p + 24);
            m7[i] = (int) WORD.get(in, p + 28);
            m8[i] = (int) WORD.get(in, p + 32);
            m9[i] = (int) WORD.get(in, p + 36);
            m10[i] = (int) WORD.get(in, p + 40);
            m11[i] = (int) WORD.get(in, p + 44);
            m12[i] = (int) WORD.get(in, p + 48);
            m13[i] = (int) WORD.get(in, p + 52);
            m14[i] = (int) WORD.get(in, p + 56);
            m15[i] = (int) WORD.get(in, p + 60);
        }
    }
}

package cairn.hash;

import static cairn.hash.Blake3Scalar.BLOCK;
import static cairn.hash.Blake3Scalar.CHUNK;
import static cairn.hash.Blake3Scalar.CHUNK_END;
import static cairn.hash.Blake3Scalar.CHUNK_START;
import static cairn.hash.Blake3Scalar.IV0;
import static cairn.hash.Blake3Scalar.IV1;
import static cairn.hash.Blake3Scalar.IV2;
import static cairn.hash.Blake3Scalar.IV3;
import static cairn.hash.Blake3Scalar.PARENT;
import static cairn.hash.Blake3Scalar.WORD;

import java.util.Arrays;

/**
 * Many BLAKE3 compressions side by side. Lane <i>i</i> of {@code v[w]} is word <i>w</i> of the <i>i</i>-th state and
 * lane <i>i</i> of {@code m[w]} word <i>w</i> of its message block, so that one step of the algorithm over all lanes
 * is one plain loop over six arrays that all use the same index: the one shape that the JIT's superword pass always
 * turns into vector instructions (rotates included, on AVX2 and AVX-512). That loop, {@link #quarter}, is tiny, is called 56 times a
 * block, and so is compiled within the first hundred kilobytes of a run. Loops over whole rounds were tried: they
 * were slower (the JIT runs up to a vector's length of lanes one by one before and after the vector loop, and those
 * cost the more the longer the body is) and take seconds to compile.
 */
final class Blake3Lanes {
    /** Most lanes at once: state and message then fill 34 KiB, which stays in the first-level cache. */
    static final int MAX = 256;

    /** Arrays are padded so that each object is a multiple of 64 bytes and all of them lie alike in their cache lines. */
    private static final int PAD = 12;

    /** Which message words the eight steps of each round take: the permutation applied 0 to 6 times. */
    private static final byte[][] SCHEDULE = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
        {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1},
        {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
        {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4},
        {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
        {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13},
    };

    private final int[][] v = new int[16][MAX + PAD];
    private final int[][] m = new int[16][MAX + PAD];

    /** Chains {@code n} whole chunks of which the first has number {@code counter}; the results stay in the lanes. */
    void chunks(byte[] in, int off, int n, long counter, int[] key, int flags) {
        for (int w = 0; w < 8; w++) {
            Arrays.fill(v[w], 0, n, key[w]);
        }
        for (int block = 0; block < CHUNK; block += BLOCK) {
            transpose(in, off + block, n);
            for (int i = 0; i < n; i++) {
                v[12][i] = (int) (counter + i);
            }
            for (int i = 0; i < n; i++) {
                v[13][i] = (int) ((counter + i) >>> 32);
            }
            int blockFlags = flags | (block == 0 ? CHUNK_START : 0) | (block == CHUNK - BLOCK ? CHUNK_END : 0);
            compress(n, blockFlags);
        }
    }

    /** Replaces the nodes in lanes {@code from} to {@code from + 2n} by their {@code n} parents, in lanes 0 to n. */
    void parents(int from, int n, int[] key, int flags) {
        for (int w = 0; w < 8; w++) {
            deinterleave(v[w], from, n, m[w], m[8 + w]);
            Arrays.fill(v[w], 0, n, key[w]);
        }
        Arrays.fill(v[12], 0, n, 0);
        Arrays.fill(v[13], 0, n, 0);
        compress(n, flags | PARENT);
    }

    /** Copies the chaining value in a lane. */
    void get(int lane, int[] out, int outOff) {
        for (int w = 0; w < 8; w++) {
            out[outOff + w] = v[w][lane];
        }
    }

    /** Sets the chaining value in a lane. */
    void put(int lane, int[] cv) {
        for (int w = 0; w < 8; w++) {
            v[w][lane] = cv[w];
        }
    }

    private void compress(int n, int flags) {
        int[][] v = this.v;
        int[][] m = this.m;
        Arrays.fill(v[8], 0, n, IV0);
        Arrays.fill(v[9], 0, n, IV1);
        Arrays.fill(v[10], 0, n, IV2);
        Arrays.fill(v[11], 0, n, IV3);
        Arrays.fill(v[14], 0, n, BLOCK);
        Arrays.fill(v[15], 0, n, flags);
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
        for (int i = 0; i < n; i++) {
            int a = va[i];
            int b = vb[i];
            int c = vc[i];
            int d = vd[i];
            a += b + mx[i];
            d = Integer.rotateRight(d ^ a, 16);
            c += d;
            b = Integer.rotateRight(b ^ c, 12);
            a += b + my[i];
            d = Integer.rotateRight(d ^ a, 8);
            c += d;
            b = Integer.rotateRight(b ^ c, 7);
            va[i] = a;
            vb[i] = b;
            vc[i] = c;
            vd[i] = d;
        }
    }

    private static void xor(int n, int[] a, int[] b) {
        for (int i = 0; i < n; i++) {
            a[i] ^= b[i];
        }
    }

    private static void deinterleave(int[] from, int start, int n, int[] even, int[] odd) {
        for (int i = 0; i < n; i++) {
            even[i] = from[start + 2 * i];
            odd[i] = from[start + 2 * i + 1];
        }
    }

    /** Brings the 16 words of the same block of each of {@code n} chunks into the message lanes. */
    private void transpose(byte[] in, int off, int n) {
        int[] m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6], m7 = m[7];
        int[] m8 = m[8], m9 = m[9], m10 = m[10], m11 = m[11], m12 = m[12], m13 = m[13], m14 = m[14], m15 = m[15];
        for (int i = 0, p = off; i < n; i++, p += CHUNK) {
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

package cairn.hash;

import static java.lang.Integer.rotateRight;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** BLAKE3's compression function for one block, its constants, and how bytes become words. */
final class Blake3Scalar {
    static final int BLOCK = 64;
    static final int CHUNK = 1024;

    static final int CHUNK_START = 1;
    static final int CHUNK_END = 2;
    static final int PARENT = 4;
    static final int ROOT = 8;
    static final int KEYED_HASH = 16;
    static final int DERIVE_KEY_CONTEXT = 32;
    static final int DERIVE_KEY_MATERIAL = 64;

    static final int IV0 = 0x6a09e667;
    static final int IV1 = 0xbb67ae85;
    static final int IV2 = 0x3c6ef372;
    static final int IV3 = 0xa54ff53a;
    static final int IV4 = 0x510e527f;
    static final int IV5 = 0x9b05688c;
    static final int IV6 = 0x1f83d9ab;
    static final int IV7 = 0x5be0cd19;

    static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Blake3Scalar() {
    }

    static int[] iv() {
        return new int[] {IV0, IV1, IV2, IV3, IV4, IV5, IV6, IV7};
    }

    /** Reads {@code count} little-endian words. */
    static void words(byte[] in, int off, int[] out, int outOff, int count) {
        for (int i = 0; i < count; i++) {
            out[outOff + i] = (int) WORD.get(in, off + 4 * i);
        }
    }

    /** Reads a last block of {@code len} bytes, 0 to 64, and fills up with zeros. */
    static void lastWords(byte[] in, int off, int len, int[] m) {
        int whole = len >>> 2;
        words(in, off, m, 0, whole);
        for (int i = whole; i < 16; i++) {
            m[i] = 0;
        }
        for (int i = whole << 2; i < len; i++) {
            m[whole] |= (in[off + i] & 0xff) << (i << 3);
        }
    }

    /**
     * Chains all blocks of a chunk but the last; returns how many bytes those are.
     *
     * @param state afterwards the chaining value in words 0 to 7
     * @param m 16 words of room
     */
    static int chain(int[] key, int flags, byte[] in, int off, int len, long number, int[] state, int[] m) {
        System.arraycopy(key, 0, state, 0, 8);
        int done = 0;
        for (; len - done > BLOCK; done += BLOCK) {
            words(in, off + done, m, 0, 16);
            compress(state, m, number, BLOCK, done == 0 ? flags | CHUNK_START : flags);
        }
        return done;
    }

    /**
     * Compresses one block.
     *
     * @param state the chaining value in words 0 to 7; afterwards all 16 words of output, the new chaining value first
     * @param m the 16 words of the block
     * @param counter number of the chunk, of the output block, or 0 for a parent
     * @param len bytes of the block that count
     */
    static void compress(int[] state, int[] m, long counter, int len, int flags) {
        int m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6], m7 = m[7];
        int m8 = m[8], m9 = m[9], m10 = m[10], m11 = m[11], m12 = m[12], m13 = m[13], m14 = m[14], m15 = m[15];
        int v0 = state[0], v1 = state[1], v2 = state[2], v3 = state[3];
        int v4 = state[4], v5 = state[5], v6 = state[6], v7 = state[7];
        int v8 = IV0, v9 = IV1, v10 = IV2, v11 = IV3;
        int v12 = (int) counter, v13 = (int) (counter >>> 32), v14 = len, v15 = flags;
        for (int round = 0; ; round++) {
            v0 = v0 + m0 + v4; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 12);
            v0 = v0 + m1 + v4; v12 = rotateRight(v12 ^ v0, 8); v8 += v12; v4 = rotateRight(v4 ^ v8, 7);
            v1 = v1 + m2 + v5; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 12);
            v1 = v1 + m3 + v5; v13 = rotateRight(v13 ^ v1, 8); v9 += v13; v5 = rotateRight(v5 ^ v9, 7);
            v2 = v2 + m4 + v6; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 12);
            v2 = v2 + m5 + v6; v14 = rotateRight(v14 ^ v2, 8); v10 += v14; v6 = rotateRight(v6 ^ v10, 7);
            v3 = v3 + m6 + v7; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 12);
            v3 = v3 + m7 + v7; v15 = rotateRight(v15 ^ v3, 8); v11 += v15; v7 = rotateRight(v7 ^ v11, 7);
            v0 = v0 + m8 + v5; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 12);
            v0 = v0 + m9 + v5; v15 = rotateRight(v15 ^ v0, 8); v10 += v15; v5 = rotateRight(v5 ^ v10, 7);
            v1 = v1 + m10 + v6; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 12);
            v1 = v1 + m11 + v6; v12 = rotateRight(v12 ^ v1, 8); v11 += v12; v6 = rotateRight(v6 ^ v11, 7);
            v2 = v2 + m12 + v7; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 12);
            v2 = v2 + m13 + v7; v13 = rotateRight(v13 ^ v2, 8); v8 += v13; v7 = rotateRight(v7 ^ v8, 7);
            v3 = v3 + m14 + v4; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 12);
            v3 = v3 + m15 + v4; v14 = rotateRight(v14 ^ v3, 8); v9 += v14; v4 = rotateRight(v4 ^ v9, 7);
            if (round == 6) {
                break;
            }
            int t = m0; m0 = m2; m2 = m3; m3 = m10; m10 = m12; m12 = m9; m9 = m11; m11 = m5; m5 = t;
            t = m1; m1 = m6; m6 = m4; m4 = m7; m7 = m13; m13 = m14; m14 = m15; m15 = m8; m8 = t;
        }

        state[8] = v8 ^ state[0];
        state[9] = v9 ^ state[1];
        state[10] = v10 ^ state[2];
        state[11] = v11 ^ state[3];
        state[12] = v12 ^ state[4];
        state[13] = v13 ^ state[5];
        state[14] = v14 ^ state[6];
        state[15] = v15 ^ state[7];
        state[0] = v0 ^ v8;
        state[1] = v1 ^ v9;
        state[2] = v2 ^ v10;
        state[3] = v3 ^ v11;
        state[4] = v4 ^ v12;
        state[5] = v5 ^ v13;
        state[6] = v6 ^ v14;
        state[7] = v7 ^ v15;
    }
}

package cairn.chunk;

import static java.lang.Long.rotateLeft;

/** SipHash-2-4 (Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012) of messages of exactly 8 bytes. */
public final class SipHash {
    /** The last block: no bytes left over, and the message's length on top. */
    private static final long LENGTH_BLOCK = 8L << 56;

    private SipHash() {
    }

    /** All three as little-endian words. */
    public static long of(long key0, long key1, long message) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L ^ message;
        for (int round = 0; round < 8; round++) {
            v0 += v1;
            v1 = rotateLeft(v1, 13) ^ v0;
            v0 = rotateLeft(v0, 32);
            v2 += v3;
            v3 = rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = rotateLeft(v1, 17) ^ v2;
            v2 = rotateLeft(v2, 32);
            if (round == 1) {
                v0 ^= message;
                v3 ^= LENGTH_BLOCK;
            } else if (round == 3) {
                v0 ^= LENGTH_BLOCK;
                v2 ^= 0xff;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}

package cairn.chunk;

import cairn.hash.Blake3;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Every secret of a repository's chunker, stretched from one seed by keyed BLAKE3 over the empty input: 256 words of
 * gear table, then the two words of the filter (the second made odd), then the two words of the SipHash key, all
 * little-endian.
 */
public final class GearTable {
    /** Bytes of a seed. */
    public static final int SEED_BYTES = Blake3.KEY_BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    final long[] gear = new long[256];
    final long mask;
    final long factor;
    final long sip0;
    final long sip1;

    private GearTable(byte[] stream) {
        for (int i = 0; i < 256; i++) {
            gear[i] = (long) LONG.get(stream, 8 * i);
        }
        mask = (long) LONG.get(stream, 2048);
        factor = (long) LONG.get(stream, 2056) | 1;
        sip0 = (long) LONG.get(stream, 2064);
        sip1 = (long) LONG.get(stream, 2072);
    }

    /** @param seed 32 secret bytes, used for nothing else */
    public static GearTable of(byte[] seed) {
        byte[] stream = new byte[2080];
        Blake3.keyed(seed).digest(stream, 0, stream.length);
        return new GearTable(stream);
    }

    long sipHash(long message) {
        return SipHash.of(sip0, sip1, message);
    }
}

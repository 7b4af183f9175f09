package cairn.chunk;

import java.util.Objects;

/**
 * Cuts data where its content says so: FastCDC (Xia et al., USENIX ATC 2016; IEEE TPDS 2020) with a secret in it.
 *
 * <p>A gear hash runs over the bytes, {@code h = 2h + gear[b]}; being 64 bits wide it knows the last 64 bytes
 * and nothing else. No cut is looked for before the minimum; the hash starts 64 bytes ahead of it, so that
 * whether a place is a cut depends on the 64 bytes before it alone. After an insertion the cuts fall back into step
 * with the old ones at the first cut that both have.
 *
 * <p><b>Why two steps.</b> Chunk lengths show in the lengths of sealed blobs. Whoever can predict the cuts of a file
 * can tell whether it is stored. A secret gear table alone does not prevent that: the hash is linear, each cut in
 * known data is an equation about the table, and a few thousand of them give it away (Truong et al., IACR ePrint
 * 2025/558; Alexeev et al., 2025/532: so fell the chunkers of five backup programs). What they recommend is a
 * pseudo-random function over the rolling hash. Here the hash first passes a filter, {@code (h ^ mask) * factor} with
 * both secret, that lets one place in 128 through; each of these is decided by SipHash-2-4 of {@code h} under its own
 * key. A cut in known data tells 7 bits about a function that is not linear in the table, and nothing about the key;
 * whoever nevertheless found table and filter would know where cuts may be, not where they are. SipHash at every
 * place would leave not even that, at a twentieth of the speed (measured; 6 bits instead of 7 cost a seventh).
 *
 * <p>Chunk lengths are normalised by two thresholds on the SipHash value: a cut is 4 times less likely than 1 in avg
 * up to 5/6 of the average, 4 times more likely after, which makes the mean the average.
 *
 * <p>An object holds no state between calls and may be shared by threads.
 */
public final class Chunker {
    /** Bytes before a cut that decide it. */
    static final int WINDOW = 64;

    /** The filter lets 1 of 2 to this power through. */
    private static final int FILTER_BITS = 7;
    private static final long FILTER_LIMIT = Long.MIN_VALUE + (1L << 64 - FILTER_BITS);

    private final GearTable table;
    private final int min;
    private final int normal;
    private final int max;
    /** A place that passed the filter is a cut if its SipHash value, as a signed number, is below. */
    private final long strict;
    private final long loose;

    public Chunker(ChunkParams params, GearTable table) {
        this.table = Objects.requireNonNull(table);
        min = params.min();
        max = params.max();
        normal = params.avg() - params.avg() / 6;
        strict = threshold(4L * params.avg());
        loose = threshold(params.avg() / 4);
    }

    /** The signed limit below which 1 value of {@code places / 2^FILTER_BITS} lies. */
    private static long threshold(long places) {
        return Long.MIN_VALUE + 2 * Long.divideUnsigned(1L << 63, places) * (1L << FILTER_BITS);
    }

    /**
     * Finds the end of the chunk that starts at {@code off}. Never looks further than the maximum.
     *
     * @param len bytes available from there
     * @param last no more bytes follow these
     * @return length of the chunk; 0 if {@code last} and there are no bytes; -1 if more bytes are needed to decide
     */
    public int cut(byte[] buf, int off, int len, boolean last) {
        Objects.checkFromIndexSize(off, len, buf.length);
        int end = Math.min(len, max);
        if (end > min) {
            int middle = Math.min(end, normal);
            long h = warmUp(buf, off + min);
            int at = scan(buf, off + min, off + middle, h, strict);
            if (at < 0 && middle < end) {
                h = warmUp(buf, off + middle);
                at = scan(buf, off + middle, off + end, h, loose);
            }
            if (at >= 0) {
                return at - off;
            }
        }
        return len >= max ? max : last ? len : -1;
    }

    private long warmUp(byte[] buf, int to) {
        long[] gear = table.gear;
        long h = 0;
        for (int i = to - WINDOW; i < to; i++) {
            h = (h << 1) + gear[buf[i] & 0xff];
        }
        return h;
    }

    /**
     * The first cut after {@code from} and not after {@code to}, or -1. {@code h} is the hash before {@code from}.
     */
    private int scan(byte[] buf, int from, int to, long h, long threshold) {
        long[] gear = table.gear;
        long mask = table.mask;
        long factor = table.factor;
        for (int i = from; i < to; i++) {
            h = (h << 1) + gear[buf[i] & 0xff];
            if ((h ^ mask) * factor < FILTER_LIMIT && table.sipHash(h) < threshold) {
                return i + 1;
            }
        }
        return -1;
    }
}

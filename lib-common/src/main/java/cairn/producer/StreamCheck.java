package cairn.producer;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Watches a stream go by: how long it is and how it ends, to tell whether it can be whole. */
final class StreamCheck extends InputStream {
    /** Bytes at the end in which the expected end is looked for. */
    static final int TAIL = 4096;

    private final InputStream in;
    private final byte[] ring = new byte[TAIL];
    private long total;

    StreamCheck(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int most) throws IOException {
        int got = in.read(to, offset, most);
        if (got > 0) {
            int skipped = Math.max(0, got - TAIL);
            int at = (int) ((total + skipped) % TAIL);
            int kept = got - skipped;
            int first = Math.min(kept, TAIL - at);
            System.arraycopy(to, offset + skipped, ring, at, first);
            System.arraycopy(to, offset + skipped + first, ring, 0, kept - first);
            total += got;
        }
        return got;
    }

    long total() {
        return total;
    }

    /** The last bytes, each as one character. */
    private String tail() {
        if (total <= TAIL) {
            return new String(ring, 0, (int) total, StandardCharsets.ISO_8859_1);
        }
        int at = (int) (total % TAIL);
        return new String(ring, at, TAIL - at, StandardCharsets.ISO_8859_1) + new String(ring, 0, at, StandardCharsets.ISO_8859_1);
    }

    /** @throws CairnException if the stream is shorter or ends otherwise than it should */
    void require(Expectation expected, byte[] path) throws CairnException {
        if (total < expected.leastBytes()) {
            throw new CairnException(ExitCode.PRODUCER_FAILED, "the stream '" + RawString.printable(path) + "' ended after " + total
                    + " bytes, fewer than " + expected.leastBytes() + ": no backup was made", "see why what writes it stopped; --min-size sets the least");
        }
        if (expected.end() != null && !expected.end().matcher(tail()).find()) {
            throw new CairnException(ExitCode.PRODUCER_FAILED, "the stream '" + RawString.printable(path) + "' does not end as expected: no backup was made",
                    "see why what writes it stopped; --expect-end is looked for in the last " + TAIL + " bytes");
        }
    }
}

package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;

/**
 * Input for parsers that was altered, and what may come of it: it is read, or refused with an error for people; no other
 * exception, no memory without bound. {@code -Dcairn.seed=N -Dcairn.fuzz=100000} for others and for more.
 */
public final class Fuzz {
    public static final int ROUNDS = Integer.getInteger("cairn.fuzz", 4000);
    /** Far more than any of the small inputs here needs, far less than a forged length would ask for. */
    private static final long MOST_BYTES = 48L << 20;
    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    public final Random random = new Random(Long.getLong("cairn.seed", 1));

    /** Reads something that was altered. */
    public interface Parse {
        void run() throws IOException;
    }

    /**
     * Reads it, in this thread.
     *
     * @param what names it if something else came of it
     * @return why it was refused, or null if it was read
     */
    public static CairnException refusal(Parse parse, String what) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            parse.run();
            return null;
        } catch (CairnException asItShould) {
            return asItShould;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new AssertionError(what, e);
        } finally {
            long took = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(took < MOST_BYTES, () -> what + " took " + took + " bytes of memory");
        }
    }

    /** Bytes in one or a few places altered, missing, doubled or new. */
    public byte[] mutate(byte[] from) {
        byte[] bytes = from.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            // beginnings and ends, where the counts and lengths are, more often than the middle
            int span = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 64);
            int at = random.nextBoolean() ? random.nextInt(span) : bytes.length - 1 - random.nextInt(span);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) (random.nextBoolean() ? 0xFF : 0x7F));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> {
                    byte[] longer = new byte[bytes.length + 1 + random.nextInt(12)];
                    System.arraycopy(bytes, 0, longer, 0, at);
                    System.arraycopy(bytes, at, longer, at + longer.length - bytes.length, bytes.length - at);
                    bytes = longer;
                }
                default -> {
                    int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
                    System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
                }
            }
        }
        return bytes;
    }
}

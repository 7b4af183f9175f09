package cairn.crypto;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id version 1.3 (RFC 9106): a key from a password, at a cost that makes guessing dear. The only class that
 * touches BouncyCastle, and only when a password is used.
 */
public final class Argon2 {
    private static final int MIB = 1024;
    private static final long BUDGET_NANOS = 300_000_000L;
    private static final int MOST_PASSES = 8;

    private Argon2() {
    }

    /**
     * What one derivation costs. The bounds are wide enough for what {@link #calibrate()} may ever choose, and narrow
     * enough that a hostile key file can neither exhaust memory nor stall a command for minutes.
     *
     * @param memoryKiB 8 KiB to 256 MiB
     * @param passes 1 to 64
     * @param lanes 1 to 16
     */
    public record Params(int memoryKiB, int passes, int lanes) {
        public static final int MOST_MEMORY_KIB = 256 * MIB;
        public static final int MOST_PASSES = 64;
        public static final int MOST_LANES = 16;

        public Params {
            if (memoryKiB < 8 * lanes || memoryKiB > MOST_MEMORY_KIB || passes < 1 || passes > MOST_PASSES || lanes < 1 || lanes > MOST_LANES) {
                throw new IllegalArgumentException("no such cost: " + memoryKiB + " KiB, " + passes + " passes, " + lanes + " lanes");
            }
        }
    }

    /**
     * A key from a password.
     *
     * @param salt 16 random bytes
     * @param length of the key in bytes
     */
    public static byte[] derive(byte[] password, byte[] salt, Params cost, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKiB()).withIterations(cost.passes()).withParallelism(cost.lanes()).withSalt(salt).build());
        byte[] out = new byte[length];
        generator.generateBytes(password, out);
        return out;
    }

    /**
     * The highest cost that a command started on this machine pays within 0.3 s: 64 MiB and as many passes as fit. The
     * first derivation of a process is measured cold, because that is how every command will meet it. A machine too
     * slow for one pass gets less memory, but never less than what OWASP recommends as the least (2023: 46 MiB in one
     * pass, or 19 MiB in two).
     */
    public static Params calibrate() {
        long first = time(new Params(64 * MIB, 1, 1));
        long again = time(new Params(64 * MIB, 1, 1));
        return choose(first, again);
    }

    /** @param first nanoseconds of the first pass over 64 MiB, @param again of one pass more */
    static Params choose(long first, long again) {
        if (first <= BUDGET_NANOS) {
            long more = (BUDGET_NANOS - first) / Math.max(1, again);
            return new Params(64 * MIB, (int) Math.min(MOST_PASSES, 1 + more), 1);
        }
        return first / 64 * 46 <= BUDGET_NANOS ? new Params(46 * MIB, 1, 1) : new Params(19 * MIB, 2, 1);
    }

    private static long time(Params cost) {
        long start = now();
        derive(new byte[16], new byte[16], cost, 32);
        return now() - start;
    }

    /**
     * Nanoseconds that this thread has had a processor, so that other programs which happen to run during {@code init}
     * do not make the password weaker for ever; where the kernel does not tell, nanoseconds of the clock.
     */
    private static long now() {
        try (FileInputStream in = new FileInputStream("/proc/thread-self/schedstat")) {
            String text = new String(in.readNBytes(100), StandardCharsets.US_ASCII);
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException | RuntimeException e) {
            return System.nanoTime();
        }
    }
}

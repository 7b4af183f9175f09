package cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/**
 * Random bytes for keys, salts and names, from the kernel's generator. The provider is named because looking for the
 * default one walks through all providers, and the non-blocking form because {@code /dev/random} may stall a start.
 */
public final class Rng {
    private Rng() {
    }

    /** Safe for use by many threads. */
    public static SecureRandom random() {
        return Holder.RANDOM;
    }

    /** As many random bytes as asked for, in a new array. */
    public static byte[] bytes(int length) {
        byte[] out = new byte[length];
        Holder.RANDOM.nextBytes(out);
        return out;
    }

    public static int nextInt() {
        return Holder.RANDOM.nextInt();
    }

    private static final class Holder {
        static final SecureRandom RANDOM = open();

        private static SecureRandom open() {
            try {
                return SecureRandom.getInstance("NativePRNGNonBlocking", "SUN");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this java has no random numbers from the kernel", e);
            }
        }
    }
}

package cairn.crypto;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Random bytes of the operating system (random(4), urandom: never blocks once the machine is up). */
public final class Rng {
    private static final SecureRandom RANDOM = make();

    private Rng() {
    }

    private static SecureRandom make() {
        try {
            return SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException e) {
            return new SecureRandom();
        }
    }

    public static byte[] bytes(int length) {
        byte[] out = new byte[length];
        RANDOM.nextBytes(out);
        return out;
    }

    public static int nextInt() {
        return RANDOM.nextInt();
    }
}

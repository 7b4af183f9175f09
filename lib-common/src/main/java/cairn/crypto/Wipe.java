package cairn.crypto;

import java.util.Arrays;

/**
 * Overwrites secrets once they are no longer needed. The JVM may have copied an array while it moved it, so this
 * shortens the time in which a secret can be found in memory and promises no more.
 */
public final class Wipe {
    private Wipe() {
    }

    public static void bytes(byte[]... secrets) {
        for (byte[] secret : secrets) {
            if (secret != null) {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }

    public static void chars(char[] secret) {
        if (secret != null) {
            Arrays.fill(secret, '\0');
        }
    }
}

package cairn.key;

import cairn.crypto.Argon2;
import cairn.crypto.Hkdf;
import cairn.crypto.Rng;
import java.nio.charset.StandardCharsets;

/** How a new access key is locked. What is given is used once and stays the caller's to wipe. */
public sealed interface Lock {
    int SALT = 16;

    /** Not at all: only where the repository is not encrypted, and on paper. */
    record Open() implements Lock {
    }

    /** @param cost what each try shall cost, from {@link Argon2#calibrate()} */
    record Password(byte[] password, Argon2.Params cost) implements Lock {
        @Override
        public String toString() {
            return "Lock.Password";
        }
    }

    /** @param secret 32 random bytes, kept in a file of their own ({@link KeyFileText}) */
    record KeyFile(byte[] secret) implements Lock {
        public static final int BYTES = 32;
        private static final byte[] INFO = "cairn key file v1".getBytes(StandardCharsets.US_ASCII);

        public KeyFile {
            if (secret.length != BYTES) {
                throw new IllegalArgumentException("the secret of a key file has 32 bytes, not " + secret.length);
            }
        }

        public static KeyFile random() {
            return new KeyFile(Rng.bytes(BYTES));
        }

        static byte[] wrappingKey(byte[] secret, byte[] salt) {
            return Hkdf.derive(secret, salt, INFO, 32);
        }

        @Override
        public String toString() {
            return "Lock.KeyFile";
        }
    }
}

package cairn.key;

/** What opens an access key. The arrays stay the caller's to wipe. */
public sealed interface Unlocker {
    /** For repositories that are not encrypted. */
    record Nothing() implements Unlocker {
    }

    record Password(byte[] password) implements Unlocker {
        @Override
        public String toString() {
            return "Unlocker.Password";
        }
    }

    /** @param secret the 32 bytes of a key file ({@link KeyFileText}) */
    record KeyFile(byte[] secret) implements Unlocker {
        @Override
        public String toString() {
            return "Unlocker.KeyFile";
        }
    }
}

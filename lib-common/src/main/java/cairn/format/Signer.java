package cairn.format;

import cairn.crypto.Ed25519;

/** Signs what a writer publishes, with its Ed25519 key (RFC 8032). */
public interface Signer {
    int PUBLIC_KEY_BYTES = 32;
    int SIGNATURE_BYTES = 64;

    /** The 32 bytes of the public key. */
    byte[] publicKey();

    /** The 64 bytes of the signature of a message. */
    byte[] sign(byte[] message);

    /** Signs with the key of a seed; the array is kept. */
    static Signer ofSeed(byte[] seed) {
        byte[] publicKey = Ed25519.publicKey(seed);
        return new Signer() {
            @Override
            public byte[] publicKey() {
                return publicKey;
            }

            @Override
            public byte[] sign(byte[] message) {
                return Ed25519.sign(seed, message);
            }
        };
    }
}

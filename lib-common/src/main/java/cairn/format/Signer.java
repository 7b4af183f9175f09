package cairn.format;

/** Signs what a writer publishes, with its Ed25519 key (RFC 8032). */
public interface Signer {
    int PUBLIC_KEY_BYTES = 32;
    int SIGNATURE_BYTES = 64;

    /** The 32 bytes of the public key. */
    byte[] publicKey();

    /** The 64 bytes of the signature of a message. */
    byte[] sign(byte[] message);
}

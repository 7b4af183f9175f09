package cairn.format;

/** Checks Ed25519 signatures (RFC 8032). */
@FunctionalInterface
public interface SignatureChecker {
    boolean verify(byte[] publicKey, byte[] message, byte[] signature);
}

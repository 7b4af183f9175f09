package cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import javax.crypto.KeyAgreement;

/** Diffie-Hellman on Curve25519 (RFC 7748) with raw 32-byte keys. */
public final class X25519 {
    public static final int BYTES = 32;
    private static final byte[] BASE_POINT = new byte[BYTES];

    static {
        BASE_POINT[0] = 9;
    }

    private X25519() {
    }

    /** 32 random bytes: any are a private key. */
    public static byte[] newPrivateKey() {
        return Rng.bytes(BYTES);
    }

    public static byte[] publicKey(byte[] privateKey) {
        byte[] key = agree(privateKey, BASE_POINT);
        if (key == null) {
            throw new IllegalStateException("a private key gave no public key");
        }
        return key;
    }

    /**
     * The shared secret of a private and another's public key: 32 bytes; or null if the public key is a point of small
     * order, which nobody honest sends, and which would make the secret one that all can guess.
     */
    public static byte[] agree(byte[] privateKey, byte[] publicKey) {
        byte[] secret;
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("X25519", "SunEC");
            agreement.init(RawKeys.X25519.privateKey(privateKey));
            agreement.doPhase(RawKeys.X25519.publicKey(publicKey), true);
            secret = agreement.generateSecret();
        } catch (InvalidKeyException smallOrder) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this java has no X25519", e);
        }
        int any = 0;
        for (byte b : secret) {
            any |= b;
        }
        return any == 0 ? null : secret;
    }
}

package cairn.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** X25519 (RFC 7748) on raw 32-byte keys. */
public final class X25519 {
    public static final int BYTES = 32;
    private static final byte[] BASE = base();

    private X25519() {
    }

    private static byte[] base() {
        byte[] base = new byte[BYTES];
        base[0] = 9;
        return base;
    }

    public static byte[] newPrivateKey() {
        return Rng.bytes(BYTES);
    }

    public static byte[] publicKey(byte[] privateKey) {
        byte[] key = agree(privateKey, BASE);
        if (key == null) {
            throw new IllegalStateException("a private key gave no public key");
        }
        return key;
    }

    /** The shared secret, or null if the public key is of small order, which nobody honest sends. */
    public static byte[] agree(byte[] privateKey, byte[] publicKey) {
        try {
            KeyFactory factory = KeyFactory.getInstance("X25519", "SunEC");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519", "SunEC");
            agreement.init(factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey.clone())));
            byte[] bigEndian = new byte[BYTES];
            for (int i = 0; i < BYTES; i++) {
                bigEndian[i] = publicKey[BYTES - 1 - i];
            }
            bigEndian[0] &= 0x7F;
            XECPublicKey key = (XECPublicKey) factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
            agreement.doPhase(key, true);
            return agreement.generateSecret();
        } catch (InvalidKeyException | IllegalStateException smallOrder) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no X25519", e);
        }
    }
}

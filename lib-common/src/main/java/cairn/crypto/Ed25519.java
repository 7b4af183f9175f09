package cairn.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** Ed25519 (RFC 8032) on raw keys: a seed of 32 bytes, a public key of 32, signatures of 64. */
public final class Ed25519 {
    public static final int BYTES = 32;
    public static final int SIGNATURE = 64;

    private Ed25519() {
    }

    public static byte[] newSeed() {
        return Rng.bytes(BYTES);
    }

    public static byte[] sign(byte[] seed, byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519", "SunEC");
            signature.initSign(privateKey(seed));
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    private static PrivateKey privateKey(byte[] seed) throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519", "SunEC").generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    }

    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        try {
            byte[] bigEndian = new byte[BYTES];
            for (int i = 0; i < BYTES; i++) {
                bigEndian[i] = publicKey[BYTES - 1 - i];
            }
            boolean odd = bigEndian[0] < 0;
            bigEndian[0] &= 0x7F;
            EdECPublicKeySpec spec = new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian)));
            EdECPublicKey key = (EdECPublicKey) KeyFactory.getInstance("Ed25519", "SunEC").generatePublic(spec);
            Signature verifier = Signature.getInstance("Ed25519", "SunEC");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (InvalidKeySpecException | java.security.InvalidKeyException | SignatureException notOne) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /** The public key of a seed: found by the JDK's own key pair generator, which takes its seed from a source of random bytes. */
    public static byte[] publicKey(byte[] seed) {
        try {
            java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("Ed25519", "SunEC");
            generator.initialize(NamedParameterSpec.ED25519, new java.security.SecureRandom() {
                private static final long serialVersionUID = 1;

                @Override
                public void nextBytes(byte[] bytes) {
                    System.arraycopy(Arrays.copyOf(seed, bytes.length), 0, bytes, 0, bytes.length);
                }
            });
            EdECPoint point = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getPoint();
            byte[] bigEndian = point.getY().toByteArray();
            byte[] out = new byte[BYTES];
            for (int i = 0; i < Math.min(BYTES, bigEndian.length); i++) {
                out[i] = bigEndian[bigEndian.length - 1 - i];
            }
            if (point.isXOdd()) {
                out[BYTES - 1] |= (byte) 0x80;
            }
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }
}

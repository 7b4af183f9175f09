package cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** Signatures on Edwards25519 (RFC 8032, pure) with raw keys: a 32-byte seed, a 32-byte public key, 64-byte signatures. */
public final class Ed25519 {
    public static final int BYTES = 32;
    public static final int SIGNATURE = 64;

    private Ed25519() {
    }

    public static byte[] newSeed() {
        return Rng.bytes(BYTES);
    }

    /** The public key that belongs to a seed. */
    public static byte[] publicKey(byte[] seed) {
        if (seed.length != BYTES) {
            throw new IllegalArgumentException("a seed has " + BYTES + " bytes, not " + seed.length);
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
            generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
            byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
            return Arrays.copyOfRange(encoded, encoded.length - BYTES, encoded.length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this java has no Ed25519", e);
        }
    }

    public static byte[] sign(byte[] seed, byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519", "SunEC");
            signature.initSign(RawKeys.ED25519.privateKey(seed));
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }

    /** Whether the owner of a public key signed a message; false as well for what is no key or no signature at all. */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != BYTES || signature.length != SIGNATURE) {
            return false;
        }
        try {
            Signature checker = Signature.getInstance("Ed25519", "SunEC");
            checker.initVerify(RawKeys.ED25519.publicKey(publicKey));
            checker.update(message);
            return checker.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The JDK derives a public key only while it generates a pair: this makes it generate the one that is wanted. */
    private static final class Given extends SecureRandom {
        private final transient byte[] seed;

        Given(byte[] seed) {
            super(null, null);
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != BYTES) {
                throw new IllegalStateException("this java makes Ed25519 keys of " + bytes.length + " bytes");
            }
            System.arraycopy(seed, 0, bytes, 0, BYTES);
        }
    }
}

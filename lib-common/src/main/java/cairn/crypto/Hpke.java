package cairn.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hybrid public key encryption (RFC 9180), single shot, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
 * AES-256-GCM.
 */
public final class Hpke {
    private static final byte[] VERSION = ascii("HPKE-v1");
    private static final byte[] KEM_SUITE = {'K', 'E', 'M', 0, 0x20};
    private static final byte[] SUITE = {'H', 'P', 'K', 'E', 0, 0x20, 0, 1, 0, 2};

    private Hpke() {
    }

    /** @param encapsulated 32 bytes, to be kept beside the ciphertext */
    public record Sealed(byte[] encapsulated, byte[] ciphertext) {
    }

    public static Sealed seal(byte[] publicKey, byte[] info, byte[] aad, byte[] plain) {
        byte[] ephemeral = X25519.newPrivateKey();
        byte[] encapsulated = X25519.publicKey(ephemeral);
        byte[] shared = sharedSecret(X25519.agree(ephemeral, publicKey), encapsulated, publicKey);
        if (shared == null) {
            throw new IllegalArgumentException("the public key is of small order");
        }
        try {
            return new Sealed(encapsulated, cipher(Cipher.ENCRYPT_MODE, shared, info, aad).doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The plaintext, or null if it does not open. */
    public static byte[] open(byte[] privateKey, byte[] encapsulated, byte[] info, byte[] aad, byte[] ciphertext) {
        byte[] shared = sharedSecret(X25519.agree(privateKey, encapsulated), encapsulated, X25519.publicKey(privateKey));
        if (shared == null) {
            return null;
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, shared, info, aad).doFinal(ciphertext);
        } catch (GeneralSecurityException broken) {
            return null;
        }
    }

    private static byte[] sharedSecret(byte[] dh, byte[] encapsulated, byte[] recipient) {
        if (dh == null) {
            return null;
        }
        byte[] prk = labeledExtract(KEM_SUITE, new byte[0], "eae_prk", dh);
        return labeledExpand(KEM_SUITE, prk, "shared_secret", join(encapsulated, recipient), 32);
    }

    private static Cipher cipher(int mode, byte[] shared, byte[] info, byte[] aad) throws GeneralSecurityException {
        byte[] context = join(new byte[] {0}, labeledExtract(SUITE, new byte[0], "psk_id_hash", new byte[0]),
                labeledExtract(SUITE, new byte[0], "info_hash", info));
        byte[] secret = labeledExtract(SUITE, shared, "secret", new byte[0]);
        byte[] key = labeledExpand(SUITE, secret, "key", context, 32);
        byte[] nonce = labeledExpand(SUITE, secret, "base_nonce", context, 12);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        return cipher;
    }

    private static byte[] labeledExtract(byte[] suite, byte[] salt, String label, byte[] ikm) {
        return Hkdf.extract(salt, join(VERSION, suite, ascii(label), ikm));
    }

    private static byte[] labeledExpand(byte[] suite, byte[] prk, String label, byte[] info, int length) {
        return Hkdf.expand(prk, join(new byte[] {(byte) (length >>> 8), (byte) length}, VERSION, suite, ascii(label), info), length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

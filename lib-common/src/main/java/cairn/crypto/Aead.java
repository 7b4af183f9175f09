package cairn.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM (NIST SP 800-38D) with a tag of 16 bytes. For one thread; reuses its cipher. */
public final class Aead {
    public static final int TAG = 16;
    private static final int NONCE = 12;

    private final SecretKeySpec key;
    private final Cipher cipher;

    /** @param key 32 bytes */
    public Aead(byte[] key) {
        try {
            this.key = new SecretKeySpec(key, "AES");
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    private static GCMParameterSpec nonce(long number) {
        byte[] nonce = new byte[NONCE];
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (number >>> 8 * i);
        }
        return new GCMParameterSpec(TAG * 8, nonce);
    }

    /** Seals; the nonce is 4 zero bytes and the number, little-endian, and must never be used twice with the key. @return length + 16 */
    public int seal(long number, byte[] aad, int aadOffset, int aadLength, byte[] in, int offset, int length, byte[] out, int outOffset) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, nonce(number));
            cipher.updateAAD(aad, aadOffset, aadLength);
            return cipher.doFinal(in, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens what {@link #seal} made. @return length - 16 */
    public int open(long number, byte[] aad, int aadOffset, int aadLength, byte[] in, int offset, int length, byte[] out, int outOffset)
            throws SealBrokenException {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, nonce(number));
            cipher.updateAAD(aad, aadOffset, aadLength);
            return cipher.doFinal(in, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new SealBrokenException(e);
        }
    }
}

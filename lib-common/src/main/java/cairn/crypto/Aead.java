package cairn.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM (NIST SP 800-38D) with one key, 12-byte nonces and 16-byte tags, behind the sealed bytes.
 *
 * <p>Blob number <i>n</i> is sealed with the nonce of 4 zero bytes and <i>n</i> as 8 little-endian bytes. A nonce must
 * never be used twice with one key; the caller counts. One instance serves one thread; it keeps its cipher and key,
 * so that a call allocates no more than the parameters that JCE demands. Input and output must not overlap, or
 * JCE copies them.
 */
public final class Aead {
    public static final int KEY = 32;
    public static final int NONCE = 12;
    /** What sealing adds to the length. */
    public static final int TAG = 16;

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] nonce = new byte[NONCE];

    /** @param key 32 bytes, which are copied */
    public Aead(byte[] key) {
        this(key, KEY);
    }

    /** Other lengths exist for the published test vectors of HPKE, which are of AES-128. */
    Aead(byte[] key, int keyLength) {
        if (key.length != keyLength) {
            throw new IllegalArgumentException("a key has " + keyLength + " bytes, not " + key.length);
        }
        this.key = new SecretKeySpec(key, "AES");
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this java has no AES-GCM", e);
        }
    }

    /**
     * Seals bytes under a number that this key has not seen.
     *
     * @param aad bytes that are authenticated but not contained
     * @return the bytes written to {@code out}: {@code length + 16}
     */
    public int seal(long number, byte[] aad, int aadOffset, int aadLength, byte[] in, int offset, int length, byte[] out, int outOffset) {
        number(number);
        return seal(nonce, aad, aadOffset, aadLength, in, offset, length, out, outOffset);
    }

    /** As above, with the 12 bytes of the nonce given. */
    public int seal(byte[] nonce12, byte[] aad, int aadOffset, int aadLength, byte[] in, int offset, int length, byte[] out, int outOffset) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG, nonce12, 0, NONCE), null);
            cipher.updateAAD(aad, aadOffset, aadLength);
            return cipher.doFinal(in, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    /**
     * Opens what was sealed under a number with the same additional data.
     *
     * @param length length of the sealed bytes, tag included
     * @return the bytes written to {@code out}: {@code length - 16}
     * @throws SealBrokenException if anything differs; nothing useful is in {@code out} then
     */
    public int open(long number, byte[] aad, int aadOffset, int aadLength, byte[] in, int offset, int length, byte[] out, int outOffset)
            throws SealBrokenException {
        number(number);
        return open(nonce, aad, aadOffset, aadLength, in, offset, length, out, outOffset);
    }

    /** As above, with the 12 bytes of the nonce given. */
    public int open(byte[] nonce12, byte[] aad, int aadOffset, int aadLength, byte[] in, int offset, int length, byte[] out, int outOffset)
            throws SealBrokenException {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG, nonce12, 0, NONCE), null);
            cipher.updateAAD(aad, aadOffset, aadLength);
            return cipher.doFinal(in, offset, length, out, outOffset);
        } catch (AEADBadTagException e) {
            throw new SealBrokenException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot open", e);
        }
    }

    private void number(long number) {
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (number >>> 8 * i);
        }
    }
}

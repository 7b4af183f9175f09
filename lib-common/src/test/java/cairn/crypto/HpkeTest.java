package cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.junit.jupiter.api.Test;

class HpkeTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final HPKE ORACLE = new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);

    /** RFC 9180, appendix A.1.1: the same suite but for AES-128-GCM. */
    @Test
    void sealsAndExportsAsThePublishedVector() throws Exception {
        Hpke aes128 = new Hpke(1, 16);
        byte[] ephemeral = HEX.parseHex("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736");
        byte[] recipient = HEX.parseHex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
        byte[] info = HEX.parseHex("4f6465206f6e2061204772656369616e2055726e");
        byte[] plain = HEX.parseHex("4265617574792069732074727574682c20747275746820626561757479");
        byte[] aad = HEX.parseHex("436f756e742d30");
        Hpke.Sealed sealed = aes128.seal(ephemeral, X25519.publicKey(recipient), info, aad, plain);
        assertEquals("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431", HEX.formatHex(sealed.encapsulated()));
        assertEquals("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
                HEX.formatHex(sealed.ciphertext()));
        assertArrayEquals(plain, aes128.openWith(recipient, sealed.encapsulated(), info, aad, sealed.ciphertext()));
        Hpke.Context context = aes128.receive(recipient, sealed.encapsulated(), info);
        assertEquals("4531685d41d65f03dc48f6b8302c05b0", HEX.formatHex(context.key));
        assertEquals("56d890e5accaaf011cff4b7d", HEX.formatHex(context.nonce));
        assertEquals("3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee", HEX.formatHex(context.export(new byte[0], 32)));
        assertEquals("2e8f0b54673c7029649d4eb9d5e33bf1872cf76d623ff164ac185da9e88c21a5", HEX.formatHex(context.export(new byte[1], 32)));
        assertEquals("e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931",
                HEX.formatHex(context.export(HEX.parseHex("54657374436f6e74657874"), 32)));
    }

    @Test
    void whatIsSealedHereBouncyCastleOpens() throws Exception {
        Random random = new Random(3);
        for (int length : new int[] {0, 1, 32, 1000}) {
            byte[] plain = new byte[length];
            random.nextBytes(plain);
            byte[] recipient = X25519.newPrivateKey();
            byte[] publicKey = X25519.publicKey(recipient);
            AsymmetricCipherKeyPair theirs = ORACLE.deserializePrivateKey(recipient, publicKey);
            Hpke.Sealed sealed = Hpke.seal(publicKey, new byte[] {5}, new byte[] {6, 7}, plain);
            assertArrayEquals(plain,
                    ORACLE.setupBaseR(sealed.encapsulated(), theirs, new byte[] {5}).open(new byte[] {6, 7}, sealed.ciphertext()));
            Hpke.Exported exported = Hpke.export(publicKey, new byte[] {5}, new byte[] {8}, 48);
            assertArrayEquals(exported.secret(), ORACLE.setupBaseR(exported.encapsulated(), theirs, new byte[] {5}).export(new byte[] {8}, 48));
        }
    }

    @Test
    void whatBouncyCastleSealsIsOpenedHere() throws Exception {
        byte[] recipient = X25519.newPrivateKey();
        HPKEContextWithEncapsulation theirs = ORACLE.setupBaseS(ORACLE.deserializePublicKey(X25519.publicKey(recipient)), new byte[] {5});
        byte[] sealed = theirs.seal(new byte[] {6}, new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, Hpke.open(recipient, theirs.getEncapsulation(), new byte[] {5}, new byte[] {6}, sealed));
        assertArrayEquals(theirs.export(new byte[] {9}, 40), Hpke.exported(recipient, theirs.getEncapsulation(), new byte[] {5}, new byte[] {9}, 40));
    }

    private static void refused(byte[] recipient, byte[] encapsulated, int info, int aad, byte[] ciphertext) {
        assertThrows(SealBrokenException.class,
                () -> Hpke.open(recipient, encapsulated, new byte[] {(byte) info}, new byte[] {(byte) aad}, ciphertext));
    }

    @Test
    void everyAlteredOrMissingByteIsRefused() {
        byte[] recipient = X25519.newPrivateKey();
        Hpke.Sealed sealed = Hpke.seal(X25519.publicKey(recipient), new byte[] {5}, new byte[] {6}, new byte[9]);
        byte[] encapsulated = sealed.encapsulated();
        byte[] ciphertext = sealed.ciphertext();
        for (int i = 0; i < encapsulated.length; i++) {
            byte[] altered = encapsulated.clone();
            altered[i] ^= 1;
            refused(recipient, altered, 5, 6, ciphertext);
            refused(recipient, Arrays.copyOf(encapsulated, i), 5, 6, ciphertext);
        }
        for (int i = 0; i < ciphertext.length; i++) {
            byte[] altered = ciphertext.clone();
            altered[i] ^= 1;
            refused(recipient, encapsulated, 5, 6, altered);
            refused(recipient, encapsulated, 5, 6, Arrays.copyOf(ciphertext, i));
        }
        refused(recipient, encapsulated, 4, 6, ciphertext);
        refused(recipient, encapsulated, 5, 7, ciphertext);
        refused(X25519.newPrivateKey(), encapsulated, 5, 6, ciphertext);
        refused(recipient, new byte[32], 5, 6, ciphertext);
    }

    @Test
    void twoSealsOfTheSameDiffer() {
        byte[] publicKey = X25519.publicKey(X25519.newPrivateKey());
        byte[] one = Hpke.seal(publicKey, new byte[0], new byte[0], new byte[4]).ciphertext();
        assertFalse(Arrays.equals(one, Hpke.seal(publicKey, new byte[0], new byte[0], new byte[4]).ciphertext()));
    }

    @Test
    void aPublicKeyThatIsNoneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Hpke.seal(new byte[32], new byte[0], new byte[0], new byte[4]));
    }

    @Test
    void whatIsPrintedTellsNoSecret() {
        assertEquals("Hpke.Exported", Hpke.export(X25519.publicKey(X25519.newPrivateKey()), new byte[0], new byte[0], 32).toString());
    }
}

package cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;

class CurvesTest {
    private static final HexFormat HEX = HexFormat.of();

    /** RFC 7748, section 6.1. */
    @Test
    void agreesAsThePublishedVector() {
        byte[] alice = HEX.parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = HEX.parseHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        assertEquals("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", HEX.formatHex(X25519.publicKey(alice)));
        assertEquals("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", HEX.formatHex(X25519.publicKey(bob)));
        String shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
        assertEquals(shared, HEX.formatHex(X25519.agree(alice, X25519.publicKey(bob))));
        assertEquals(shared, HEX.formatHex(X25519.agree(bob, X25519.publicKey(alice))));
    }

    @Test
    void publicKeysAreThoseOfBouncyCastle() {
        Random random = new Random(2);
        for (int i = 0; i < 20; i++) {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            assertArrayEquals(new X25519PrivateKeyParameters(secret).generatePublicKey().getEncoded(), X25519.publicKey(secret));
            assertArrayEquals(new Ed25519PrivateKeyParameters(secret).generatePublicKey().getEncoded(), Ed25519.publicKey(secret));
        }
    }

    /** The points of order 1, 2, 4 and 8 of Curve25519, after D. J. Bernstein. */
    @Test
    void pointsThatGiveNoSecretAreRefused() {
        for (String point : new String[] {"00".repeat(32), "01" + "00".repeat(31), "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
            assertNull(X25519.agree(X25519.newPrivateKey(), HEX.parseHex(point)), point);
        }
    }

    /** RFC 8032, section 7.1, tests 1 to 3. */
    @Test
    void signsAsThePublishedVectors() {
        signature("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        signature("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        signature("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    }

    private static void signature(String seed, String publicKey, String message, String expected) {
        assertEquals(publicKey, HEX.formatHex(Ed25519.publicKey(HEX.parseHex(seed))));
        assertEquals(expected, HEX.formatHex(Ed25519.sign(HEX.parseHex(seed), HEX.parseHex(message))));
        assertTrue(Ed25519.verify(HEX.parseHex(publicKey), HEX.parseHex(message), HEX.parseHex(expected)));
    }

    @Test
    void anAlteredMessageKeyOrSignatureIsNotTrue() {
        byte[] seed = new byte[32];
        byte[] publicKey = Ed25519.publicKey(seed);
        byte[] message = {1, 2, 3};
        byte[] signature = Ed25519.sign(seed, message);
        assertTrue(Ed25519.verify(publicKey, message, signature));
        for (int i = 0; i < 64; i++) {
            byte[] altered = signature.clone();
            altered[i] ^= 0x10;
            assertFalse(Ed25519.verify(publicKey, message, altered));
        }
        for (int i = 0; i < 32; i++) {
            byte[] altered = publicKey.clone();
            altered[i] ^= 0x10;
            assertFalse(Ed25519.verify(altered, message, signature));
        }
        assertFalse(Ed25519.verify(publicKey, new byte[] {1, 2, 4}, signature));
        assertFalse(Ed25519.verify(new byte[31], message, signature));
        assertFalse(Ed25519.verify(publicKey, message, new byte[63]));
    }
}

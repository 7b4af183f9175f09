package cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HkdfTest {
    private static final HexFormat HEX = HexFormat.of();

    private static void vector(String secret, String salt, String info, int length, String expected) {
        assertEquals(expected, HEX.formatHex(Hkdf.derive(HEX.parseHex(secret), HEX.parseHex(salt), HEX.parseHex(info), length)));
    }

    /** RFC 5869, appendix A, the three cases of SHA-256. */
    @Test
    void derivesAsThePublishedVectors() {
        vector("0b".repeat(22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42,
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        vector(range(0x00, 0x4F), range(0x60, 0xAF), range(0xB0, 0xFF), 82,
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                        + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
        vector("0b".repeat(22), "", "", 42, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    private static String range(int from, int to) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i <= to; i++) {
            out.append(HEX.toHexDigits((byte) i));
        }
        return out.toString();
    }

    @Property(tries = 200, seed = "1")
    void hmacIsThatOfTheJdk(@ForAll @Size(min = 1, max = 200) byte[] key, @ForAll @Size(max = 200) byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        assertArrayEquals(mac.doFinal(message), Hkdf.hmac(key, message));
    }

    @Test
    void moreThanTheRfcAllowsIsRefused() {
        assertEquals(8160, Hkdf.expand(new byte[32], new byte[0], 8160).length);
        assertThrows(IllegalArgumentException.class, () -> Hkdf.expand(new byte[32], new byte[0], 8161));
    }
}

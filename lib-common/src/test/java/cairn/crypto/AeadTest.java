package cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AeadTest {
    private static final byte[] KEY = new byte[32];
    private static final byte[] NONE = {};

    static {
        new Random(1).nextBytes(KEY);
    }

    /** Test case 16 of the GCM specification (McGrew and Viega), the AES-256 one with additional data. */
    @Test
    void sealsAsThePublishedVector() throws Exception {
        HexFormat hex = HexFormat.of();
        byte[] key = hex.parseHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        byte[] nonce = hex.parseHex("cafebabefacedbaddecaf888");
        byte[] plain = hex.parseHex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        byte[] aad = hex.parseHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        byte[] out = new byte[plain.length + 16];
        assertEquals(out.length, new Aead(key).seal(nonce, aad, 0, aad.length, plain, 0, plain.length, out, 0));
        assertEquals("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b", hex.formatHex(out));
        byte[] back = new byte[plain.length];
        assertEquals(plain.length, new Aead(key).open(nonce, aad, 0, aad.length, out, 0, out.length, back, 0));
        assertArrayEquals(plain, back);
    }

    @Test
    void aNumberIsALittleEndianNonce() throws Exception {
        byte[] nonce = {0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1};
        byte[] byNumber = new byte[16 + 3];
        byte[] byNonce = new byte[16 + 3];
        new Aead(KEY).seal(0x0102030405060708L, NONE, 0, 0, new byte[3], 0, 3, byNumber, 0);
        new Aead(KEY).seal(nonce, NONE, 0, 0, new byte[3], 0, 3, byNonce, 0);
        assertArrayEquals(byNonce, byNumber);
    }

    @Property(tries = 100, seed = "1")
    void whatOneInstanceSealsAnotherOpens(@ForAll @Size(max = 300) byte[] plain, @ForAll @Size(max = 40) byte[] aad, @ForAll long number) throws Exception {
        byte[] sealed = new byte[5 + plain.length + 16];
        byte[] back = new byte[plain.length + 2];
        byte[] shifted = new byte[aad.length + 3];
        System.arraycopy(aad, 0, shifted, 3, aad.length);
        assertEquals(plain.length + 16, new Aead(KEY).seal(number, aad, 0, aad.length, plain, 0, plain.length, sealed, 5));
        assertEquals(plain.length, new Aead(KEY).open(number, shifted, 3, aad.length, sealed, 5, plain.length + 16, back, 2));
        assertArrayEquals(plain, Arrays.copyOfRange(back, 2, back.length));
    }

    @Test
    void oneInstanceSealsAndOpensInTurns() throws Exception {
        Aead aead = new Aead(KEY);
        byte[] sealed = new byte[20];
        byte[] back = new byte[4];
        for (int n = 0; n < 20; n++) {
            byte[] plain = {(byte) n, 1, 2, 3};
            aead.seal(n, KEY, 0, 9, plain, 0, 4, sealed, 0);
            aead.open(n, KEY, 0, 9, sealed, 0, 20, back, 0);
            assertArrayEquals(plain, back);
        }
    }

    @Test
    void everyAlteredBitBreaksTheSeal() {
        byte[] sealed = new byte[16 + 16];
        new Aead(KEY).seal(7, KEY, 0, 5, new byte[16], 0, 16, sealed, 0);
        Aead reader = new Aead(KEY);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] altered = sealed.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(SealBrokenException.class, () -> reader.open(7, KEY, 0, 5, altered, 0, 32, new byte[16], 0));
        }
    }

    @Test
    void anotherPlaceContextOrLengthBreaksTheSeal() {
        byte[] sealed = new byte[32];
        new Aead(KEY).seal(7, KEY, 0, 5, new byte[16], 0, 16, sealed, 0);
        Aead reader = new Aead(KEY);
        assertThrows(SealBrokenException.class, () -> reader.open(8, KEY, 0, 5, sealed, 0, 32, new byte[16], 0));
        assertThrows(SealBrokenException.class, () -> reader.open(7, KEY, 0, 6, sealed, 0, 32, new byte[16], 0));
        assertThrows(SealBrokenException.class, () -> reader.open(7, KEY, 0, 5, sealed, 0, 31, new byte[16], 0));
        assertThrows(SealBrokenException.class, () -> reader.open(7, KEY, 0, 5, sealed, 0, 15, new byte[16], 0));
        assertThrows(SealBrokenException.class, () -> new Aead(new byte[32]).open(7, KEY, 0, 5, sealed, 0, 32, new byte[16], 0));
    }

    @Test
    void theSameNonceTwiceInARowIsRefused() {
        Aead aead = new Aead(KEY);
        byte[] out = new byte[20];
        aead.seal(1, NONE, 0, 0, new byte[4], 0, 4, out, 0);
        assertThrows(IllegalStateException.class, () -> aead.seal(1, NONE, 0, 0, new byte[4], 0, 4, out, 0));
    }
}

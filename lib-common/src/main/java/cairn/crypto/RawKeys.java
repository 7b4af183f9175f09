package cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.HexFormat;

/**
 * Raw 32-byte keys of RFC 7748 and RFC 8032 as keys of the JDK, by the fixed prefixes that their encodings have
 * (RFC 8410). That is cheaper at a cold start than the key specifications of the JDK, which want big integers, and to have
 * them translated than generated, for which the JDK makes classes.
 */
final class RawKeys {
    static final int BYTES = 32;
    static final RawKeys X25519 = new RawKeys("X25519", "302e020100300506032b656e04220420", "302a300506032b656e032100");
    static final RawKeys ED25519 = new RawKeys("Ed25519", "302e020100300506032b657004220420", "302a300506032b6570032100");

    private final String algorithm;
    private final byte[] privatePrefix;
    private final byte[] publicPrefix;

    private RawKeys(String algorithm, String privatePrefix, String publicPrefix) {
        this.algorithm = algorithm;
        this.privatePrefix = HexFormat.of().parseHex(privatePrefix);
        this.publicPrefix = HexFormat.of().parseHex(publicPrefix);
    }

    PrivateKey privateKey(byte[] raw) throws GeneralSecurityException {
        byte[] encoded = join(privatePrefix, raw);
        try {
            return (PrivateKey) KeyFactory.getInstance(algorithm, "SunEC").translateKey(new EncodedPrivate(algorithm, encoded));
        } finally {
            Wipe.bytes(encoded);
        }
    }

    PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
        return (PublicKey) KeyFactory.getInstance(algorithm, "SunEC").translateKey(new EncodedPublic(algorithm, join(publicPrefix, raw)));
    }

    private record EncodedPrivate(String getAlgorithm, byte[] getEncoded) implements PrivateKey {
        @Override
        public String getFormat() {
            return "PKCS#8";
        }
    }

    private record EncodedPublic(String getAlgorithm, byte[] getEncoded) implements PublicKey {
        @Override
        public String getFormat() {
            return "X.509";
        }
    }

    private static byte[] join(byte[] prefix, byte[] raw) {
        if (raw.length != BYTES) {
            throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + raw.length);
        }
        byte[] out = new byte[prefix.length + BYTES];
        System.arraycopy(prefix, 0, out, 0, prefix.length);
        System.arraycopy(raw, 0, out, prefix.length, BYTES);
        return out;
    }
}

package cairn.independent;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.crypto.params.Blake3Parameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** The primitives of format 1, from the JDK and BouncyCastle and the RFCs. */
final class Ciphers {
    private Ciphers() {
    }

    static byte[] blake3(byte[] key, int length, byte[]... parts) {
        Blake3Digest digest = new Blake3Digest();
        if (key != null) {
            digest.init(Blake3Parameters.key(key));
        }
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] out = new byte[length];
        digest.doFinal(out, 0, length);
        return out;
    }

    static byte[] hkdf(byte[] secret, byte[] salt, String info, int length) {
        return expand(hmac(salt.length == 0 ? new byte[32] : salt, secret), ascii(info), length);
    }

    /** HKDF-Expand. */
    static byte[] expand(byte[] key, byte[] info, int length) {
        byte[] out = new byte[0];
        byte[] last = new byte[0];
        for (int i = 1; out.length < length; i++) {
            last = hmac(key, join(last, info, new byte[] {(byte) i}));
            out = join(out, last);
        }
        return Arrays.copyOf(out, length);
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** AES-256-GCM. */
    static byte[] open(byte[] key, byte[] nonce, byte[] associated, byte[] sealed) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(associated);
            return cipher.doFinal(sealed);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("a seal does not open", e);
        }
    }

    static byte[] x25519(byte[] privateKey, byte[] publicKey) {
        try {
            byte[] big = publicKey.clone();
            big[31] &= 0x7F;
            for (int i = 0; i < 16; i++) {
                byte b = big[i];
                big[i] = big[31 - i];
                big[31 - i] = b;
            }
            KeyFactory factory = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
            agreement.doPhase(factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, big))), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] x25519Public(byte[] privateKey) {
        byte[] base = new byte[32];
        base[0] = 9;
        return x25519(privateKey, base);
    }

    static byte[] ed25519Public(byte[] seed) {
        return new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded();
    }

    static boolean signed(byte[] publicKey, byte[] message, byte[] signature) {
        try {
            byte[] spki = join(HexFormat.of().parseHex("302a300506032b6570032100"), publicKey);
            Signature checker = Signature.getInstance("Ed25519");
            checker.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
            checker.update(message);
            return checker.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] argon2id(byte[] password, byte[] salt, int memoryKiB, int passes, int lanes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13).withSalt(salt)
                .withMemoryAsKB(memoryKiB).withIterations(passes).withParallelism(lanes).build());
        byte[] out = new byte[32];
        generator.generateBytes(password, out);
        return out;
    }

    /** HPKE, base mode, single shot: sections 4.1 and 5.1 of RFC 9180. */
    static byte[] hpkeOpen(byte[] privateKey, byte[] enc, byte[] info, byte[] associated, byte[] sealed) {
        byte[] kem = {'K', 'E', 'M', 0, 0x20};
        byte[] suite = {'H', 'P', 'K', 'E', 0, 0x20, 0, 1, 0, 2};
        byte[] none = {};
        byte[] eae = labeledExtract(kem, none, "eae_prk", x25519(privateKey, enc));
        byte[] shared = labeledExpand(kem, eae, "shared_secret", join(enc, x25519Public(privateKey)), 32);
        byte[] context = join(new byte[] {0}, labeledExtract(suite, none, "psk_id_hash", none), labeledExtract(suite, none, "info_hash", info));
        byte[] secret = labeledExtract(suite, shared, "secret", none);
        return open(labeledExpand(suite, secret, "key", context, 32), labeledExpand(suite, secret, "base_nonce", context, 12), associated, sealed);
    }

    private static byte[] labeledExtract(byte[] suite, byte[] salt, String label, byte[] secret) {
        return hmac(salt.length == 0 ? new byte[32] : salt, join(ascii("HPKE-v1"), suite, ascii(label), secret));
    }

    private static byte[] labeledExpand(byte[] suite, byte[] key, String label, byte[] info, int length) {
        return expand(key, join(new byte[] {0, (byte) length}, ascii("HPKE-v1"), suite, ascii(label), info), length);
    }

    /** SipHash-2-4 of 8 bytes. */
    static long sipHash(long k0, long k1, long message) {
        long[] v = {k0 ^ 0x736f6d6570736575L, k1 ^ 0x646f72616e646f6dL, k0 ^ 0x6c7967656e657261L, k1 ^ 0x7465646279746573L};
        for (long block : new long[] {message, 8L << 56}) {
            v[3] ^= block;
            sipRounds(v, 2);
            v[0] ^= block;
        }
        v[2] ^= 0xFF;
        sipRounds(v, 4);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void sipRounds(long[] v, int rounds) {
        for (int i = 0; i < rounds; i++) {
            v[0] += v[1];
            v[2] += v[3];
            v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
            v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
            v[0] = Long.rotateLeft(v[0], 32);
            v[2] += v[1];
            v[0] += v[3];
            v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
            v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
            v[2] = Long.rotateLeft(v[2], 32);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

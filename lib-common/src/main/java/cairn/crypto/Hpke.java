package cairn.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Hybrid public key encryption (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Anyone can
 * seal to a public key; only the private key opens. Single-shot: one message, or one exported secret, per encapsulation.
 */
public final class Hpke {
    /** Length of an encapsulated key, the "enc" of the RFC. */
    public static final int ENCAPSULATED = 32;

    private static final Hpke AES_256 = new Hpke(2, Aead.KEY);
    private static final byte[] EMPTY = {};
    private static final byte[] VERSION = ascii("HPKE-v1");
    private static final byte[] KEM_SUITE = {'K', 'E', 'M', 0, 0x20};

    private final byte[] suite;
    private final int keyLength;

    /** The AEAD can be chosen because the published test vectors are of AES-128-GCM (number 1). */
    Hpke(int aead, int keyLength) {
        this.suite = new byte[] {'H', 'P', 'K', 'E', 0, 0x20, 0, 1, 0, (byte) aead};
        this.keyLength = keyLength;
    }

    /**
     * A message sealed to a public key.
     *
     * @param encapsulated 32 bytes, to be kept beside the ciphertext
     * @param ciphertext 16 bytes longer than the message
     */
    public record Sealed(byte[] encapsulated, byte[] ciphertext) {
    }

    /** A fresh secret that only the owner of a private key can get back from the encapsulated key. */
    public record Exported(byte[] encapsulated, byte[] secret) {
        /** Says nothing of the secret. */
        @Override
        public String toString() {
            return "Hpke.Exported";
        }
    }

    /**
     * Seals a message to a public key.
     *
     * @param info what the message is for; the same must be given to open it
     * @throws IllegalArgumentException if the public key is a point of small order
     */
    public static Sealed seal(byte[] publicKey, byte[] info, byte[] aad, byte[] plain) {
        return AES_256.seal(X25519.newPrivateKey(), publicKey, info, aad, plain);
    }

    /** Opens what {@link #seal} made. */
    public static byte[] open(byte[] privateKey, byte[] encapsulated, byte[] info, byte[] aad, byte[] ciphertext) throws SealBrokenException {
        return AES_256.openWith(privateKey, encapsulated, info, aad, ciphertext);
    }

    /** Makes a secret of a length for the owner of a public key, and the encapsulated key that tells it to them. */
    public static Exported export(byte[] publicKey, byte[] info, byte[] context, int length) {
        byte[] ephemeral = X25519.newPrivateKey();
        byte[] encapsulated = X25519.publicKey(ephemeral);
        return new Exported(encapsulated, AES_256.send(ephemeral, encapsulated, publicKey, info).export(context, length));
    }

    /** The secret that {@link #export} made. Any 32 bytes give one: whether it is right shows when it is used. */
    public static byte[] exported(byte[] privateKey, byte[] encapsulated, byte[] info, byte[] context, int length) throws SealBrokenException {
        return AES_256.receive(privateKey, encapsulated, info).export(context, length);
    }

    Sealed seal(byte[] ephemeral, byte[] publicKey, byte[] info, byte[] aad, byte[] plain) {
        byte[] encapsulated = X25519.publicKey(ephemeral);
        Context context = send(ephemeral, encapsulated, publicKey, info);
        byte[] out = new byte[plain.length + Aead.TAG];
        new Aead(context.key, keyLength).seal(context.nonce, aad, 0, aad.length, plain, 0, plain.length, out, 0);
        Wipe.bytes(ephemeral, context.key, context.exporter);
        return new Sealed(encapsulated, out);
    }

    byte[] openWith(byte[] privateKey, byte[] encapsulated, byte[] info, byte[] aad, byte[] ciphertext) throws SealBrokenException {
        if (encapsulated.length != ENCAPSULATED || ciphertext.length < Aead.TAG) {
            throw new SealBrokenException(null);
        }
        Context context = receive(privateKey, encapsulated, info);
        byte[] out = new byte[ciphertext.length - Aead.TAG];
        new Aead(context.key, keyLength).open(context.nonce, aad, 0, aad.length, ciphertext, 0, ciphertext.length, out, 0);
        Wipe.bytes(context.key, context.exporter);
        return out;
    }

    private Context send(byte[] ephemeral, byte[] encapsulated, byte[] publicKey, byte[] info) {
        byte[] agreed = X25519.agree(ephemeral, publicKey);
        if (agreed == null) {
            throw new IllegalArgumentException("the public key is of small order");
        }
        return schedule(shared(agreed, encapsulated, publicKey), info);
    }

    Context receive(byte[] privateKey, byte[] encapsulated, byte[] info) throws SealBrokenException {
        byte[] agreed = X25519.agree(privateKey, encapsulated);
        if (agreed == null) {
            throw new SealBrokenException(null);
        }
        return schedule(shared(agreed, encapsulated, X25519.publicKey(privateKey)), info);
    }

    /** ExtractAndExpand of section 4.1. */
    private static byte[] shared(byte[] agreed, byte[] encapsulated, byte[] publicKey) {
        byte[] extracted = extract(KEM_SUITE, EMPTY, "eae_prk", agreed);
        byte[] secret = expand(KEM_SUITE, extracted, "shared_secret", join(encapsulated, publicKey), Hkdf.HASH);
        Wipe.bytes(agreed, extracted);
        return secret;
    }

    /** KeySchedule of section 5.1 in base mode. */
    private Context schedule(byte[] shared, byte[] info) {
        byte[] context = join(new byte[] {0}, extract(suite, EMPTY, "psk_id_hash", EMPTY), extract(suite, EMPTY, "info_hash", info));
        byte[] secret = extract(suite, shared, "secret", EMPTY);
        Context out = new Context(expand(suite, secret, "key", context, keyLength),
                expand(suite, secret, "base_nonce", context, Aead.NONCE), expand(suite, secret, "exp", context, Hkdf.HASH));
        Wipe.bytes(shared, secret);
        return out;
    }

    /** The keys that both sides arrive at. */
    final class Context {
        final byte[] key;
        final byte[] nonce;
        final byte[] exporter;

        private Context(byte[] key, byte[] nonce, byte[] exporter) {
            this.key = key;
            this.nonce = nonce;
            this.exporter = exporter;
        }

        byte[] export(byte[] exporterContext, int length) {
            return expand(suite, exporter, "sec", exporterContext, length);
        }
    }

    private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] secret) {
        return Hkdf.extract(salt, join(VERSION, suite, ascii(label), secret));
    }

    private static byte[] expand(byte[] suite, byte[] key, String label, byte[] info, int length) {
        return Hkdf.expand(key, join(new byte[] {(byte) (length >>> 8), (byte) length}, VERSION, suite, ascii(label), info), length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(160);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

package cairn.key;

import cairn.crypto.Ed25519;
import cairn.crypto.Hpke;
import cairn.crypto.SealBrokenException;
import cairn.crypto.Wipe;
import cairn.crypto.X25519;
import cairn.error.CairnException;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Bytes;
import cairn.format.Envelope;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code keyring/N}: private keys of the repository, sealed to the full keys. Files are only ever added, when a full key
 * is added or the repository's key is changed; the ring is all of them together.
 *
 * <pre>
 * header               32, {@link Envelope}, kind 2, signed
 * number               u32      N, from 1
 * entries              varint   count. Each:
 *   key number         varint   which private key of the repository
 *   recipient          32       X25519 public key of the full key that can open it
 *   encapsulated       32       the "enc" of RFC 9180
 *   ciphertext         48       the 32 bytes of the private key and the tag
 * footer               128, {@link Envelope}
 * </pre>
 *
 * HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; info is "cairn keyring v1" and the
 * repository id, associated data the key number as u32. Anyone can seal to a public key, so an entry is believed only
 * if its private key is that of a public key in the believed key list.
 */
public final class KeyRingFile {
    public static final int MOST_BYTES = 1 << 22;
    private static final byte[] INFO = "cairn keyring v1".getBytes(StandardCharsets.US_ASCII);
    private static final int CIPHERTEXT = 48;

    private KeyRingFile() {
    }

    static String name(int number) {
        return Kind.KEY_RING.folder() + "/" + number;
    }

    /** Seals each private key to each recipient. */
    static byte[] write(int number, RepositoryId repository, Map<Integer, byte[]> privateKeys, List<byte[]> recipients, Signer signer) {
        ByteWriter out = new ByteWriter();
        out.u32(number).varint((long) privateKeys.size() * recipients.size());
        for (Map.Entry<Integer, byte[]> key : privateKeys.entrySet()) {
            for (byte[] recipient : recipients) {
                Hpke.Sealed sealed = Hpke.seal(recipient, info(repository), associated(key.getKey()), key.getValue());
                out.varint(key.getKey()).bytes(recipient).bytes(sealed.encapsulated()).bytes(sealed.ciphertext());
            }
        }
        return Envelope.close(Kind.KEY_RING, repository, out.toBytes(), signer);
    }

    /**
     * Adds to {@code found} the private keys that a full key can open and the list confirms. Entries that are not so
     * are passed over.
     */
    static void read(byte[] file, int number, AccessKey key, KeyList list, Map<Integer, byte[]> found) throws CairnException {
        String what = name(number);
        Envelope.Opened opened = Envelope.open(file, Kind.KEY_RING, key.repository(), Ed25519::verify, what);
        ByteReader in = opened.body(what);
        if (in.u32() != number) {
            throw in.damaged("is of another number than its name");
        }
        byte[] own = key.readingKey();
        KeyList.Member self = list.bySigningKey(key.signingKey());
        byte[] recipient = self != null && self.readingKey() != null ? self.readingKey() : X25519.publicKey(own);
        int count = in.varint(in.remaining());
        for (int i = 0; i < count; i++) {
            int keyNumber = in.varint(Integer.MAX_VALUE);
            boolean mine = Arrays.equals(in.bytes(X25519.BYTES), recipient);
            byte[] encapsulated = in.bytes(Hpke.ENCAPSULATED);
            byte[] ciphertext = in.bytes(CIPHERTEXT);
            RepositoryKey expected = list.repositoryKey(keyNumber);
            if (!mine || expected == null || found.containsKey(keyNumber)) {
                continue;
            }
            byte[] opens = open(own, encapsulated, ciphertext, keyNumber, key.repository());
            if (opens != null && Arrays.equals(X25519.publicKey(opens), expected.publicKey())) {
                found.put(keyNumber, opens);
            }
        }
        in.end();
        Wipe.bytes(own);
    }

    private static byte[] open(byte[] own, byte[] encapsulated, byte[] ciphertext, int keyNumber, RepositoryId repository) {
        try {
            return Hpke.open(own, encapsulated, info(repository), associated(keyNumber), ciphertext);
        } catch (SealBrokenException e) {
            return null;
        }
    }

    private static byte[] info(RepositoryId repository) {
        byte[] info = Arrays.copyOf(INFO, INFO.length + RepositoryId.BYTES);
        repository.write(info, INFO.length);
        return info;
    }

    private static byte[] associated(int keyNumber) {
        byte[] out = new byte[4];
        Bytes.putInt(out, 0, keyNumber);
        return out;
    }
}

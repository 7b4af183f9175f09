package cairn.key;

import cairn.chunk.ChunkParams;
import cairn.crypto.Ed25519;
import cairn.crypto.Hkdf;
import cairn.crypto.Rng;
import cairn.crypto.Wipe;
import cairn.crypto.X25519;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import java.nio.charset.StandardCharsets;

/**
 * An access key, unlocked: all that a client believes about a repository. Arrays are shared, not copied;
 * {@link #wipe()} ends their use.
 *
 * @param encrypted     whether content is sealed; if not, the only role is {@link Role#FULL}
 * @param own           32 random bytes of this key alone, from which its signing key and, for a full key, its reading
 *                      key are derived
 * @param signingKey    Ed25519 public key of the signatures by this key, 32 bytes
 * @param verifyingKey  Ed25519 public key of the first full key, which signed the first key list, 32 bytes
 * @param floor         a key list that is known to be right: none older is ever believed
 * @param naming        32 bytes from which all names are derived; null for {@link Role#SERVER}
 * @param repositoryKey what new sessions were sealed to when this key was made; null for {@link Role#SERVER} and where
 *                      nothing is encrypted. A later one may stand in the key list.
 */
public record AccessKey(RepositoryId repository, String name, Role role, boolean encrypted, ChunkParams chunks, byte[] own, byte[] signingKey,
        byte[] verifyingKey, Floor floor, byte[] naming, RepositoryKey repositoryKey) {
    public static final int SECRET = 32;
    private static final byte[] SIGNING = "cairn signing key v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOCAL = "cairn local trees v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] READING = "cairn reading key v1".getBytes(StandardCharsets.US_ASCII);

    public AccessKey {
        if (!encrypted && role != Role.FULL) {
            throw new IllegalArgumentException("without encryption there are full keys only");
        }
        if (role.writes() != (naming != null) || (encrypted && role.writes()) != (repositoryKey != null)) {
            throw new IllegalArgumentException("the secrets do not fit the role " + role.word());
        }
        if (own.length != SECRET || signingKey.length != SECRET || verifyingKey.length != SECRET || naming != null && naming.length != SECRET) {
            throw new IllegalArgumentException("a secret has 32 bytes");
        }
    }

    /** The number and hash of a key list. */
    public record Floor(int number, Hash hash) {
    }

    static byte[] newOwn() {
        return Rng.bytes(SECRET);
    }

    static byte[] signingSeed(byte[] own) {
        return Hkdf.expand(own, SIGNING, Ed25519.BYTES);
    }

    static byte[] readingKey(byte[] own) {
        return Hkdf.expand(own, READING, X25519.BYTES);
    }

    /** X25519 private key of what this access key keeps on its own disk, apart from any repository. */
    public byte[] localSecret() {
        return Hkdf.expand(own, LOCAL, X25519.BYTES);
    }

    /** Whether stored content can be read. */
    public boolean canRead() {
        return role == Role.FULL;
    }

    /** The X25519 private key that opens this key's entries in the key ring; only for a full key. */
    byte[] readingKey() {
        if (role != Role.FULL) {
            throw new IllegalStateException("the access key '" + name + "' cannot read");
        }
        return readingKey(own);
    }

    /** Signs in the name of this key. */
    public Signer signer() {
        return new Signer() {
            @Override
            public byte[] publicKey() {
                return signingKey;
            }

            @Override
            public byte[] sign(byte[] message) {
                byte[] seed = signingSeed(own);
                try {
                    return Ed25519.sign(seed, message);
                } finally {
                    Wipe.bytes(seed);
                }
            }
        };
    }

    public void wipe() {
        Wipe.bytes(own, naming);
    }

    /** Tells no secret. */
    @Override
    public String toString() {
        return "access key '" + name + "' (" + role.word() + ") of " + repository;
    }
}

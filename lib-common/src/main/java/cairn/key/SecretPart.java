package cairn.key;

import cairn.chunk.ChunkParams;
import cairn.crypto.X25519;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.format.RepositoryId;

/**
 * What an access key holds under its lock.
 *
 * <pre>
 * encrypted       u8       1, or 0 for a repository made with --encryption none
 * chunk min       varint   }
 * chunk average   varint   } bytes, {@link ChunkParams}
 * chunk max       varint   }
 * own secret      32       HKDF-Expand("cairn signing key v1") is the seed of this key's Ed25519 key,
 *                          HKDF-Expand("cairn reading key v1") the X25519 private key of a full key
 * signing key     32       Ed25519 public key of the former
 * verifying key   32       Ed25519 public key that signed keylist/1
 * list number     varint   } a key list known to be right
 * list hash       32       }
 * naming secret   32       roles full and write
 * key number      varint   } roles full and write, if encrypted: the repository's public key
 * public key      32       } that sessions are sealed to, unless the key list names a later one
 * </pre>
 */
final class SecretPart {
    private SecretPart() {
    }

    static void write(ByteWriter out, AccessKey key) {
        out.u8(key.encrypted() ? 1 : 0).varint(key.chunks().min()).varint(key.chunks().avg()).varint(key.chunks().max());
        out.bytes(key.own()).bytes(key.signingKey()).bytes(key.verifyingKey()).varint(key.floor().number()).hash(key.floor().hash());
        if (key.naming() != null) {
            out.bytes(key.naming());
        }
        if (key.repositoryKey() != null) {
            out.varint(key.repositoryKey().number()).bytes(key.repositoryKey().publicKey());
        }
    }

    static AccessKey read(ByteReader in, RepositoryId repository, String name, Role role) throws DamagedException {
        int encrypted = in.u8();
        if (encrypted > 1) {
            throw in.damaged("is neither encrypted nor not");
        }
        int min = in.varint(Integer.MAX_VALUE);
        int avg = in.varint(Integer.MAX_VALUE);
        int max = in.varint(Integer.MAX_VALUE);
        byte[] own = in.bytes(AccessKey.SECRET);
        byte[] signingKey = in.bytes(32);
        byte[] verifyingKey = in.bytes(32);
        AccessKey.Floor floor = new AccessKey.Floor(in.varint(Integer.MAX_VALUE), in.hash());
        byte[] naming = role.writes() ? in.bytes(AccessKey.SECRET) : null;
        try {
            RepositoryKey sealTo = role.writes() && encrypted == 1
                    ? new RepositoryKey(in.varint(Integer.MAX_VALUE), in.bytes(X25519.BYTES), 0) : null;
            return new AccessKey(repository, name, role, encrypted == 1, new ChunkParams(min, avg, max), own, signingKey, verifyingKey, floor, naming, sealTo);
        } catch (IllegalArgumentException e) {
            throw in.damaged("holds what no version of cairn writes: " + e.getMessage());
        }
    }
}

package cairn.pack;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import java.util.Arrays;

/**
 * A session key, sealed to the repository's public key: one HPKE capsule (RFC 9180, base mode, DHKEM(X25519,
 * HKDF-SHA256), HKDF-SHA256, AES-256-GCM) a session.
 *
 * <pre>
 * key number     u32   which of the repository's key pairs ({@code keyring/N})
 * encapsulated   32    the "enc" of RFC 9180
 * sealed key     48    32 bytes of session key and the tag; info is "cairn session v1" and the repository id
 * </pre>
 */
public record Capsule(int keyNumber, byte[] encapsulated, byte[] sealedKey) {
    public static final int BYTES = 84;
    public static final int ENCAPSULATED = 32;
    public static final int SEALED = 48;

    public void write(ByteWriter out) {
        out.u32(keyNumber).bytes(encapsulated).bytes(sealedKey);
    }

    public static Capsule read(ByteReader in) throws DamagedException {
        return new Capsule(in.u32(), in.bytes(ENCAPSULATED), in.bytes(SEALED));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Capsule c && keyNumber == c.keyNumber && Arrays.equals(encapsulated, c.encapsulated)
                && Arrays.equals(sealedKey, c.sealedKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encapsulated);
    }
}

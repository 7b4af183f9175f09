package cairn.pack;

/**
 * What the key of some blobs of a pack is made of: key = HKDF-SHA256(session key of the capsule, salt, "cairn pack v1").
 * A pack as a writer makes it has one section; one rewritten by prune lists those of all blobs that it took over, which
 * stay sealed as they are.
 *
 * @param salt 32 random bytes
 */
public record Section(Capsule capsule, byte[] salt) {
    public static final int SALT = 32;
    public static final int BYTES = Capsule.BYTES + SALT;
}

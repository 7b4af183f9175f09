package cairn.key;

/**
 * A public key of the repository, which sessions are sealed to.
 *
 * @param number from 1; rotation counts on
 * @param publicKey X25519, 32 bytes
 * @param sinceMillis when it was announced, milliseconds since 1970 by the announcer's clock; 0 where not known
 */
public record RepositoryKey(int number, byte[] publicKey, long sinceMillis) {
    public RepositoryKey {
        if (number < 1 || publicKey.length != 32) {
            throw new IllegalArgumentException("no such key of a repository");
        }
    }

    @Override
    public String toString() {
        return "repository key " + number;
    }
}

package cairn.key;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * An access key in a file of its own, for a client that cannot or shall not reach the repository's {@code keys/}: all
 * that it needs to make backups and send them. Words, then the lines of a {@link LockedText}, of any role
 *
 * <pre>
 * type           u8        3
 * {@link LockedText}       adds nothing to the secret
 * </pre>
 */
public final class ClientKey implements KeyText {
    static final int TYPE = 3;
    private static final String WHAT = "the client key";

    private final LockedText text;

    private ClientKey(LockedText text) {
        this.text = text;
    }

    /**
     * The file's text, in ASCII.
     *
     * @param lock by a password, or none: then the file is the secret itself, as a key file is
     */
    public static String print(AccessKey key, Lock lock, Instant made) {
        if (!key.encrypted()) {
            throw new IllegalArgumentException("a repository that is not encrypted has no key to take along");
        }
        return "cairn client key: the access key '" + key.name() + "' (" + key.role().word() + ") of the repository\n" + key.repository() + ", made "
                + made.toString().substring(0, 10) + "\n"
                + (lock instanceof Lock.Password ? "It is locked by a password." : "It is not locked: keep it secret.")
                + " Use it with --key-file.\n\n" + LockedText.lines(TYPE, key, lock, secret -> { });
    }

    static ClientKey decode(byte[] content) throws CairnException {
        return new ClientKey(LockedText.decode(content, WHAT));
    }

    @Override
    public RepositoryId repository() {
        return text.repository();
    }

    @Override
    public String name() {
        return text.locked().name();
    }

    public boolean needsPassword() {
        return text.needsPassword();
    }

    /** @throws CairnException of {@link ExitCode#WRONG_PASSWORD} if the unlocker does not fit */
    public AccessKey unlock(Unlocker unlocker) throws CairnException {
        return text.unlock(unlocker, (key, in) -> {
            if (!key.encrypted()) {
                throw in.damaged("is of a repository that is not encrypted");
            }
            return key;
        });
    }

    /** What a client believes that has seen no key list yet: itself, and what its key says. */
    static KeyList lone(AccessKey key) {
        KeyList.Member self = new KeyList.Member(key.name(), key.role(), KeyList.Standing.ACTIVE, key.signingKey(), null, 0, 0);
        return new KeyList(key.floor().number(), Hash.ZERO, 0, false, key.repositoryKey() == null ? List.of() : List.of(key.repositoryKey()), List.of(self),
                new TreeMap<>());
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

package cairn.key;

import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * An access key in a file of its own, for a client that cannot or shall not reach the repository's {@code keys/}: all
 * that it needs to make backups and send them. Words, then the lines of {@link TypedLines} over
 *
 * <pre>
 * type           u8        3
 * repository     16
 * {@link LockedSecret}     lock 0 or 1; associated data: all of this before the secret. The secret: {@link SecretPart}
 * </pre>
 */
public final class ClientKey implements KeyText {
    static final int TYPE = 3;
    private static final String WHAT = "the client key";

    private final RepositoryId repository;
    private final LockedSecret locked;

    private ClientKey(RepositoryId repository, LockedSecret locked) {
        this.repository = repository;
        this.locked = locked;
    }

    /**
     * The file's text, in ASCII.
     *
     * @param lock by a password, or none: then the file is the secret itself, as a key file is
     */
    public static String print(AccessKey key, Lock lock, Instant made) {
        if (lock instanceof Lock.KeyFile) {
            throw new IllegalArgumentException("a client key is locked by a password or not at all");
        }
        if (!key.encrypted()) {
            throw new IllegalArgumentException("a repository that is not encrypted has no key to take along");
        }
        ByteWriter secret = new ByteWriter();
        SecretPart.write(secret, key);
        byte[] plain = secret.toBytes();
        Wipe.bytes(secret.array());
        ByteWriter out = new ByteWriter().u8(TYPE).bytes(key.repository().bytes());
        LockedSecret.write(out, key.role(), key.name(), lock, plain);
        String text = "cairn client key: the access key '" + key.name() + "' (" + key.role().word() + ") of the repository\n" + key.repository() + ", made "
                + made.toString().substring(0, 10) + "\n"
                + (lock instanceof Lock.Password ? "It is locked by a password." : "It is not locked: keep it secret.")
                + " Use it with --key-file.\n\n" + TypedLines.format(out.toBytes());
        Wipe.bytes(out.array());
        return text;
    }

    static ClientKey decode(byte[] content) throws CairnException {
        ByteReader in = new ByteReader(content, WHAT);
        in.skip(1);
        RepositoryId repository = RepositoryId.read(in.bytes(RepositoryId.BYTES), 0);
        LockedSecret locked = LockedSecret.read(in, content, 0, WHAT);
        if (locked.lock() == LockedSecret.KEY_FILE) {
            throw in.damaged("is of a kind that no version of cairn writes");
        }
        return new ClientKey(repository, locked);
    }

    @Override
    public RepositoryId repository() {
        return repository;
    }

    @Override
    public String name() {
        return locked.name();
    }

    public boolean needsPassword() {
        return locked.lock() == LockedSecret.PASSWORD;
    }

    /** @throws CairnException of {@link ExitCode#WRONG_PASSWORD} if the unlocker does not fit */
    public AccessKey unlock(Unlocker unlocker) throws CairnException {
        byte[] plain = locked.unlock(unlocker);
        try {
            ByteReader in = new ByteReader(plain, WHAT);
            AccessKey key = SecretPart.read(in, repository, locked.name(), locked.role());
            in.end();
            if (!key.encrypted()) {
                throw in.damaged("is of a repository that is not encrypted");
            }
            return key;
        } finally {
            Wipe.bytes(plain);
        }
    }

    /** What a client believes that has seen no key list yet: itself, and what its key says. */
    static KeyList lone(AccessKey key) {
        KeyList.Member self = new KeyList.Member(key.name(), key.role(), KeyList.Standing.ACTIVE, key.signingKey(), null, 0, 0);
        return new KeyList(key.floor().number(), Hash.ZERO, 0, false, key.repositoryKey() == null ? List.of() : List.of(key.repositoryKey()), List.of(self),
                new TreeMap<>());
    }

    @Override
    public String toString() {
        return WHAT + " of '" + name() + "'";
    }
}

package cairn.key;

import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import java.util.Arrays;

/**
 * {@code keys/NAME}: one access key behind its lock. Unsigned, because whoever opens it proves it by its seal.
 *
 * <pre>
 * header                 32, {@link Envelope}, kind 1
 * {@link LockedSecret}   associated data: the header and all of the body before the secret
 * footer                 32, {@link Envelope}
 * </pre>
 *
 * A file whose lock is 0 must hold {@code encrypted} = 0, and the reverse.
 */
public final class AccessKeyFile {
    /** More than any version of cairn writes. */
    public static final int MOST_BYTES = 1 << 16;

    private final RepositoryId repository;
    private final LockedSecret locked;

    private AccessKeyFile(RepositoryId repository, LockedSecret locked) {
        this.repository = repository;
        this.locked = locked;
    }

    /** The bytes of a file. */
    public static byte[] write(AccessKey key, Lock lock) {
        if (key.encrypted() == lock instanceof Lock.Open) {
            throw new IllegalArgumentException("a key is locked if and only if its repository is encrypted");
        }
        ByteWriter secret = new ByteWriter();
        SecretPart.write(secret, key);
        byte[] plain = secret.toBytes();
        Wipe.bytes(secret.array());
        byte[] header = new byte[Envelope.HEADER];
        Envelope.header(header, 0, Kind.ACCESS_KEY, key.repository(), false);
        ByteWriter out = new ByteWriter().bytes(header);
        LockedSecret.write(out, key.role(), key.name(), lock, plain);
        byte[] body = Arrays.copyOfRange(out.array(), Envelope.HEADER, out.size());
        return Envelope.close(Kind.ACCESS_KEY, key.repository(), body, null);
    }

    /**
     * Reads all that can be read without unlocking.
     *
     * @param what the file's name, for messages
     * @param repository the repository it must be of, or null for any
     */
    public static AccessKeyFile read(byte[] file, RepositoryId repository, String what) throws CairnException {
        Envelope.Opened opened = Envelope.open(file, Kind.ACCESS_KEY, repository, null, what);
        if (opened.header().signed()) {
            throw new DamagedException(what, "is signed, which no access key is");
        }
        ByteReader in = opened.body(what);
        return new AccessKeyFile(opened.header().repository(), LockedSecret.read(in, file, 0, what));
    }

    public RepositoryId repository() {
        return repository;
    }

    /** The key's own name, whatever its file is called. */
    public String name() {
        return locked.name();
    }

    public Role role() {
        return locked.role();
    }

    public boolean needsPassword() {
        return locked.lock() == LockedSecret.PASSWORD;
    }

    public boolean needsKeyFile() {
        return locked.lock() == LockedSecret.KEY_FILE;
    }

    /** Whether it is of a repository that is not encrypted. */
    public boolean isOpen() {
        return locked.lock() == LockedSecret.OPEN;
    }

    /**
     * Unlocks it. With a password or a key file an unlocked file is refused: it may have been put there to make a
     * client write in clear.
     *
     * @throws CairnException of {@link cairn.error.ExitCode#WRONG_PASSWORD} if the unlocker does not fit
     */
    public AccessKey unlock(Unlocker unlocker) throws CairnException {
        byte[] plain = locked.unlock(unlocker);
        try {
            ByteReader in = new ByteReader(plain, locked.what());
            AccessKey key = SecretPart.read(in, repository, locked.name(), locked.role());
            in.end();
            if (key.encrypted() != (locked.lock() != LockedSecret.OPEN)) {
                throw new DamagedException(locked.what(), "is of an encrypted repository and not locked, or the reverse");
            }
            return key;
        } finally {
            Wipe.bytes(plain);
        }
    }
}

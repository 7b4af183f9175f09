package cairn.key;

import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.format.RepositoryId;
import java.util.function.Consumer;

/**
 * An access key in typed lines, outside of its repository: what a {@link ClientKey} and a {@link PaperKey} have alike. The
 * lines of {@link TypedLines} over
 *
 * <pre>
 * type           u8
 * repository     16
 * {@link LockedSecret}     lock 0 or 1; associated data: all of this before the secret. The secret: {@link SecretPart},
 *                then what the type adds
 * </pre>
 *
 * @param what names it in messages
 */
record LockedText(String what, RepositoryId repository, LockedSecret locked) {
    /** Reads what a type adds to the secret. */
    interface Rest<T> {
        T read(AccessKey key, ByteReader in) throws CairnException;
    }

    /**
     * The lines, in ASCII.
     *
     * @param lock by a password, or none
     * @param rest writes what the type adds to the secret
     */
    static String lines(int type, AccessKey key, Lock lock, Consumer<ByteWriter> rest) {
        if (lock instanceof Lock.KeyFile) {
            throw new IllegalArgumentException("a key in lines is locked by a password or not at all");
        }
        ByteWriter secret = new ByteWriter();
        SecretPart.write(secret, key);
        rest.accept(secret);
        byte[] plain = secret.toBytes();
        Wipe.bytes(secret.array());
        ByteWriter out = new ByteWriter().u8(type).bytes(key.repository().bytes());
        LockedSecret.write(out, key.role(), key.name(), lock, plain);
        String lines = TypedLines.format(out.toBytes());
        Wipe.bytes(out.array());
        return lines;
    }

    /** @param content what the lines hold, from the type on */
    static LockedText decode(byte[] content, String what) throws DamagedException {
        ByteReader in = new ByteReader(content, what);
        in.skip(1);
        RepositoryId repository = RepositoryId.read(in.bytes(RepositoryId.BYTES), 0);
        LockedSecret locked = LockedSecret.read(in, content, 0, what);
        if (locked.lock() == LockedSecret.KEY_FILE) {
            throw in.damaged("is locked in a way that no version of cairn writes");
        }
        return new LockedText(what, repository, locked);
    }

    boolean needsPassword() {
        return locked.lock() == LockedSecret.PASSWORD;
    }

    /** @throws CairnException of {@link ExitCode#WRONG_PASSWORD} if the unlocker does not fit */
    <T> T unlock(Unlocker unlocker, Rest<T> rest) throws CairnException {
        byte[] plain = locked.unlock(unlocker);
        try {
            ByteReader in = new ByteReader(plain, what);
            T read = rest.read(SecretPart.read(in, repository, locked.name(), locked.role()), in);
            in.end();
            return read;
        } finally {
            Wipe.bytes(plain);
        }
    }

    @Override
    public String toString() {
        return what + " of '" + locked.name() + "'";
    }
}

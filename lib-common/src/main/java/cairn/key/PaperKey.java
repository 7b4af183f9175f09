package cairn.key;

import cairn.crypto.X25519;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A full key on paper: all that is needed to restore from {@code packs/} and {@code backups/} alone, should the machine,
 * its key file and the repository's own key files be lost. Words, then the lines of a {@link LockedText}, of the role full
 *
 * <pre>
 * type           u8        2
 * {@link LockedText}       adds to the secret:
 *   private keys varint    count; 0 if nothing is encrypted. Each:
 *     number     varint
 *     key        32        X25519
 * </pre>
 */
public final class PaperKey implements KeyText {
    static final int TYPE = 2;
    private static final String WHAT = "the paper key";

    private final LockedText text;

    private PaperKey(LockedText text) {
        this.text = text;
    }

    /** What a paper key holds. */
    public record Content(AccessKey key, Map<Integer, byte[]> privateKeys) {
        @Override
        public String toString() {
            return key.toString();
        }
    }

    /**
     * The page, in ASCII, lines of at most 78 letters.
     *
     * @param lock by a password, or none: then whoever has the page can read the backups
     * @throws CairnException if the key cannot restore, so that the page could not either
     */
    public static String print(OpenedKeys keys, Lock lock, Instant printed) throws CairnException {
        AccessKey key = keys.key();
        if (!keys.canRestoreAll()) {
            throw new CairnException(ExitCode.REFUSED, "the access key '" + key.name() + "' cannot read all backups, so a page of it would not restore them",
                    "use a key of the role 'full'");
        }
        return words(key, lock instanceof Lock.Password, printed) + LockedText.lines(TYPE, key, lock, secret -> {
            secret.varint(keys.privateKeys().size());
            new TreeMap<>(keys.privateKeys()).forEach((number, privateKey) -> secret.varint(number).bytes(privateKey));
        });
    }

    private static String words(AccessKey key, boolean password, Instant printed) {
        return "CAIRN PAPER KEY\n\n"
                + "repository   " + key.repository() + "\n"
                + "access key   " + key.name() + " (" + key.role().word() + ")\n"
                + "printed      " + printed.toString().substring(0, 10) + "\n\n"
                + "With this page the backups in this repository can be read, even if the\n"
                + "computer, its key file and the repository's folder of keys are lost.\n"
                + (password
                        ? "It is locked by the password that was given when it was printed: whoever\n"
                                + "wants to use it needs both. Do not write the password on it.\n"
                        : "IT IS NOT LOCKED: whoever has it can read all backups. Keep it like money.\n")
                + "Keep it away from the computer and from the repository.\n\n"
                + "To use it, type the numbered lines into a file, numbers included, and run\n\n"
                + "    cairn key test -r REPOSITORY --key-file FILE\n"
                + "    cairn restore -r REPOSITORY --key-file FILE latest --target DIR\n\n"
                + "Capitals, spaces and dashes do not matter. There is no letter I, L, O or U:\n"
                + "what looks like one is a digit. The last four letters of each line check it.\n\n";
    }

    /** @throws CairnException that says which line is wrong */
    public static PaperKey parse(byte[] text) throws CairnException {
        if (KeyText.parse(text) instanceof PaperKey paper) {
            return paper;
        }
        throw new CairnException(ExitCode.WRONG_PASSWORD, "this is a key file or a client key, not a paper key", "use it with --key-file");
    }

    static PaperKey decode(byte[] content) throws CairnException {
        LockedText text = LockedText.decode(content, WHAT);
        if (text.locked().role() != Role.FULL) {
            throw new DamagedException(WHAT, "is of a kind that no version of cairn prints");
        }
        return new PaperKey(text);
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
    public Content unlock(Unlocker unlocker) throws CairnException {
        return text.unlock(unlocker, (key, in) -> {
            Map<Integer, byte[]> privateKeys = new TreeMap<>();
            for (int i = in.varint(in.remaining()); i > 0; i--) {
                privateKeys.put(in.varint(Integer.MAX_VALUE), in.bytes(X25519.BYTES));
            }
            return new Content(key, privateKeys);
        });
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** The key list that a page stands for by itself, where the repository has none any more. */
    static KeyList lone(Content content) {
        AccessKey key = content.key();
        List<RepositoryKey> keys = new ArrayList<>();
        content.privateKeys().forEach((number, privateKey) -> keys.add(new RepositoryKey(number, X25519.publicKey(privateKey), 0)));
        byte[] reading = key.encrypted() ? X25519.publicKey(key.readingKey()) : null;
        KeyList.Member self = new KeyList.Member(key.name(), key.role(), KeyList.Standing.ACTIVE, key.signingKey(), reading, 0, 0);
        return new KeyList(key.floor().number(), Hash.ZERO, 0, false, keys, List.of(self), new TreeMap<>());
    }

    /** The private keys of a page that a list confirms. */
    static Map<Integer, byte[]> confirmed(Content content, KeyList list) {
        Map<Integer, byte[]> found = new TreeMap<>();
        content.privateKeys().forEach((number, privateKey) -> {
            RepositoryKey expected = list.repositoryKey(number);
            if (expected != null && Arrays.equals(expected.publicKey(), X25519.publicKey(privateKey))) {
                found.put(number, privateKey);
            }
        });
        return found;
    }
}

package cairn.key;

import cairn.chunk.ChunkParams;
import cairn.crypto.Argon2;
import cairn.error.CairnException;
import cairn.format.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** Repositories' keys for tests, with a password that costs next to nothing. */
final class Samples {
    static final RepositoryId REPOSITORY = new RepositoryId(0x1122334455667788L, 0x99AABBCCDDEEFF00L);
    static final ChunkParams CHUNKS = ChunkParams.ofAverage(256 << 10);
    static final Argon2.Params CHEAP = new Argon2.Params(64, 1, 1);
    static final long NOW = 1_800_000_000_000L;

    private Samples() {
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Lock.Password password(String text) {
        return new Lock.Password(bytes(text), CHEAP);
    }

    static KeyChanges.Change founded(Lock lock) throws CairnException {
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put("compression", "auto");
        return KeyChanges.found(new KeyChanges.Founding(REPOSITORY, CHUNKS, "me", lock, false, settings, NOW));
    }

    static KeyChanges.Change founded() throws CairnException {
        return founded(password("secret"));
    }

    static byte[] file(KeyChanges.Change change, String name) {
        for (KeyChanges.NewFile file : change.files()) {
            if (file.name().equals(name)) {
                return file.content();
            }
        }
        throw new AssertionError("no " + name + " in " + change.files().stream().map(KeyChanges.NewFile::name).toList());
    }

    /** What a user has at hand: a key file's text, a password, both or neither. */
    record Given(byte[] keyFile, String word) implements KeyStore.Credentials {
        static Given word(String word) {
            return new Given(null, word);
        }

        static Given file(byte[] text) {
            return new Given(text, null);
        }

        static Given nothing() {
            return new Given(null, null);
        }

        @Override
        public byte[] keyFile() {
            return keyFile == null ? null : keyFile.clone();
        }

        @Override
        public boolean hasPassword() {
            return word != null;
        }

        @Override
        public byte[] password(String keyName) {
            if (word == null) {
                throw new AssertionError("asked for a password that was not needed");
            }
            return bytes(word);
        }
    }
}

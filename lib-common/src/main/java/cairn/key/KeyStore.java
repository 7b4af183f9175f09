package cairn.key;

import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.key.KeyListFile.Signed;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds, opens and publishes the key files of a repository: {@code keys/}, {@code keylist/} and {@code keyring/}. */
public final class KeyStore {
    private static final String KEYS = Kind.ACCESS_KEY.folder() + "/";
    private static final String LISTS = Kind.KEY_LIST.folder() + "/";
    private static final String RINGS = Kind.KEY_RING.folder() + "/";

    private KeyStore() {
    }

    /** Where passwords and key files come from; asked only for what is needed. */
    public interface Credentials {
        /** The text of the key file or typed-in paper key that was given, or null. */
        byte[] keyFile() throws IOException;

        /** Whether a password was given in some way other than by asking somebody. */
        boolean hasPassword();

        /**
         * The password, asked for at most once; it is wiped after use.
         *
         * @param keyName the access key it is for, or null if it may be for one of several
         */
        byte[] password(String keyName) throws IOException;
    }

    /** The access keys that there are, by name, without unlocking any. Damaged files are passed over if {@code unusable} takes them. */
    public static Collection<AccessKeyFile> list(Storage storage, List<CairnException> unusable) throws IOException {
        TreeMap<String, Integer> generations = new TreeMap<>();
        TreeMap<String, AccessKeyFile> found = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>();
        storage.list(KEYS, file -> names.add(file.name()));
        for (String name : names) {
            try {
                AccessKeyFile file = AccessKeyFile.read(storage.readAll(name, AccessKeyFile.MOST_BYTES), null, name);
                int generation = number(name, name.indexOf('.') + 1);
                if (generation >= generations.getOrDefault(file.name(), 0)) {
                    generations.put(file.name(), generation);
                    found.put(file.name(), file);
                }
            } catch (CairnException e) {
                unusable.add(e);
            }
        }
        return found.values();
    }

    /** What this client remembers of the key lists of repositories. */
    @FunctionalInterface
    public interface Seen {
        /** The last key list that it believed, or null. */
        AccessKey.Floor of(RepositoryId repository);
    }

    /**
     * Opens a repository's keys.
     *
     * @param keyName the access key to use, or null for the first that opens
     * @param seen what this client believed last, or null
     * @throws CairnException of {@link ExitCode#WRONG_PASSWORD} if nothing given opens a key
     */
    public static OpenedKeys open(Storage storage, String keyName, Credentials credentials, Seen seen) throws IOException {
        KeyText given = given(credentials);
        if (given instanceof PaperKey paper) {
            return openPaper(storage, paper, credentials, seen);
        }
        AccessKey key = given instanceof ClientKey client ? unlock(client, credentials) : unlock(storage, keyName, (KeyFileText) given, credentials);
        return load(storage, key, seen == null ? null : seen.of(key.repository()));
    }

    private static KeyText given(Credentials credentials) throws IOException {
        byte[] text = credentials.keyFile();
        KeyText given = text == null ? null : KeyText.parse(text);
        Wipe.bytes(text);
        return given;
    }

    private static AccessKey unlock(ClientKey client, Credentials credentials) throws IOException {
        byte[] password = client.needsPassword() ? credentials.password(client.name()) : null;
        try {
            return client.unlock(password == null ? new Unlocker.Nothing() : new Unlocker.Password(password));
        } finally {
            Wipe.bytes(password);
        }
    }

    /** The key list that a client remembers, whole. */
    @FunctionalInterface
    public interface RememberedList {
        /** The file {@code keylist/N} that it believed last, or null. */
        byte[] of(RepositoryId repository) throws IOException;
    }

    /**
     * Opens a client key where no repository is at hand: enough to name, seal and sign, and to judge by the key list that
     * this client saw last.
     *
     * @param credentials must give a client key (or a paper key) as key file
     * @param remembered  what this client believed last
     * @throws CairnException if what was given does not do without the repository
     */
    public static OpenedKeys openAlone(Credentials credentials, RememberedList remembered) throws IOException {
        KeyText given = given(credentials);
        if (!(given instanceof ClientKey client)) {
            throw new CairnException(ExitCode.FAILED, given == null ? "no key given that does without its repository"
                    : "this key file only opens a key that lies in the repository",
                    "make one with 'cairn key export --client', and give it with --key-file");
        }
        AccessKey key = unlock(client, credentials);
        byte[] file = remembered.of(key.repository());
        if (file != null) {
            Signed list = KeyListFile.readAny(file, key.repository());
            KeyList.Member self = list.list().bySigningKey(key.signingKey());
            if (self != null && list.list().number() >= key.floor().number()) {
                if (!self.active()) {
                    throw removed(key);
                }
                return new OpenedKeys(key, list.list(), list.hash(), Map.of(), 0);
            }
        }
        return new OpenedKeys(key, ClientKey.lone(key), key.floor().hash(), Map.of(), 0);
    }

    private static CairnException removed(AccessKey key) {
        return new CairnException(ExitCode.REFUSED, "the access key '" + key.name() + "' was removed from the repository", "ask for a new one");
    }

    private static AccessKey unlock(Storage storage, String keyName, KeyFileText keyFile, Credentials credentials) throws IOException {
        List<CairnException> unusable = new ArrayList<>();
        List<AccessKeyFile> named = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (AccessKeyFile file : list(storage, unusable)) {
            if (keyName == null || keyName.equals(file.name())) {
                named.add(file);
            } else {
                others.add(file.name());
            }
        }
        if (named.isEmpty()) {
            if (!unusable.isEmpty()) {
                throw unusable.getFirst();
            }
            throw new CairnException(ExitCode.FAILED, "'" + storage.location() + "' has no access key" + (keyName == null ? "" : " '" + keyName + "'"),
                    others.isEmpty() ? "a paper key restores without one: give it with --key-file" : "its access keys are: " + String.join(", ", others));
        }
        List<AccessKeyFile> byPassword = new ArrayList<>();
        List<AccessKeyFile> byKeyFile = new ArrayList<>();
        List<AccessKeyFile> open = new ArrayList<>();
        for (AccessKeyFile file : named) {
            (file.needsPassword() ? byPassword : file.needsKeyFile() ? byKeyFile : open).add(file);
        }
        if (keyFile != null) {
            try {
                return first(byKeyFile.isEmpty() ? named : byKeyFile, new Unlocker.KeyFile(keyFile.secret()));
            } finally {
                Wipe.bytes(keyFile.secret());
            }
        }
        if (byPassword.isEmpty() && !credentials.hasPassword()) {
            return first(byKeyFile.isEmpty() ? open : byKeyFile, new Unlocker.Nothing());
        }
        List<AccessKeyFile> fitting = byPassword.isEmpty() ? named : byPassword;
        byte[] password = credentials.password(fitting.size() == 1 ? fitting.getFirst().name() : null);
        try {
            return first(fitting, new Unlocker.Password(password));
        } finally {
            Wipe.bytes(password);
        }
    }

    private static AccessKey first(List<AccessKeyFile> files, Unlocker unlocker) throws CairnException {
        CairnException failed = null;
        for (AccessKeyFile file : files) {
            try {
                return file.unlock(unlocker);
            } catch (CairnException e) {
                failed = failed == null ? e : failed;
            }
        }
        if (files.size() > 1 && failed.exitCode() == ExitCode.WRONG_PASSWORD) {
            String what = unlocker instanceof Unlocker.KeyFile ? "this key file" : "this password";
            throw new CairnException(ExitCode.WRONG_PASSWORD, what + " opens none of the access keys: " + names(files),
                    "try again, or say with --key which is meant", failed);
        }
        throw failed;
    }

    private static String names(List<AccessKeyFile> files) {
        List<String> names = new ArrayList<>();
        for (AccessKeyFile file : files) {
            names.add(file.name());
        }
        return String.join(", ", names);
    }

    private static OpenedKeys openPaper(Storage storage, PaperKey paper, Credentials credentials, Seen seen) throws IOException {
        byte[] password = paper.needsPassword() ? credentials.password(paper.name()) : null;
        PaperKey.Content content;
        try {
            content = paper.unlock(password == null ? new Unlocker.Nothing() : new Unlocker.Password(password));
        } finally {
            Wipe.bytes(password);
        }
        if (numbers(storage, LISTS).isEmpty()) {
            return new OpenedKeys(content.key(), PaperKey.lone(content), content.key().floor().hash(), content.privateKeys(), 0);
        }
        Signed newest = newestList(storage, content.key(), seen == null ? null : seen.of(content.key().repository()));
        Map<Integer, byte[]> privateKeys = PaperKey.confirmed(content, newest.list());
        int ring = readRing(storage, content.key(), newest.list(), privateKeys);
        return new OpenedKeys(content.key(), newest.list(), newest.hash(), privateKeys, ring);
    }

    /** The id of the repository in a storage, from its access keys or else its key lists; nobody vouches for it. */
    public static RepositoryId repositoryId(Storage storage) throws IOException {
        for (AccessKeyFile file : list(storage, new ArrayList<>())) {
            return file.repository();
        }
        for (int number : numbers(storage, LISTS)) {
            byte[] file = storage.readAll(KeyListFile.name(number), KeyListFile.MOST_BYTES);
            return Envelope.open(file, Kind.KEY_LIST, null, null, KeyListFile.name(number)).header().repository();
        }
        throw new DamagedException(storage.location(), "has no access key and no key list");
    }

    /**
     * The key list that whoever holds no key goes by: the last of the chain that begins with the oldest list that is
     * there, each signed by a key that the one before names as full. Nobody vouches for its beginning, so it tells who
     * is who to a program that trusts the storage (a receiver on the machine where the repository is), and to a
     * check. Null if there is none.
     *
     * <p>Who signed what is then {@link KeyList#bySigningKey}.
     */
    public static KeyListFile.Signed unconfirmedList(Storage storage, RepositoryId repository) throws IOException {
        Signed last = null;
        for (int number : numbers(storage, LISTS)) {
            try {
                String name = KeyListFile.name(number);
                Signed next = KeyListFile.read(storage.readAll(name, KeyListFile.MOST_BYTES), number, repository);
                if (last != null) {
                    KeyListChain.follow(last, next);
                }
                last = next;
            } catch (CairnException broken) {
                if (last != null) {
                    break; // what does not follow counts as little as if it were not there
                }
            }
        }
        return last;
    }

    /** The file of the key list that counts, to be remembered; see {@link #openAlone}. */
    public static byte[] listFile(Storage storage, OpenedKeys keys) throws IOException {
        return storage.readAll(KeyListFile.name(keys.list().number()), KeyListFile.MOST_BYTES);
    }

    /** The key list and key ring that go with an access key that is unlocked already. */
    public static OpenedKeys load(Storage storage, AccessKey key, AccessKey.Floor seen) throws IOException {
        Signed newest = newestList(storage, key, seen);
        KeyList.Member self = newest.list().bySigningKey(key.signingKey());
        if (self == null || !self.active()) {
            throw removed(key);
        }
        Map<Integer, byte[]> privateKeys = new TreeMap<>();
        int ring = readRing(storage, key, newest.list(), privateKeys);
        OpenedKeys opened = new OpenedKeys(key, newest.list(), newest.hash(), privateKeys, ring);
        if (key.canRead() && !opened.unreadable().isEmpty()) {
            throw new DamagedException(Kind.KEY_RING.folder(), "does not hold the private key " + opened.unreadable().getFirst()
                    + " of the repository for the access key '" + key.name() + "'");
        }
        return opened;
    }

    private static Signed newestList(Storage storage, AccessKey key, AccessKey.Floor seen) throws IOException {
        AccessKey.Floor floor = seen != null && seen.number() > key.floor().number() ? seen : key.floor();
        List<Signed> lists = new ArrayList<>();
        for (int number : numbers(storage, LISTS).tailSet(floor.number())) {
            String name = KeyListFile.name(number);
            lists.add(KeyListFile.read(storage.readAll(name, KeyListFile.MOST_BYTES), number, key.repository(), floor.hash()));
        }
        return KeyListChain.verify(lists, key, floor);
    }

    /** @return the highest number in use */
    private static int readRing(Storage storage, AccessKey key, KeyList list, Map<Integer, byte[]> found) throws IOException {
        if (!key.encrypted() || !key.canRead()) {
            return 0;
        }
        TreeSet<Integer> numbers = numbers(storage, RINGS);
        CairnException unusable = null;
        for (int number : numbers) {
            try {
                KeyRingFile.read(storage.readAll(KeyRingFile.name(number), KeyRingFile.MOST_BYTES), number, key, list, found);
            } catch (CairnException e) {
                unusable = e;
            }
        }
        if (unusable != null && found.size() < list.repositoryKeys().size()) {
            throw unusable;
        }
        return numbers.isEmpty() ? 0 : numbers.getLast();
    }

    private static TreeSet<Integer> numbers(Storage storage, String folder) throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        storage.list(folder, file -> {
            int number = number(file.name(), folder.length());
            if (number > 0 && file.name().equals(folder + number)) {
                numbers.add(number);
            }
        });
        return numbers;
    }

    /** The number that a name ends with from a place on, or 1 if there is none. */
    private static int number(String name, int from) {
        if (from == 0 || from == name.length() || name.length() - from > 9) {
            return 1;
        }
        int number = 0;
        for (int i = from; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return 1;
            }
            number = 10 * number + name.charAt(i) - '0';
        }
        return number;
    }

    /** Publishes a change, file by file in its order. */
    public static void publish(Storage storage, KeyChanges.Change change) throws IOException {
        for (KeyChanges.NewFile file : change.files()) {
            storage.write(file.name(), file.content());
        }
    }

    /**
     * Puts an access key under another lock: the new file first, then the old ones go.
     *
     * @return the name of the new file
     */
    public static String relock(Storage storage, AccessKey key, Lock lock) throws IOException {
        TreeSet<String> old = filesOf(storage, key.name());
        int highest = 0;
        for (String name : old) {
            highest = Math.max(highest, number(name, name.indexOf('.') + 1));
        }
        KeyChanges.NewFile file = KeyChanges.relock(key, lock, highest + 1);
        storage.write(file.name(), file.content());
        for (String name : old) {
            storage.delete(name);
        }
        return file.name();
    }

    /** Whether the repository holds an access key itself, and not only its client. */
    public static boolean hasFiles(Storage storage, String keyName) throws IOException {
        return !filesOf(storage, keyName).isEmpty();
    }

    /** Deletes the files of an access key that the key list no longer names as active. */
    public static void deleteFiles(Storage storage, String keyName) throws IOException {
        for (String name : filesOf(storage, keyName)) {
            storage.delete(name);
        }
    }

    private static TreeSet<String> filesOf(Storage storage, String keyName) throws IOException {
        TreeSet<String> files = new TreeSet<>();
        storage.list(KEYS, file -> {
            String name = file.name().substring(KEYS.length());
            if (name.equals(keyName) || name.startsWith(keyName + ".")) {
                files.add(file.name());
            }
        });
        return files;
    }
}

package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.key.AccessKeyFile;
import cairn.key.KeyListFile;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.record.RecordFile;
import cairn.record.RecordHead.Token;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.spool.PrivateFolder;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import cairn.walk.FileId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Opens the repository that the options of a command mean. */
public final class RepositoryAccess {
    private static final int OTHERS_READ = 4;
    private RepositoryAccess() {
    }

    /** Opens an existing repository with a key. */
    public static Repository open(CommandContext context, Output out, RepoOptions options) throws IOException {
        RepoLocation location = options.location(context);
        Storage storage = storage(context, out, options, location);
        try {
            if (options.wantsTrees()) {
                storage.expectIndex();
            }
            OpenedKeys keys = keys(context, out, options, location, storage);
            return new Repository(storage, RepositoryKeys.of(keys), keys.list().settings());
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /**
     * As {@link #open}, for a command that shows or restores names, attributes or content.
     *
     * @throws CairnException of {@link ExitCode#REFUSED}, before anything is done, if the key cannot read
     */
    public static Repository openToRead(CommandContext context, Output out, RepoOptions options) throws IOException {
        Repository repository = open(context, out, options);
        if (!repository.keys().canRead()) {
            repository.close();
            throw repository.keys().cannotRead();
        }
        return repository;
    }

    /**
     * As {@link #open}, for a command that marks or deletes.
     *
     * @throws CairnException of {@link ExitCode#REFUSED}, before anything is done, if the key's marks do not count
     */
    public static Repository openToMark(CommandContext context, Output out, RepoOptions options) throws IOException {
        Repository repository = open(context, out, options);
        if (!repository.keys().trust().forMarks(repository.keys().signer().publicKey())) {
            repository.close();
            throw new CairnException(ExitCode.REFUSED, "this key only adds backups: nothing that it marks for deletion counts",
                    "use a key of the role 'server' or 'full'");
        }
        return repository;
    }

    /**
     * Opens an existing repository for checking: with a key if one is at hand without asking anybody, else without any.
     * What needs no secret asks for none.
     */
    public static Repository openToCheck(CommandContext context, Output out, RepoOptions options) throws IOException {
        RepoLocation location = options.location(context);
        boolean given = options.keyFile() != null || options.hasPassword(context) || location.isDefault() && exists(defaultKeyFile(context));
        Storage storage = storage(context, out, options, location);
        try {
            if (options.wantsTrees()) {
                storage.expectIndex();
            }
            Collection<AccessKeyFile> files = KeyStore.list(storage, new ArrayList<>());
            if (given || !files.isEmpty() && files.stream().allMatch(AccessKeyFile::isOpen)) {
                OpenedKeys keys = keys(context, out, options, location, storage);
                return new Repository(storage, RepositoryKeys.of(keys), keys.list().settings());
            }
            RepositoryId id = KeyStore.repositoryId(storage);
            Remembered.of(context).check(location, id, true, out::message);
            KeyListFile.Signed list = KeyStore.unconfirmedList(storage, id);
            out.message("no password or key file given: checking what needs no key");
            return new Repository(storage, RepositoryKeys.without(id, list == null ? null : list.list()));
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** As {@link #open}; the user's own default repository is made first if it is not there. */
    public static Repository openOrCreateDefault(CommandContext context, Output out, RepoOptions options) throws IOException {
        RepoLocation location = options.location(context);
        if (location.isDefault() && !exists(location.path())) {
            createDefault(context, out, options, location);
        }
        Repository repository = open(context, out, options);
        try {
            repository.keys().requireNames();
        } catch (CairnException refused) {
            repository.close();
            throw refused;
        }
        return repository;
    }

    /**
     * The storage at a location, without opening any key.
     *
     * @throws CairnException with {@link ExitCode#NO_REPOSITORY} if there is no repository
     */
    public static Storage storage(CommandContext context, Output out, RepoOptions options, RepoLocation location) throws IOException {
        if (location.scheme() != null) {
            return FarRepository.open(context, out, options, location, false);
        }
        options.requireUseOfLimit();
        return local(location);
    }

    /** An empty storage for a new repository at a location elsewhere. */
    public static Storage newStorage(CommandContext context, Output out, RepoOptions options, RepoLocation location) throws IOException {
        return FarRepository.open(context, out, options, location, true);
    }

    /** As {@link #storage}, for a folder of this machine. */
    public static Storage local(RepoLocation location) throws IOException {
        if (location.scheme() != null) {
            throw new UsageException("'" + location + "' is not on this machine: a folder is wanted here");
        }
        if (location.isDefault() && !exists(location.path())) {
            throw new CairnException(ExitCode.NO_REPOSITORY, "you have no default repository yet ('" + location + "')",
                    "'cairn backup PATH' makes it; for another one use -r REPO or set CAIRN_REPO");
        }
        Storage storage = LocalFolder.open(location.path());
        try {
            if (!looksLikeRepository(storage)) {
                throw new CairnException(ExitCode.NO_REPOSITORY, "no such repository: the folder '" + location + "' holds none",
                        "is the disk mounted? 'cairn init' makes a new repository");
            }
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
        return storage;
    }

    /** Any file that only a repository has will do: some may be lost, and what is left must open. */
    private static boolean looksLikeRepository(Storage storage) throws IOException {
        if (storage.stat(NewRepository.ABOUT).isPresent()) return true;
        for (Kind kind : Kind.values()) {
            boolean[] found = {false};
            storage.list(kind.folder() + "/", file -> found[0] = true);
            if (found[0]) return true;
        }
        return false;
    }

    /**
     * The keys at a location, and what this user has seen of it before: a key list that is older than the last one believed,
     * or a repository that is not encrypted where one was, is refused.
     */
    public static OpenedKeys keys(CommandContext context, Output out, RepoOptions options, RepoLocation location, Storage storage) throws IOException {
        byte[] keyFile = options.keyFile();
        if (keyFile == null && location.isDefault() && !options.namesPassword() && exists(defaultKeyFile(context))) {
            keyFile = defaultKeyFile(context);
        }
        Remembered remembered = Remembered.of(context);
        OpenedKeys keys = KeyStore.open(storage, options.keyName(), new GivenCredentials(context, options, keyFile), remembered::floor);
        remembered.check(location, keys.key().repository(), keys.key().encrypted(), out::message);
        remembered.believed(keys, storage);
        if (keyFile != null) warnIfOthersRead(keyFile, out);
        return keys;
    }

    private static void warnIfOthersRead(byte[] keyFile, Output out) throws IOException {
        Stat file = new Stat().at(Open.AT_FDCWD, keyFile);
        if (file.isRegular() && (file.mode() & OTHERS_READ) != 0) {
            String name = RawString.printable(keyFile);
            out.warning("everybody on this machine can read the key file '" + name + "': take that from them with chmod 600");
        }
    }

    /**
     * The keys of a client key ({@code cairn key export --client}) that was given with {@code --key-file}, without any
     * repository at hand, and the key list that this user has seen last.
     */
    public static OpenedKeys keysAlone(CommandContext context, RepoOptions options) throws IOException {
        return KeyStore.openAlone(new GivenCredentials(context, options, options.keyFile()), Remembered.of(context)::list);
    }

    /** Remembers a repository that was just made. */
    public static void noteMade(CommandContext context, RepoLocation location, OpenedKeys keys) {
        Remembered.of(context).made(location, keys.key().repository(), keys.key().encrypted());
    }

    /** What options, environment and terminal give to open a key with. */
    private record GivenCredentials(CommandContext context, RepoOptions options, byte[] file) implements KeyStore.Credentials {
        @Override
        public byte[] keyFile() throws IOException {
            return file == null ? null : Sys.readFile(Open.AT_FDCWD, file);
        }

        @Override
        public boolean hasPassword() {
            return options.hasPassword(context);
        }

        @Override
        public byte[] password(String keyName) throws IOException {
            return options.password(context, keyName == null ? "password: " : "password of the access key '" + keyName + "': ");
        }
    }

    private static void createDefault(CommandContext context, Output out, RepoOptions options, RepoLocation location) throws IOException {
        byte[] keyFile = options.keyFile() != null ? options.keyFile() : defaultKeyFile(context);
        boolean byPassword = options.keyFile() == null && options.namesPassword();
        if (!byPassword && exists(keyFile)) {
            throw new CairnException(ExitCode.NO_REPOSITORY, "there is the key file '" + RawString.printable(keyFile) + "' but no repository '"
                    + location + "'",
                    "if its disk is not mounted, mount it; if it is gone for good, move the key file away");
        }
        String keyName = options.keyName() == null ? NewRepository.FIRST_KEY : options.keyName();
        Lock lock = byPassword ? NewSecret.lock(options.password(context, "")) : Lock.KeyFile.random();
        OpenedKeys made = new NewRepository(location.path(), keyName, lock, byPassword ? null : keyFile, NewRepository.CHUNKS, false, new TreeMap<>())
                .make(context.clock().millis());
        noteMade(context, location, made);
        made.wipe();
        out.message("made your default repository '" + location + "'"
                + (byPassword ? "" : ", opened by the key file '" + RawString.printable(keyFile) + "'"));
    }

    /** Where the key file of the default repository is: {@code $XDG_CONFIG_HOME/cairn/default.key}. */
    public static byte[] defaultKeyFile(CommandContext context) throws CairnException {
        return RawPath.join(UserFolders.config(context), RawString.encode("default.key"));
    }

    private static boolean exists(byte[] path) throws PosixException {
        return new Stat().exists(Open.AT_FDCWD, path);
    }

    private static Path path(byte[] raw) throws CairnException {
        try {
            return Path.of(RawString.decode(raw));
        } catch (InvalidPathException e) {
            throw new CairnException(ExitCode.FAILED, "the path '" + Text.printable(raw) + "' cannot be used here", "choose one of plain letters", e);
        }
    }

    /** A folder for temporary files and locks, made if need be; null if there can be none. */
    public static Path scratch(byte[] cacheDir) {
        try {
            Path folder = PrivateFolder.make(path(cacheDir));
            if (!Files.isWritable(folder)) {
                return null;
            }
            Leftovers.remove(folder, Instant.now());
            return folder;
        } catch (IOException e) {
            return null;
        }
    }

    /** The folder of a local repository, which no backup into it goes into. */
    public static Set<FileId> ownDirectories(CommandContext context, RepoOptions options) throws IOException {
        RepoLocation location = options.location(context);
        return location.scheme() != null ? Set.of() : Set.of(FileId.of(new Stat().at(Open.AT_FDCWD, location.path(), 0)));
    }

    /** The newest backup of a group that is neither partial nor in doubt, or null. */
    public static Backup lastComplete(Repository repository, Token group) throws IOException {
        List<RecordFile> records = repository.records().readable(repository.marks());
        for (RecordFile record : records.reversed()) {
            if (record.head().group().equals(group) && !record.head().partial()) {
                Backup backup = repository.records().open(record, repository.marks());
                if (!backup.inDoubt()) {
                    return backup;
                }
            }
        }
        return null;
    }
}

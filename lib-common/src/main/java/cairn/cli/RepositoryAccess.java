package cairn.cli;

import cairn.chunk.ChunkParams;
import cairn.crypto.Rng;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.key.KeyChanges;
import cairn.key.KeyFileText;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.record.RecordFile;
import cairn.record.RecordHead.Token;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import cairn.walk.FileId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Opens the repository that the options of a command mean, and makes a new one. */
public final class RepositoryAccess {
    /** Lengths of chunks of format 1, decided by measurement: see bench/RESULTS.md. */
    public static final ChunkParams CHUNKS = ChunkParams.ofAverage(256 << 10);
    private static final String DEFAULT_KEY = "default";

    private RepositoryAccess() {
    }

    /** Opens an existing repository with a key. */
    public static Repository open(CommandContext context, Output out, RepoOptions options) throws IOException {
        RepoLocation location = options.location(context);
        Storage storage = storage(location);
        try {
            OpenedKeys keys = keys(context, options, location, storage);
            return new Repository(storage, RepositoryKeys.of(keys), keys.list().settings());
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** As {@link #open}; the user's own default repository is made first if it is not there. */
    public static Repository openOrCreateDefault(CommandContext context, Output out, RepoOptions options) throws IOException {
        RepoLocation location = options.location(context);
        if (location.isDefault() && !exists(location.path())) {
            createDefault(context, out, location);
        }
        return open(context, out, options);
    }

    /** The storage at a location, without opening any key. */
    public static Storage storage(RepoLocation location) throws IOException {
        if (location.scheme() != null) {
            throw new CairnException(ExitCode.FAILED, "cannot reach '" + location + "': this version reaches local folders only",
                    "mount the remote folder, or use a later version");
        }
        return LocalFolder.open(location.path());
    }

    /** The keys at a location. */
    public static OpenedKeys keys(CommandContext context, RepoOptions options, RepoLocation location, Storage storage) throws IOException {
        byte[] defaultKey = location.isDefault() && options.keyFile() == null && !options.hasPassword(context) ? defaultKeyFile(context) : null;
        return KeyStore.open(storage, options.keyName(), new KeyStore.Credentials() {
            @Override
            public byte[] keyFile() throws IOException {
                byte[] file = options.keyFile() != null ? options.keyFile() : defaultKey != null && exists(defaultKey) ? defaultKey : null;
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
        }, null);
    }

    /**
     * Makes a new repository.
     *
     * @return its keys
     */
    public static OpenedKeys create(byte[] path, String keyName, Lock lock, ChunkParams chunks, SortedMap<String, String> settings)
            throws IOException {
        try (Storage storage = LocalFolder.create(path)) {
            RepositoryId id = RepositoryId.read(Rng.bytes(RepositoryId.BYTES), 0);
            KeyChanges.Change founding = KeyChanges.found(new KeyChanges.Founding(id, chunks, keyName, lock, false, settings, System.currentTimeMillis()));
            KeyStore.publish(storage, founding);
            String about = "# A repository of Cairn. This file is for people; the program believes nothing in it.\n"
                    + "format = 1\nid = \"" + id + "\"\n";
            storage.write("cairn.toml", about.getBytes(StandardCharsets.US_ASCII));
            return founding.keys();
        }
    }

    private static void createDefault(CommandContext context, Output out, RepoLocation location) throws IOException {
        Lock.KeyFile lock = Lock.KeyFile.random();
        byte[] keyFile = defaultKeyFile(context);
        if (exists(keyFile)) {
            throw new CairnException(ExitCode.NO_REPOSITORY, "there is a key file '" + Text.printable(keyFile) + "' but no repository '" + location + "'",
                    "if its disk is not mounted, mount it; if it is gone for good, move the key file away");
        }
        OpenedKeys keys = create(location.path(), DEFAULT_KEY, lock, CHUNKS, new TreeMap<>());
        writeKeyFile(keyFile, KeyFileText.write(keys.key().repository(), DEFAULT_KEY, lock));
        out.message("made your own repository '" + location + "', with the key file '" + Text.printable(keyFile) + "'");
    }

    /** Writes a key file that only its owner can read. */
    public static void writeKeyFile(byte[] file, byte[] content) throws IOException {
        Path path = path(file);
        if (path.getParent() != null) {
            Files.createDirectories(path.getParent());
        }
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(path, content);
    }

    /** Where the key file of the default repository is: {@code $XDG_CONFIG_HOME/cairn/default.key}. */
    public static byte[] defaultKeyFile(CommandContext context) throws CairnException {
        String config = context.env("XDG_CONFIG_HOME");
        if (config == null || !config.startsWith("/")) {
            String home = context.env("HOME");
            if (home == null || !home.startsWith("/")) {
                throw new CairnException(ExitCode.FAILED, "no home folder to keep the key file in", "set HOME or XDG_CONFIG_HOME, or use -r REPO");
            }
            config = home + "/.config";
        }
        return RawString.encode(config + "/cairn/default.key");
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
            Path folder = path(cacheDir);
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Files.isWritable(folder) ? folder : null;
        } catch (IOException | UnsupportedOperationException e) {
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
        List<RecordFile> records = repository.records().all(repository.marks());
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

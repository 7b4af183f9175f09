package cairn.cmd.backup;

import cairn.chunk.ChunkParams;
import cairn.cli.Command;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.KeepSafe;
import cairn.cli.Line;
import cairn.cli.NewRepository;
import cairn.cli.NewSecret;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.SizeConverter;
import cairn.cli.UsageException;
import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.pack.Compression;
import cairn.posix.RawString;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn init}: makes a repository with its first access key. */
@CommandLine.Command(name = "init", description = {
    "Makes a repository in a new or empty folder, with one access key of the role full. The key is locked by a password"
        + " (--password-file, --password-command, $CAIRN_PASSWORD, or asked for twice), or with --key-file by a key file, which is made.",
    "Without -r and CAIRN_REPO it makes your own default repository, with a key file in $XDG_CONFIG_HOME/cairn/default.key"
        + " unless an option gives a password."})
public final class InitCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Option(names = "--encryption", paramLabel = "HOW", description = "standard, or none for storage that you trust: then anyone who reads it reads your files")
    private String encryption = "standard";

    @Option(names = "--compression", paramLabel = "LEVEL",
            description = "off, fast, auto or 1 to 19: what backups use unless they say otherwise (default auto)")
    private String compression = "auto";

    @Option(names = "--chunk-size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "average length of the pieces that content is cut into, 4KiB to 16MiB (default 128KiB); smaller shares more and takes more memory")
    private Long chunkSize;

    @Option(names = "--pack-size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "size of the files that hold the pieces, 1MiB to 512MiB (default 16MiB)")
    private Long packSize;

    @Option(names = "--trust", paramLabel = "WHOM", description = "own, or all if every client that may write is trusted with the content of all others")
    private String trust = "own";

    @Override
    protected ExitCode run() throws Exception {
        RepoLocation location = repo.location(context());
        if (location.scheme() == null) repo.requireUseOfLimit();
        boolean encrypted = oneOf("--encryption", encryption, "standard", "none").equals("standard");
        boolean trustAll = oneOf("--trust", trust, "own", "all").equals("all");
        SortedMap<String, String> settings = settings();
        ChunkParams chunks = chunks();
        byte[] keyFile = encrypted ? keyFile(location) : null;
        String keyName = repo.keyName() == null ? NewRepository.FIRST_KEY : repo.keyName();
        byte[] password = encrypted && keyFile == null ? password() : null;
        try {
            Lock lock = !encrypted ? new Lock.Open() : keyFile != null ? Lock.KeyFile.random() : NewSecret.lock(password);
            NewRepository made = new NewRepository(location.path(), keyName, lock, keyFile, chunks, trustAll, settings);
            long now = context().clock().millis();
            OpenedKeys keys = location.scheme() == null ? made.make(now)
                    : made.make(now, () -> RepositoryAccess.newStorage(context(), out(), repo, location));
            RepositoryAccess.noteMade(context(), location, keys);
            out().done(new Made(location, keys, keyFile, settings), false);
            keys.wipe();
            if (encrypted) KeepSafe.remindOfPaper(context(), out(), location, keys.key().repository());
        } finally {
            Wipe.bytes(password);
        }
        return ExitCode.DONE;
    }

    private static String oneOf(String option, String value, String... allowed) throws UsageException {
        for (String each : allowed) {
            if (each.equals(value)) return value;
        }
        throw new UsageException(option + " wants " + String.join(" or ", allowed) + ", not '" + value + "'");
    }

    private SortedMap<String, String> settings() throws CairnException {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("compression", Compression.parse(compression).toString());
        if (packSize != null) {
            if (packSize < 1 << 20 || packSize > 512 << 20) throw new UsageException("--pack-size wants 1MiB to 512MiB");
            settings.put("pack-size", packSize.toString());
        }
        return settings;
    }

    private ChunkParams chunks() throws UsageException {
        if (chunkSize == null) return NewRepository.CHUNKS;
        if (chunkSize < 4 << 10 || chunkSize > 16 << 20) throw new UsageException("--chunk-size wants 4KiB to 16MiB");
        return ChunkParams.ofAverage(chunkSize.intValue());
    }

    private byte[] keyFile(RepoLocation location) throws IOException {
        if (repo.keyFile() != null) return repo.keyFile();
        return location.isDefault() && !repo.namesPassword() ? RepositoryAccess.defaultKeyFile(context()) : null;
    }

    private byte[] password() throws IOException {
        return repo.hasPassword(context()) ? repo.password(context(), "") : NewSecret.ask(context(), "new password",
                "set CAIRN_PASSWORD, or use --password-file or --password-command; --key-file FILE makes a key file instead");
    }

    private record Made(RepoLocation location, OpenedKeys keys, byte[] keyFile, SortedMap<String, String> settings) implements Event {
        @Override
        public String type() {
            return "repository";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("id", keys.key().repository().hex()).field("location", location.text()).field("key", keys.key().name())
                    .field("key_file", keyFile).field("encrypted", keys.key().encrypted()).field("compression", settings.get("compression"))
                    .field("chunk_size", keys.key().chunks().avg());
        }

        @Override
        public void text(Line line) throws IOException {
            line.text("made the repository ").name(location.path()).text(keys.key().encrypted() ? "" : ", not encrypted").end();
            line.text("id ").text(keys.key().repository().hex()).text(", access key ").text(keys.key().name());
            if (keyFile != null) line.text(", key file ").name(keyFile);
        }
    }
}

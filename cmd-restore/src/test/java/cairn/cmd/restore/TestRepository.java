package cairn.cmd.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cairn.cli.CommandRun;
import cairn.cli.NewRepository;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.posix.Programs;
import cairn.posix.RawString;
import cairn.posix.Sys;
import cairn.query.BackupMaker;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.store.LocalFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** A repository on disk with a key file, backups in it, and commands on it. */
final class TestRepository implements AutoCloseable {
    final Path folder;
    final Path source;
    private final Path keyFile;
    private final Path temp;
    private final Repository repository;
    private final BackupMaker maker;

    TestRepository(Path temp) throws IOException {
        this.temp = temp;
        folder = temp.resolve("repo");
        source = Files.createDirectory(temp.resolve("source"));
        keyFile = temp.resolve("key");
        Lock.KeyFile lock = Lock.KeyFile.random();
        OpenedKeys keys = new NewRepository(folder.toString().getBytes(), "me", lock, keyFile.toString().getBytes(), NewRepository.CHUNKS, false,
                new TreeMap<>())
                .make(System.currentTimeMillis());
        repository = new Repository(LocalFolder.open(folder.toString().getBytes()), RepositoryKeys.of(keys), keys.list().settings());
        maker = new BackupMaker(repository, temp).host(RawString.decode(Sys.hostname()));
    }

    BackupMaker maker() {
        return maker;
    }

    Backup save() throws IOException {
        return maker.save(source);
    }

    /** The path of a file of the source as a reference into a backup. */
    String in(String backup, String name) {
        return backup + ":" + source.resolve(name);
    }

    CommandRun command(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add(1, "-r");
        all.add(2, folder.toString());
        all.add(3, "--key-file");
        all.add(4, keyFile.toString());
        return CommandRun.of(all.toArray(String[]::new)).cwd(source.toString().getBytes());
    }

    CommandRun.Result run(String... args) {
        return command(args).run();
    }

    /** Runs a command that must succeed without a word on standard error. */
    CommandRun.Result good(String... args) {
        CommandRun.Result result = run(args);
        assertEquals("", result.err());
        assertEquals(0, result.status());
        return result;
    }

    /** Runs a real program that must succeed. @return what it printed, both streams */
    static String tool(Path folder, byte[] stdin, String... command) throws IOException {
        Programs.require(command[0]);
        Path out = Files.createTempFile("tool", null);
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(stdin);
            }
            int status = process.waitFor();
            String printed = new String(Files.readAllBytes(out), StandardCharsets.ISO_8859_1);
            assertEquals(0, status, printed);
            return printed;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.delete(out);
        }
    }

    /** Turns bits in the middle half of the largest pack. */
    static void damageLargestPack(Path repository) throws IOException {
        damageLargestPack(repository, 0.25);
    }

    /** Turns bits all over the largest pack, in each of its blobs, which lie there in random order. */
    static void damageAllOfLargestPack(Path repository) throws IOException {
        damageLargestPack(repository, 0.05);
    }

    private static void damageLargestPack(Path repository, double spared) throws IOException {
        Path largest;
        try (var files = Files.walk(repository.resolve("packs"))) {
            largest = files.filter(Files::isRegularFile).max(Comparator.comparingLong(p -> p.toFile().length())).orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(largest);
        for (int i = (int) (bytes.length * spared); i < bytes.length * (1 - spared); i += 32) {
            bytes[i] ^= 1;
        }
        Files.setPosixFilePermissions(largest, PosixFilePermissions.fromString("rw-------"));
        Files.write(largest, bytes);
    }

    @Override
    public void close() throws IOException {
        repository.close();
    }
}

package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.hash.Blake3;
import cairn.key.AccessKey;
import cairn.key.KeyListFile;
import cairn.key.KeyStore;
import cairn.key.OpenedKeys;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.spool.PrivateFolder;
import cairn.store.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What this user has seen of repositories, in the state folder, so that a storage cannot go back behind it unnoticed.
 *
 * <pre>
 * keylist-ID      the newest key list of a repository that was believed: no older one is
 * place-HASH      the location as text, then the ids of repositories that were opened there, one a line, each followed by
 *                 "encrypted" or "open". HASH is that of the location's text
 * </pre>
 *
 * Losing it costs nothing but this. Where there is no place for it (no home folder) nothing is remembered.
 */
final class Remembered {
    private final Path folder;

    private Remembered(Path folder) {
        this.folder = folder;
    }

    static Remembered of(CommandContext context) {
        try {
            return new Remembered(Path.of(RawString.decode(UserFolders.state(context))));
        } catch (CairnException | InvalidPathException nowhere) {
            return new Remembered(null);
        }
    }

    /** The key list that was believed last, or null. */
    AccessKey.Floor floor(RepositoryId repository) {
        byte[] file = list(repository);
        if (file == null) {
            return null;
        }
        try {
            return KeyListFile.believed(file, repository);
        } catch (CairnException damaged) {
            return null;
        }
    }

    /** The file of that key list, or null. */
    byte[] list(RepositoryId repository) {
        return folder == null ? null : read(folder.resolve("keylist-" + repository.hex()));
    }

    /** Remembers what was believed just now. */
    void believed(OpenedKeys keys, Storage storage) throws IOException {
        AccessKey.Floor before = folder == null ? null : floor(keys.key().repository());
        if (folder == null || before != null && before.number() >= keys.list().number() || keys.ringNumber() == 0 && keys.list().timeMillis() == 0) {
            return; // known, or nothing that the storage holds: a paper key that stands for itself
        }
        write(folder.resolve("keylist-" + keys.key().repository().hex()), KeyStore.listFile(storage, keys));
    }

    /**
     * Checks what is at a location against what was there before.
     *
     * @param notice told in a sentence if another repository is there now
     * @throws CairnException if an encrypted repository was there, and what is there now is not: somebody may have put it
     *     there so that this client writes in clear
     */
    void check(RepoLocation location, RepositoryId repository, boolean encrypted, Consumer<String> notice) throws CairnException {
        Path place = place(location);
        if (place == null) {
            return;
        }
        Set<String> known = known(place);
        if (known.contains(line(repository, encrypted))) {
            return;
        }
        if (!encrypted && known.stream().anyMatch(each -> each.endsWith(" encrypted"))) {
            throw new CairnException(ExitCode.FAILED, "the repository '" + location + "' is not encrypted, and what was there before was: somebody may have put"
                    + " another one in its place", "if you made it anew yourself, delete " + place);
        }
        if (!known.isEmpty()) {
            notice.accept("'" + location + "' is another repository than before: " + repository);
        }
        add(place, location, known, line(repository, encrypted));
    }

    /** Remembers a repository that was just made at a location, in the place of whatever was there. */
    void made(RepoLocation location, RepositoryId repository, boolean encrypted) {
        Path place = place(location);
        if (place != null) {
            add(place, location, Set.of(), line(repository, encrypted));
        }
    }

    private static String line(RepositoryId repository, boolean encrypted) {
        return repository.hex() + (encrypted ? " encrypted" : " open");
    }

    private Path place(RepoLocation location) {
        if (folder == null) {
            return null;
        }
        byte[] of = location.scheme() != null ? location.path() : absolute(location.path());
        byte[] hash = new byte[32];
        Blake3.hasher().hash(of, 0, of.length, hash, 0);
        return folder.resolve("place-" + HexFormat.of().formatHex(hash, 0, 16));
    }

    private static byte[] absolute(byte[] path) {
        try {
            return RawPath.absolute(path);
        } catch (PosixException e) {
            return path;
        }
    }

    private static Set<String> known(Path place) {
        Set<String> known = new TreeSet<>();
        byte[] file = read(place);
        if (file != null) {
            List<String> lines = new String(file, StandardCharsets.ISO_8859_1).lines().toList();
            lines.stream().skip(1).filter(line -> line.matches("[0-9a-f]{32} (encrypted|open)")).forEach(known::add);
        }
        return known;
    }

    private void add(Path place, RepoLocation location, Set<String> known, String line) {
        List<String> lines = new ArrayList<>();
        lines.add(Text.oneLine(location.text()));
        lines.addAll(known);
        lines.add(line);
        write(place, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException none) {
            return null;
        }
    }

    private void write(Path file, byte[] content) {
        try {
            PrivateFolder.make(folder);
            Path fresh = Files.createTempFile(folder, "new", null);
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // no place to remember: what comes next is judged by what the access key holds
        }
    }
}

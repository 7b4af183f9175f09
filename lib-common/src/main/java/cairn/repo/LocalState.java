package cairn.repo;

import cairn.format.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What this machine remembers of a repository between runs: which index files passed their check, and the newest backup
 * of its own key. It goes by the repository's id, not by its path. Losing it costs time, never a byte; only then it
 * cannot be noticed that the storage was put back to an older state.
 *
 * <p>An index file that passed its check is not read whole again: it goes by its name, which is the hash of what was
 * checked. Who can alter the storage afterwards can make the file claim blobs that are nowhere, so that they are not
 * written. That is no more than such a one can do anyway: delete the packs after they were written. Either way the seal
 * of each blob keeps wrong content from being taken for right, and verify, which checks all index files whole, tells.
 */
public final class LocalState {
    private final Path folder;
    private final String id;

    /** @param folder where to keep it; null to remember nothing */
    public LocalState(Path folder, Repository repository) {
        this.folder = folder;
        this.id = repository.id().hex();
    }

    /** Names of index files whose hash and signature were right. */
    Set<Hash> checkedIndexFiles() {
        Set<Hash> checked = new HashSet<>();
        for (String line : read("index-checked")) {
            Hash hash = Hash.parse(line);
            if (hash != null) {
                checked.add(hash);
            }
        }
        return checked;
    }

    void rememberIndexFiles(Set<Hash> checked) {
        write("index-checked", checked.stream().map(Hash::hex).sorted().toList());
    }

    /**
     * Where the chain of a signing key stood last.
     *
     * @param written hash of the newest record, as its writer made it
     * @param stored  what it is called in the storage; null as long as that was not seen
     */
    record Newest(long sequence, Hash written, Hash stored) {
    }

    /** Where the chain of a signing key stood last, or null. */
    Newest newest(byte[] signer) {
        for (String line : read("newest-" + HexFormat.of().formatHex(signer, 0, 8))) {
            String[] parts = line.split(" ");
            Hash written = parts.length == 2 || parts.length == 3 ? Hash.parse(parts[1]) : null;
            if (written == null || !parts[0].matches("[0-9]{1,18}")) {
                continue;
            }
            if (parts.length == 2) {
                return new Newest(Long.parseLong(parts[0]), written, written);
            }
            return new Newest(Long.parseLong(parts[0]), written, Hash.parse(parts[2]));
        }
        return null;
    }

    void rememberNewest(byte[] signer, Newest newest) {
        write("newest-" + HexFormat.of().formatHex(signer, 0, 8),
                List.of(newest.sequence + " " + newest.written.hex() + " " + (newest.stored == null ? "-" : newest.stored.hex())));
    }

    private Path file(String name) {
        return folder.resolve(id + "-" + name);
    }

    private List<String> read(String name) {
        if (folder == null) {
            return List.of();
        }
        try {
            return Files.readAllLines(file(name), StandardCharsets.US_ASCII);
        } catch (IOException none) {
            return List.of();
        }
    }

    private void write(String name, List<String> lines) {
        if (folder == null) {
            return;
        }
        try {
            Path fresh = Files.createTempFile(folder, id, ".new");
            Files.write(fresh, new ArrayList<>(lines), StandardCharsets.US_ASCII);
            Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // no place to remember: the next run does the work again
        }
    }
}

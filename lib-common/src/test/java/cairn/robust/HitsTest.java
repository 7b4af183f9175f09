package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.Envelope;
import cairn.store.MemoryStorage;
import cairn.verify.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a damaged pack only what cannot be read any more counts as hit. */
class HitsTest {
    /** Large enough that none shares a blob with another, small enough that a pack holds several. */
    private static final int SIZE = 40_000;

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();
    private Lab lab;
    private final List<String> packs = new ArrayList<>();

    @BeforeEach
    void backup() throws IOException {
        lab = new Lab(temp);
        for (int i = 0; i < 12; i++) {
            lab.write("f" + i, SIZE, i);
        }
        lab.backup(storage);
        packs.addAll(storage.names("packs/"));
        packs.removeIf(name -> read(name)[Envelope.HEADER] != 1); // those of data
        assertTrue(packs.size() > 2 && packs.size() < 12, packs::toString);
    }

    private byte[] read(String name) {
        try {
            return storage.readAll(name, 1 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aBitThatTurnedInTheHashOfAPackHitsNoFile() throws IOException {
        for (String pack : packs) {
            byte[] whole = read(pack);
            byte[] bytes = whole.clone();
            bytes[bytes.length - Envelope.SIGNED_FOOTER] ^= 1;
            storage.damage(pack, bytes);
            Lab.Judgement judged = lab.verify(storage, true);
            assertEquals(List.of("pack-damaged"), judged.damage().stream().map(Finding::kind).toList());
            assertEquals(List.of(), judged.hit());
            storage.damage(pack, whole);
        }
    }

    @Test
    void aBitThatTurnedInABlobHitsItsFileAlone() throws IOException {
        Set<String> hit = new HashSet<>();
        for (String pack : packs) {
            byte[] whole = read(pack);
            for (int at = 3000; at < whole.length - 3000; at += SIZE) {
                byte[] bytes = whole.clone();
                bytes[at] ^= 1;
                storage.damage(pack, bytes);
                Lab.Judgement judged = lab.verify(storage, true);
                assertEquals(List.of("pack-damaged"), judged.damage().stream().map(Finding::kind).toList());
                assertEquals(1, judged.hit().size(), judged::toString);
                hit.addAll(judged.hit());
            }
            storage.damage(pack, whole);
        }
        assertEquals(12, hit.size(), "each file once");
    }
}

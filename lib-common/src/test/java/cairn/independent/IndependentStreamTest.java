package cairn.independent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Heard;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import cairn.transfer.Streams;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that docs/stream.md says all that a decoder needs: one that was written from it lists what the program sends. */
class IndependentStreamTest {
    @TempDir
    Path temp;

    private Lab lab;

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp);
        lab.fill(1);
        Files.createSymbolicLink(lab.source.resolve("symlink"), Path.of("no/where"));
        Files.createLink(lab.source.resolve("another name"), lab.source.resolve("large/h"));
        Files.createFile(lab.source.resolve("empty"));
        try (RandomAccessFile sparse = new RandomAccessFile(lab.source.resolve("sparse").toFile(), "rw")) {
            sparse.seek(1 << 20);
            sparse.write("in the middle".getBytes(StandardCharsets.US_ASCII));
            sparse.setLength(2 << 20);
        }
    }

    private byte[] plain() throws IOException {
        return Streams.plain(lab, "a host", new Heard());
    }

    @Test
    void aSealedStreamIsFilesOfARepositoryInTheirOrder() throws IOException {
        IndependentStream stream = new IndependentStream(Streams.send(lab, temp));
        assertArrayEquals(TestKeys.full(true).repository().bytes(), stream.repository);
        List<String> names = List.copyOf(stream.files.keySet());
        assertTrue(names.getFirst().matches("sessions/[0-9a-f]{32}-0"), names.getFirst());
        assertTrue(names.getLast().matches("sessions/[0-9a-f]{32}-end"), names.getLast());
        assertTrue(names.get(names.size() - 2).startsWith("backups/"), names + "");
        assertEquals(1, names.stream().filter(name -> name.startsWith("backups/")).count());
        assertTrue(names.stream().filter(name -> name.startsWith("packs/")).count() >= 2, names + "");
        assertTrue(names.stream().anyMatch(name -> name.startsWith("index/")), names + "");
    }

    @Test
    void aPlainStreamTellsPathsContentAndTargets() throws IOException {
        IndependentStream stream = new IndependentStream(plain());
        assertEquals(2, stream.kind);
        assertEquals("a host", stream.host);
        String top = lab.source.toString();
        for (Map.Entry<String, String> file : lab.live().entrySet()) {
            IndependentStream.Entry entry = stream.entries.get(top + "/" + file.getKey());
            assertEquals(1, entry.type, file.getKey());
            assertEquals(file.getValue(), entry.content.toString(StandardCharsets.ISO_8859_1), file.getKey());
        }
        assertEquals("no/where", stream.entries.get(top + "/symlink").target);
        assertEquals(2, stream.entries.get(top + "/small").type);
        assertEquals(2, stream.entries.get("/").type);
        assertFalse(stream.entries.containsKey(""));
    }

    @Test
    void whatWasAlteredIsNoticedByTheDocumentToo() throws IOException {
        byte[] stream = plain();
        stream[stream.length / 2] ^= 1;
        assertThrows(AssertionError.class, () -> new IndependentStream(stream));
    }
}

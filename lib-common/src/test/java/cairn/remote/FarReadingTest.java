package cairn.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.query.TreeWalk;
import cairn.query.Usage;
import cairn.record.RecordFile;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import cairn.stream.Frame;
import cairn.stream.FrameReader;
import cairn.stream.StreamHeader;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads all trees of a far repository fetches its files in few pieces: each request may cost a round trip. */
class FarReadingTest {
    private static final RepositoryId REPOSITORY = TestKeys.full(true).repository();
    private static final int FOLDERS = 300;

    @TempDir
    Path temp;

    private final MemoryStorage storage = new MemoryStorage();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Lab lab;
    private Hash backup;

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp, true, 1);
        for (int i = 0; i < FOLDERS; i++) {
            lab.write("folder" + i + "/file", 20, i);
        }
        backup = lab.backup(storage).record().id();
    }

    /** A conversation in which what the client says is kept. */
    private RemoteStorage open() throws IOException {
        PipeLink link = new PipeLink((in, out) -> new StorageServer(storage, REPOSITORY, null, Message.MAY_WRITE, "test").serve(in, out));
        OutputStream out = new FilterOutputStream(link.out()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                said.write(bytes, offset, length);
                out.write(bytes, offset, length);
            }
        };
        return RemoteStorage.open(link.saying(out), null, 0);
    }

    /** Requests of what may be waited for, since the conversation began. */
    private List<Integer> requests() throws IOException {
        InputStream in = new ByteArrayInputStream(said.toByteArray());
        StreamHeader.read(in, "what was said");
        FrameReader frames = new FrameReader(in, "what was said");
        List<Integer> types = new ArrayList<>();
        for (Frame frame; (frame = frames.next()) != null;) {
            types.add(frame.type());
        }
        return types;
    }

    private void assertFew() throws IOException {
        List<Integer> types = requests();
        int most = 4 * (storage.names("packs/").size() + storage.names("index/").size() + storage.names("backups/").size());
        assertTrue(most < FOLDERS / 2, "the test is too small to tell");
        assertTrue(types.contains(Message.READ), "nothing was read");
        assertTrue(types.size() <= most, types.size() + " requests, " + most + " ought to be enough");
    }

    @Test
    void aWalkThroughAllFolders() throws IOException {
        int found = 0;
        try (Repository repository = lab.open(open())) {
            TreeReader.DirectoryCursor root = repository.trees().root(repository.records().get(backup).head().tree(), null);
            while (root.next()) {
                TreeWalk walk = new TreeWalk(repository.trees(), (Entry.Directory) root.entry(), new byte[0], (path, why) -> { });
                while (walk.next()) {
                    found += walk.entry() instanceof Entry.File ? 1 : 0;
                }
            }
        }
        assertEquals(FOLDERS, found);
        assertFew();
    }

    @Test
    void theSizesOfABackup() throws IOException {
        try (Repository repository = lab.open(open())) {
            List<RecordFile> records = List.of(repository.records().get(backup));
            try (Usage usage = new Usage(repository, records, temp)) {
                usage.run((done, of) -> { });
                assertEquals(0, usage.missing());
                assertTrue(usage.blobs() > FOLDERS, usage.blobs() + " blobs");
            }
        }
        assertFew();
    }

    @Test
    void whatAVerificationFetchesBeforehandIsWhatIsThere() throws IOException {
        for (int i = 0; i < 5; i++) {
            lab.write("more" + i, 100_000, 500 + i);
            lab.backup(storage);
        }
        for (boolean readData : new boolean[] {false, true}) {
            try (RemoteStorage far = open()) {
                assertEquals(List.of(), lab.verify(far, readData).damage());
            }
        }
        String pack = storage.names("packs/").getLast();
        byte[] content = storage.readAll(pack, Integer.MAX_VALUE);
        content[content.length - 200] ^= 1; // of its directory
        storage.damage(pack, content);
        try (RemoteStorage far = open()) {
            assertTrue(lab.verify(far, true).damage().size() > 0);
        }
    }
}

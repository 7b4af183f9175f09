package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.chunk.ChunkParams;
import cairn.format.BlobId;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.hash.Blake3;
import cairn.index.IndexSet;
import cairn.key.KeyChanges;
import cairn.key.KeyFileText;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.mark.Mark;
import cairn.pack.PackReader;
import cairn.record.RecordFile;
import cairn.repo.Repository;
import cairn.session.SessionFile;
import cairn.store.MemoryStorage;
import cairn.store.StoredFile;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import cairn.tree.TreeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Altered files of every kind, their hash made right again so that the parsers behind it are reached: each is read as
 * something that is well formed, or refused with an error for people; no other exception, no hang, no memory without bound.
 * {@code -Dcairn.seed=N -Dcairn.fuzz=100000} for others and for more.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class FuzzTest {
    @TempDir
    Path temp;

    private final Fuzz fuzz = new Fuzz();
    private final Random random = fuzz.random;
    private final MemoryStorage storage = new MemoryStorage();
    private final RepositoryId id = new RepositoryId(1, 2);
    private Lab lab;

    /** All kinds of files, but keys. */
    @BeforeEach
    void repository() throws IOException {
        lab = new Lab(temp, false, 1);
        lab.fill(1);
        for (int i = 0; i < 40; i++) {
            lab.write("names/" + "n".repeat(1 + i) + i, 10 + i, i);
        }
        Hash first = lab.backup(storage).record().id();
        lab.fill(2);
        lab.backup(storage);
        lab.forget(storage, first);
        lab.prune(storage, Duration.ofHours(24));
    }

    private interface Parser {
        void parse(byte[] file, String name) throws IOException;
    }

    private void fuzz(Kind kind, Parser parser) throws IOException {
        List<String> names = storage.names(kind.folder() + "/");
        int refused = 0;
        for (int i = 0; i < Fuzz.ROUNDS; i++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] file = storage.readAll(name, 1 << 30);
            boolean signed = (file[10] & 1) != 0;
            int footer = signed ? Envelope.SIGNED_FOOTER : Envelope.FOOTER;
            byte[] body = fuzz.mutate(Arrays.copyOfRange(file, Envelope.HEADER, file.length - footer));
            byte[] altered = new byte[Envelope.HEADER + body.length + footer];
            System.arraycopy(file, 0, altered, 0, Envelope.HEADER);
            System.arraycopy(body, 0, altered, Envelope.HEADER, body.length);
            System.arraycopy(file, file.length - footer, altered, altered.length - footer, footer);
            Blake3.hasher().hash(altered, 0, altered.length - footer, altered, altered.length - footer);
            refused += Fuzz.refusal(() -> parser.parse(altered, name), kind + " " + name) == null ? 0 : 1;
        }
        assertTrue(refused > Fuzz.ROUNDS / 20, refused + " of " + Fuzz.ROUNDS + " were refused");
    }

    @Test
    void records() throws IOException {
        fuzz(Kind.RECORD, (file, name) -> RecordFile.decode(file, id, null, name).body(null));
    }

    @Test
    void sessions() throws IOException {
        fuzz(Kind.SESSION, (file, name) -> SessionFile.decode(file, id, null, name));
    }

    @Test
    void marks() throws IOException {
        fuzz(Kind.MARK, (file, name) -> Mark.decode(file, id, null, name));
    }

    @Test
    void packs() throws IOException {
        fuzz(Kind.PACK, (file, name) -> {
            Hash hash = Hash.read(file, file.length - Envelope.SIGNED_FOOTER);
            PackReader.check(file, file.length, id, hash, null);
        });
    }

    @Test
    void directoriesOfPacksInAStorage() throws IOException {
        fuzz(Kind.PACK, (file, name) -> {
            MemoryStorage altered = new MemoryStorage();
            altered.write(name, file);
            Hash hash = Hash.parse(name.substring(name.lastIndexOf('/') + 1));
            StoredFile stored = altered.stat(name).orElseThrow();
            PackReader.readDirectory(altered, id, hash, stored);
        });
    }

    @Test
    void indexFiles() throws IOException {
        fuzz(Kind.INDEX, (file, name) -> {
            MemoryStorage altered = new MemoryStorage();
            altered.write(name, file);
            IndexSet index = IndexSet.open(altered, id, IndexSet.FILTER_BUDGET, null);
            for (int i = 0; i < 20; i++) {
                index.locations(new BlobId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
            }
            for (var cursor = index.cursor(); cursor.next();) {
                index.locations(cursor.id());
            }
        });
    }

    /** The pieces of the trees themselves: what a blob's id would have refused before. */
    @Test
    void trees() throws IOException {
        try (Repository repository = lab.open(storage)) {
            BlobId root = repository.records().get(Hash.parse(storage.names("backups/").getLast().substring(8))).head().tree();
            BlobId stat = repository.records().get(Hash.parse(storage.names("backups/").getLast().substring(8))).head().stat();
            int refused = 0;
            for (int i = 0; i < Fuzz.ROUNDS; i++) {
                int bad = random.nextInt(12);
                int[] pieces = new int[1];
                TreeSource source = (kind, blob) -> {
                    TreeSource.Piece piece = repository.pieces().get(kind, blob);
                    return pieces[0]++ == bad ? new TreeSource.Piece(blob, piece.refs(), fuzz.mutate(piece.payload())) : piece;
                };
                refused += Fuzz.refusal(() -> walk(new TreeReader(source), root, stat), "tree, piece " + bad) == null ? 0 : 1;
            }
            assertTrue(refused > Fuzz.ROUNDS / 20, refused + " were refused");
        }
    }

    private static void walk(TreeReader trees, BlobId root, BlobId stat) throws IOException {
        for (TreeReader.DirectoryCursor top = trees.root(root, stat); top.next();) {
            if (top.entry() instanceof Entry.Directory directory) {
                walk(trees, directory, top.stat() == null ? null : top.stat().stat());
            }
        }
    }

    private static void walk(TreeReader trees, Entry.Directory directory, BlobId stat) throws IOException {
        for (TreeReader.DirectoryCursor entries = trees.directory(directory.tree(), stat); entries.next();) {
            switch (entries.entry()) {
                case Entry.Directory below -> walk(trees, below, entries.stat() == null ? null : entries.stat().stat());
                case Entry.File file when !(file.content() instanceof Content.Inline) -> {
                    for (TreeReader.ItemCursor items = trees.items(file); items.next();) {
                        items.item();
                    }
                }
                default -> { }
            }
        }
    }

    @Test
    void keys() throws IOException {
        Lock.KeyFile lock = Lock.KeyFile.random();
        KeyChanges.Change founding = KeyChanges.found(new KeyChanges.Founding(id, ChunkParams.ofAverage(256 << 10), "me", lock, false, new TreeMap<>(), 1));
        byte[] text = KeyFileText.write(id, "me", lock);
        KeyStore.Credentials credentials = new KeyStore.Credentials() {
            @Override
            public byte[] keyFile() {
                return text;
            }

            @Override
            public boolean hasPassword() {
                return false;
            }

            @Override
            public byte[] password(String keyName) {
                throw new AssertionError("nobody to ask");
            }
        };
        int refused = 0;
        for (int i = 0; i < Fuzz.ROUNDS / 5; i++) {
            MemoryStorage altered = new MemoryStorage();
            int bad = random.nextInt(founding.files().size());
            for (int n = 0; n < founding.files().size(); n++) {
                KeyChanges.NewFile file = founding.files().get(n);
                byte[] content = file.content();
                if (n == bad) {
                    int footer = (content[10] & 1) != 0 ? Envelope.SIGNED_FOOTER : Envelope.FOOTER;
                    content = fuzz.mutate(content);
                    if (content.length > Envelope.HEADER + footer) {
                        Blake3.hasher().hash(content, 0, content.length - footer, content, content.length - footer);
                    }
                }
                altered.write(file.name(), content);
            }
            refused += Fuzz.refusal(() -> KeyStore.open(altered, null, credentials, null), founding.files().get(bad).name()) == null ? 0 : 1;
        }
        assertTrue(refused > Fuzz.ROUNDS / 10, refused + " were refused");
    }
}

package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.chunk.ChunkParams;
import cairn.error.CairnException;
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
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    private static final int ROUNDS = Integer.getInteger("cairn.fuzz", 4000);
    /** Far more than any of the small files here needs, far less than a forged length would ask for. */
    private static final long MOST_BYTES = 48L << 20;
    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path temp;

    private final Random random = new Random(Long.getLong("cairn.seed", 1));
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

    private List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        storage.list(folder, file -> names.add(file.name()));
        return names;
    }

    private void fuzz(Kind kind, Parser parser) throws IOException {
        List<String> names = names(kind.folder() + "/");
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] file = storage.readAll(name, 1 << 30);
            boolean signed = (file[10] & 1) != 0;
            int footer = signed ? Envelope.SIGNED_FOOTER : Envelope.FOOTER;
            byte[] body = mutate(Arrays.copyOfRange(file, Envelope.HEADER, file.length - footer));
            byte[] altered = new byte[Envelope.HEADER + body.length + footer];
            System.arraycopy(file, 0, altered, 0, Envelope.HEADER);
            System.arraycopy(body, 0, altered, Envelope.HEADER, body.length);
            System.arraycopy(file, file.length - footer, altered, altered.length - footer, footer);
            Blake3.hasher().hash(altered, 0, altered.length - footer, altered, altered.length - footer);
            refused += parsed(() -> parser.parse(altered, name), kind + " " + name) ? 0 : 1;
        }
        assertTrue(refused > ROUNDS / 20, refused + " of " + ROUNDS + " were refused");
    }

    private interface Parse {
        void run() throws IOException;
    }

    /** Whether it was read; if not, it was refused as it should be. */
    private static boolean parsed(Parse parse, String what) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            parse.run();
            return true;
        } catch (CairnException refused) {
            return false;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new AssertionError(what, e);
        } finally {
            long took = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(took < MOST_BYTES, () -> what + " took " + took + " bytes of memory");
        }
    }

    private byte[] mutate(byte[] from) {
        byte[] bytes = from.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            // beginnings and ends, where the counts and lengths are, more often than the middle
            int span = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 64);
            int at = random.nextBoolean() ? random.nextInt(span) : bytes.length - 1 - random.nextInt(span);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) (random.nextBoolean() ? 0xFF : 0x7F));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> {
                    byte[] longer = new byte[bytes.length + 1 + random.nextInt(12)];
                    System.arraycopy(bytes, 0, longer, 0, at);
                    System.arraycopy(bytes, at, longer, at + longer.length - bytes.length, bytes.length - at);
                    bytes = longer;
                }
                default -> {
                    int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
                    System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
                }
            }
        }
        return bytes;
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
            BlobId root = repository.records().get(Hash.parse(names("backups/").getLast().substring(8))).head().tree();
            BlobId stat = repository.records().get(Hash.parse(names("backups/").getLast().substring(8))).head().stat();
            int refused = 0;
            for (int i = 0; i < ROUNDS; i++) {
                int bad = random.nextInt(12);
                int[] pieces = new int[1];
                TreeSource source = (kind, blob) -> {
                    TreeSource.Piece piece = repository.pieces().get(kind, blob);
                    return pieces[0]++ == bad ? new TreeSource.Piece(blob, piece.refs(), mutate(piece.payload())) : piece;
                };
                refused += parsed(() -> walk(new TreeReader(source), root, stat), "tree, piece " + bad) ? 0 : 1;
            }
            assertTrue(refused > ROUNDS / 20, refused + " were refused");
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
        for (int i = 0; i < ROUNDS / 5; i++) {
            MemoryStorage altered = new MemoryStorage();
            int bad = random.nextInt(founding.files().size());
            for (int n = 0; n < founding.files().size(); n++) {
                KeyChanges.NewFile file = founding.files().get(n);
                byte[] content = file.content();
                if (n == bad) {
                    int footer = (content[10] & 1) != 0 ? Envelope.SIGNED_FOOTER : Envelope.FOOTER;
                    content = mutate(content);
                    if (content.length > Envelope.HEADER + footer) {
                        Blake3.hasher().hash(content, 0, content.length - footer, content, content.length - footer);
                    }
                }
                altered.write(file.name(), content);
            }
            refused += parsed(() -> KeyStore.open(altered, null, credentials, null), founding.files().get(bad).name()) ? 0 : 1;
        }
        assertTrue(refused > ROUNDS / 10, refused + " were refused");
    }
}

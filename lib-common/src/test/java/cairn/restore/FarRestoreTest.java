package cairn.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import cairn.posix.RawString;
import cairn.remote.PipeLink;
import cairn.remote.RemoteStorage;
import cairn.repo.Backup;
import cairn.repo.TestKeys;
import cairn.store.ForwardingStorage;
import cairn.store.MemoryStorage;
import cairn.store.Storage;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A far line is kept busy: what is planned is asked for before what comes first has been answered. */
class FarRestoreTest {
    private static final int FOLDERS = 500;
    /** As many small stretches as are asked for while none is answered. */
    private static final int AHEAD = 150;

    private static final int PACK_NAME = PackFormat.name(Hash.ZERO).length();

    @TempDir
    Path temp;

    @TempDir
    Path elsewhere;

    private final MemoryStorage storage = new MemoryStorage();

    /** Blobs lie in a pack in random order, so half of the files are many stretches. */
    @Test
    @Timeout(300)
    void manySmallStretchesAreAskedForAtOnce() throws Exception {
        try (RestoreFixture near = new RestoreFixture(temp, storage)) {
            Random random = new Random(1);
            for (int i = 0; i < FOLDERS; i++) {
                for (String half : new String[] {"a", "b"}) {
                    byte[] content = new byte[2000];
                    random.nextBytes(content);
                    Path folder = Files.createDirectories(Path.of(RawString.decode(near.source()), half, String.valueOf(i)));
                    Files.write(folder.resolve("file"), content);
                }
            }
            Backup backup = near.backup();
            AtomicInteger asked = new AtomicInteger();
            CountDownLatch enough = new CountDownLatch(1);
            try (RestoreFixture far = new RestoreFixture(elsewhere, open(asked, enough))) {
                Backup there = far.repository.records().open(far.repository.records().get(backup.id()), far.repository.marks());
                RestoreSummary summary = far.restore(there, near.tree.path("source/a"), far.tree.path("out"));
                assertTrue(asked.get() >= AHEAD, asked.get() + " requests");
                assertEquals(FOLDERS, summary.created());
                assertEquals(TreeState.of(near.tree.path("source/a")), TreeState.of(far.tree.path("out")));
            }
        }
    }

    /** A repository that gives no content before enough of it was asked for. */
    private Storage open(AtomicInteger asked, CountDownLatch enough) throws IOException {
        Set<String> data = new HashSet<>();
        for (String name : storage.names("packs/")) {
            if (storage.readAll(name, Integer.MAX_VALUE)[Envelope.HEADER] == PackKind.DATA.code()) {
                data.add(name);
            }
        }
        Storage waiting = new ForwardingStorage(storage) {
            @Override
            public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
                if (data.contains(name)) {
                    try {
                        enough.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                inner.read(name, offset, buffer, start, length);
            }
        };
        PipeLink link = PipeLink.to(waiting, TestKeys.full(true).repository());
        OutputStream to = link.out();
        return RemoteStorage.open(link.saying(new FilterOutputStream(to) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                String said = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
                for (int at = said.indexOf("packs/"); at >= 0; at = said.indexOf("packs/", at + 1)) {
                    if (at + PACK_NAME <= said.length() && data.contains(said.substring(at, at + PACK_NAME)) && asked.incrementAndGet() >= AHEAD) {
                        enough.countDown();
                    }
                }
                to.write(bytes, offset, length);
            }
        }), null, 0);
    }
}

package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveListener;
import cairn.archive.Archiver;
import cairn.archive.PlainEncoder;
import cairn.error.CairnException;
import cairn.pack.Compression;
import cairn.posix.RawString;
import cairn.record.RecordHead;
import cairn.repo.Repository;
import cairn.robust.Lab;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import cairn.stream.Frame;
import cairn.stream.PlainBackup;
import cairn.stream.PlainEntry;
import cairn.stream.PlainFrames;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import cairn.stream.StreamReader;
import cairn.stream.StreamWriter;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams whose frames were altered, with checks and trailer made right again so that what is behind them is reached: each
 * is taken in, or refused with an error for people and without a backup. {@code -Dcairn.seed=N -Dcairn.fuzz=100000} for
 * others and for more.
 */
@Timeout(3600)
class StreamFuzzTest {
    private static final int ROUNDS = Integer.getInteger("cairn.fuzz", 4000);
    /** Far more than any of the small streams here needs, far less than a forged length would ask for. */
    private static final long MOST_BYTES = 48L << 20;
    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path temp;

    private final Random random = new Random(Long.getLong("cairn.seed", 1));
    private Lab lab;

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp, true, 1);
        lab.write("d/one", 700, 1);
        lab.write("d/e/two", 20_000, 2);
        lab.write("three", 10, 3);
        Files.createLink(lab.source.resolve("second name"), lab.source.resolve("d/e/two"));
        Files.createSymbolicLink(lab.source.resolve("link"), Path.of("nothing"));
    }

    private final ArchiveListener quiet = new ArchiveListener() {
        @Override
        public void problem(byte[] path, String message) {
        }

        @Override
        public void leftOut(byte[] path, String reason) {
        }

        @Override
        public void note(String message) {
        }

        @Override
        public void reading(byte[] path) {
        }
    };

    private byte[] plain() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamWriter writer = new StreamWriter(out, new StreamHeader(StreamKind.PLAIN, null));
        byte[] path = RawString.encode(lab.source.toString());
        writer.write(PlainFrames.BACKUP, new PlainBackup("host", "", Archiver.KIND, "test", List.of(path), List.of("tag"), Instant.now()).encode());
        Sources sources = new Sources();
        sources.add(path);
        new PlainEncoder(writer, new ArchiveCounts(), quiet, () -> false).run(visitor -> Walk.run(sources, WalkOptions.DEFAULT, visitor));
        writer.end();
        return out.toByteArray();
    }

    private static StreamReader reader(byte[] stream) throws IOException {
        InputStream in = new ByteArrayInputStream(stream);
        return StreamReader.of(in, StreamHeader.read(in, "the stream"), "the stream");
    }

    private static List<Frame> frames(byte[] stream) throws IOException {
        List<Frame> frames = new ArrayList<>();
        StreamReader in = reader(stream);
        for (Frame frame = in.next(); frame != null; frame = in.next()) {
            frames.add(frame);
        }
        return frames;
    }

    private static byte[] stream(StreamHeader header, List<Frame> frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamWriter writer = new StreamWriter(out, header);
        for (Frame frame : frames) {
            writer.write(frame.type(), frame.payload());
        }
        writer.end();
        return out.toByteArray();
    }

    /** One or a few frames altered, missing, doubled, exchanged, or of another type. */
    private List<Frame> alter(List<Frame> from) {
        List<Frame> frames = new ArrayList<>(from);
        for (int i = random.nextInt(3); i >= 0 && !frames.isEmpty(); i--) {
            int at = random.nextInt(frames.size());
            Frame frame = frames.get(at);
            switch (random.nextInt(8)) {
                case 0 -> frames.remove(at);
                case 1 -> frames.add(random.nextInt(frames.size() + 1), frame);
                case 2 -> frames.set(at, frames.set(random.nextInt(frames.size()), frame));
                case 3 -> frames.set(at, new Frame(frames.get(random.nextInt(frames.size())).type(), 0, frame.payload()));
                default -> frames.set(at, new Frame(frame.type(), 0, mutate(frame.payload())));
            }
        }
        return frames;
    }

    private byte[] mutate(byte[] from) {
        byte[] bytes = from.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            int span = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 48);
            int at = random.nextBoolean() ? random.nextInt(span) : bytes.length - 1 - random.nextInt(span);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) (random.nextBoolean() ? 0xFF : 0x7F));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                default -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(12));
            }
        }
        return bytes;
    }

    private interface Decoder {
        void decode(byte[] stream) throws IOException;
    }

    private void fuzz(byte[] stream, int rounds, Decoder decoder) throws IOException {
        decoder.decode(stream);
        StreamHeader header = reader(stream).header();
        List<Frame> frames = frames(stream);
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] altered = random.nextInt(8) == 0 ? mutate(stream) : stream(header, alter(frames));
            if (altered.length == 0) {
                continue; // that nothing came is told by who looks for a header
            }
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                decoder.decode(altered);
            } catch (CairnException asItShould) {
                refused++;
            } catch (IOException | RuntimeException | StackOverflowError e) {
                throw new AssertionError("round " + i, e);
            }
            long took = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(took < MOST_BYTES, "round " + i + " took " + took + " bytes of memory");
        }
        assertTrue(refused > rounds / 4, refused + " of " + rounds + " were refused");
    }

    private static void list(byte[] stream) throws IOException {
        StreamContents.read(reader(stream), new StreamContents.Listener() {
            @Override
            public void file(String name, long bytes, int blobs) {
            }

            @Override
            public void record(RecordHead head) {
            }

            @Override
            public void backup(PlainBackup backup) {
            }

            @Override
            public void entry(PlainEntry entry) {
            }

            @Override
            public void link(byte[] path, byte[] target) {
            }

            @Override
            public void problem(byte[] path, String message) {
            }
        });
    }

    private static long backups(MemoryStorage storage) {
        List<String> names = new ArrayList<>();
        storage.list("backups/", file -> names.add(file.name()));
        return names.size();
    }

    @Test
    void listingsOfPlainStreams() throws IOException {
        fuzz(plain(), ROUNDS, StreamFuzzTest::list);
    }

    @Test
    void listingsOfSealedStreams() throws IOException {
        fuzz(Streams.send(lab, temp), ROUNDS / 10, StreamFuzzTest::list);
    }

    @Test
    void plainStreamsAreReceivedOrMakeNoBackup() throws IOException {
        fuzz(plain(), ROUNDS / 40, stream -> {
            MemoryStorage storage = new MemoryStorage();
            try (Repository repository = lab.open(new LastingStorage(storage))) {
                new PlainReceiver(repository, new ArchiveCounts(), quiet, () -> false, temp.resolve("scratch"), RawString.encode(temp.toString()), 1)
                        .receive(reader(stream), Compression.AUTO);
            } catch (CairnException refused) {
                assertEquals(0, backups(storage));
                throw refused;
            }
            assertEquals(1, backups(storage));
        });
    }

    @Test
    void sealedStreamsAreReceivedOrMakeNoBackup() throws IOException {
        fuzz(Streams.send(lab, temp), ROUNDS / 40, stream -> {
            MemoryStorage storage = new MemoryStorage();
            try {
                Streams.receive(stream, storage);
            } catch (CairnException refused) {
                assertEquals(0, backups(storage));
                throw refused;
            }
            assertEquals(1, backups(storage));
        });
    }
}

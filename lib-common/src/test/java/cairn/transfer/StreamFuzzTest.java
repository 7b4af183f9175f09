package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.ArchiveCounts;
import cairn.archive.Heard;
import cairn.error.CairnException;
import cairn.record.RecordHead;
import cairn.robust.Fuzz;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import cairn.stream.Frame;
import cairn.stream.PlainBackup;
import cairn.stream.PlainEntry;
import cairn.stream.StreamHeader;
import cairn.stream.StreamReader;
import cairn.stream.StreamWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    @TempDir
    Path temp;

    private final Fuzz fuzz = new Fuzz();
    private final Random random = fuzz.random;
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

    private static List<Frame> frames(byte[] stream) throws IOException {
        List<Frame> frames = new ArrayList<>();
        StreamReader in = Streams.reader(stream);
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
                default -> frames.set(at, new Frame(frame.type(), 0, fuzz.mutate(frame.payload())));
            }
        }
        return frames;
    }

    private interface Decoder {
        void decode(byte[] stream) throws IOException;
    }

    private void fuzz(byte[] stream, int rounds, Decoder decoder) throws IOException {
        decoder.decode(stream);
        StreamHeader header = Streams.reader(stream).header();
        List<Frame> frames = frames(stream);
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] altered = random.nextInt(8) == 0 ? fuzz.mutate(stream) : stream(header, alter(frames));
            if (altered.length == 0) {
                continue; // that nothing came is told by who looks for a header
            }
            refused += Fuzz.refusal(() -> decoder.decode(altered), "round " + i) == null ? 0 : 1;
        }
        assertTrue(refused > rounds / 4, refused + " of " + rounds + " were refused");
    }

    private static void list(byte[] stream) throws IOException {
        StreamContents.read(Streams.reader(stream), new StreamContents.Listener() {
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

    @Test
    void listingsOfPlainStreams() throws IOException {
        fuzz(Streams.plain(lab, "host", new Heard()), Fuzz.ROUNDS, StreamFuzzTest::list);
    }

    @Test
    void listingsOfSealedStreams() throws IOException {
        fuzz(Streams.send(lab, temp), Fuzz.ROUNDS / 10, StreamFuzzTest::list);
    }

    @Test
    void plainStreamsAreReceivedOrMakeNoBackup() throws IOException {
        fuzz(Streams.plain(lab, "host", new Heard()), Fuzz.ROUNDS / 40, stream -> {
            MemoryStorage storage = new MemoryStorage();
            try {
                Streams.receivePlain(lab, stream, storage, new ArchiveCounts(), new Heard());
            } catch (CairnException refused) {
                assertEquals(0, storage.names("backups/").size());
                throw refused;
            }
            assertEquals(1, storage.names("backups/").size());
        });
    }

    @Test
    void sealedStreamsAreReceivedOrMakeNoBackup() throws IOException {
        fuzz(Streams.send(lab, temp), Fuzz.ROUNDS / 40, stream -> {
            MemoryStorage storage = new MemoryStorage();
            try {
                Streams.receive(stream, storage);
            } catch (CairnException refused) {
                assertEquals(0, storage.names("backups/").size());
                throw refused;
            }
            assertEquals(1, storage.names("backups/").size());
        });
    }
}

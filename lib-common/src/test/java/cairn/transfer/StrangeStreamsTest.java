package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import cairn.error.CairnException;
import cairn.format.ByteReader;
import cairn.format.DamagedException;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import cairn.stream.Frame;
import cairn.stream.PlainBackup;
import cairn.stream.PlainEnd;
import cairn.stream.PlainEntry;
import cairn.stream.StreamHeader;
import cairn.stream.StreamReader;
import cairn.stream.StreamWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strange streams leave behind, one after the other in one repository; {@link StreamFuzzTest} has many more of them. */
class StrangeStreamsTest {
    private static final int SEALED_TRIES = 80;

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

    /** Changes one thing or a few. */
    private static byte[] mutate(byte[] stream, Random random) throws IOException {
        List<Frame> frames = frames(stream);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(frames.size());
            Frame frame = frames.get(at);
            switch (random.nextInt(6)) {
                case 0 -> frames.remove(at);
                case 1 -> frames.add(random.nextInt(frames.size()), frame);
                case 2 -> frames.set(at, new Frame(random.nextInt(2, 48), 0, frame.payload()));
                case 3 -> frames.set(at, new Frame(frame.type(), 0, Arrays.copyOf(frame.payload(), random.nextInt(frame.payload().length + 2))));
                default -> {
                    byte[] payload = frame.payload().clone();
                    if (payload.length > 0) {
                        payload[random.nextInt(Math.min(payload.length, 64))] = (byte) random.nextInt();
                    }
                    frames.set(at, new Frame(frame.type(), 0, payload));
                }
            }
            if (frames.isEmpty()) {
                break;
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamWriter writer = new StreamWriter(out, reader(stream).header());
        for (Frame frame : frames) {
            writer.write(frame.type(), frame.payload());
        }
        writer.end();
        return out.toByteArray();
    }

    private interface Receiver {
        void receive(byte[] stream) throws IOException;
    }

    private static void tries(int count, byte[] stream, Receiver receiver) throws IOException {
        for (int seed = 0; seed < count; seed++) {
            byte[] bad = mutate(stream, new Random(seed));
            try {
                receiver.receive(bad);
            } catch (CairnException clear) {
                assertTrue(clear.getMessage().length() > 5);
            } catch (RuntimeException | Error e) {
                fail("seed " + seed, e);
            }
        }
    }

    @Test
    void sealedStreamsThatNobodyWroteLeaveTheRepositoryGood(@TempDir Path temp) throws IOException {
        Lab lab = new Lab(temp, true, 1);
        lab.fill(1);
        byte[] stream = Streams.send(lab, temp);
        MemoryStorage storage = new MemoryStorage();
        tries(SEALED_TRIES, stream, bad -> Streams.receive(bad, storage));
        assertEquals(List.of(), lab.verify(storage, true).damage());
        Received good = Streams.receive(stream, storage);
        assertEquals(lab.live(), lab.readBack(storage, good.id()));
    }

    private interface Decoder {
        void decode(ByteReader in) throws DamagedException;
    }

    private static void refusesInPeace(byte[] bytes, Decoder decoder) {
        try {
            decoder.decode(new ByteReader(bytes, "it"));
        } catch (DamagedException expected) {
            assertTrue(expected.getMessage().startsWith("it "));
        }
    }

    @Property(tries = 500, seed = "1")
    void decodersTakeArbitraryBytes(@ForAll @Size(max = 200) byte[] bytes) {
        refusesInPeace(bytes, PlainEntry::decode);
        refusesInPeace(bytes, PlainBackup::decode);
        refusesInPeace(bytes, PlainEnd::decode);
    }
}

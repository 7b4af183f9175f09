package cairn.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.format.Bytes;
import cairn.format.RepositoryId;
import cairn.format.TooNewException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Frames come through as they were written, or are refused by name. */
class FramesTest {
    private static final RepositoryId REPOSITORY = new RepositoryId(1, 2);
    private static final String WHAT = "the stream";

    private static byte[] stream(byte[]... payloads) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamWriter writer = new StreamWriter(out, new StreamHeader(StreamKind.SEALED, REPOSITORY));
        for (byte[] payload : payloads) {
            writer.write(20, payload);
        }
        writer.end();
        assertEquals(out.size(), writer.written());
        return out.toByteArray();
    }

    private static List<byte[]> read(byte[] stream) throws IOException {
        InputStream in = new ByteArrayInputStream(stream);
        StreamHeader header = StreamHeader.read(in, WHAT);
        assertNotNull(header);
        StreamReader reader = StreamReader.of(in, header, WHAT);
        List<byte[]> payloads = new ArrayList<>();
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            payloads.add(frame.payload());
        }
        return payloads;
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void framesOfEverySizeComeThrough() throws IOException {
        byte[][] payloads = {{}, {1}, random(StreamFormat.USUAL, 1), random(2 * StreamFormat.USUAL, 2), random(StreamFormat.MOST, 3), {}, random(1000, 4)};
        List<byte[]> back = read(stream(payloads));
        assertEquals(payloads.length, back.size());
        for (int i = 0; i < payloads.length; i++) {
            assertArrayEquals(payloads[i], back.get(i));
        }
        assertThrows(IllegalArgumentException.class, () -> stream(new byte[StreamFormat.MOST + 1]));
    }

    @Test
    void nothingBehindTheTrailerIsTouched() throws IOException {
        byte[] one = stream(random(100, 1));
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.write(one);
        two.write(stream(random(100, 2)));
        InputStream in = new ByteArrayInputStream(two.toByteArray());
        for (int i = 1; i <= 2; i++) {
            StreamReader reader = StreamReader.of(in, StreamHeader.read(in, WHAT), WHAT);
            assertArrayEquals(random(100, i), reader.next().payload());
            assertNull(reader.next());
            assertEquals(one.length, reader.position());
        }
        assertNull(StreamHeader.read(in, WHAT));
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        byte[] whole = stream(random(10, 1), random(20, 2));
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            String message = assertThrows(StreamException.class, () -> read(cut)).getMessage();
            assertEquals("the stream is cut off after " + length + " bytes", message);
        }
    }

    @Test
    void everyFlippedBitIsNoticed() throws IOException {
        byte[] whole = stream(random(10, 1), random(20, 2));
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(CairnException.class, () -> read(flipped), "bit " + bit);
        }
    }

    @Test
    void framesThatChangedPlacesOrComeTwiceOrAreMissingAreNoticed() throws IOException {
        byte[] whole = stream(random(10, 1), random(10, 2), random(10, 3));
        int frame = StreamFormat.FRAME_HEADER + 10 + StreamFormat.CHECK;
        byte[] swapped = whole.clone();
        System.arraycopy(whole, 32, swapped, 32 + frame, frame);
        System.arraycopy(whole, 32 + frame, swapped, 32, frame);
        assertTrue(assertThrows(StreamException.class, () -> read(swapped)).getMessage().contains("is not in order"));
        byte[] missing = new byte[whole.length - frame];
        System.arraycopy(whole, 0, missing, 0, 32);
        System.arraycopy(whole, 32 + frame, missing, 32, missing.length - 32);
        assertTrue(assertThrows(StreamException.class, () -> read(missing)).getMessage().contains("is not in order"));
        byte[] twice = new byte[whole.length + frame];
        System.arraycopy(whole, 0, twice, 0, 32 + frame);
        System.arraycopy(whole, 32, twice, 32 + frame, whole.length - 32);
        assertTrue(assertThrows(StreamException.class, () -> read(twice)).getMessage().contains("is not in order"));
    }

    @Test
    void aFrameThatWasReplacedByAGoodOneIsNoticedByTheTrailer() throws IOException {
        byte[] whole = stream(random(10, 1));
        whole[32 + StreamFormat.FRAME_HEADER] ^= 1;
        CRC32C check = new CRC32C();
        check.update(whole, 32, StreamFormat.FRAME_HEADER + 10);
        Bytes.putInt(whole, 32 + StreamFormat.FRAME_HEADER + 10, (int) check.getValue());
        assertTrue(assertThrows(StreamException.class, () -> read(whole)).getMessage().contains("it was altered"));
    }

    @Test
    void aLengthThatIsMadeUpTakesNoMemory() throws IOException {
        byte[] frame = new byte[StreamFormat.FRAME_HEADER];
        frame[0] = 20;
        Bytes.putInt(frame, 5, Integer.MAX_VALUE);
        assertTrue(assertThrows(StreamException.class, () -> new FrameReader(new ByteArrayInputStream(frame), WHAT).next()).getMessage()
                .contains("is damaged at byte 0"));
    }

    @Test
    void whatIsNoStreamAndWhatIsTooNewAreToldApart() {
        byte[] text = "drwxr-xr-x 2 root root and so on and so forth".getBytes(StandardCharsets.US_ASCII);
        assertEquals("the stream is no stream of cairn", assertThrows(CairnException.class, () -> read(text)).getMessage());
        byte[] newer = new StreamHeader(StreamKind.PLAIN, null).encode();
        newer[8] = 2;
        assertThrows(TooNewException.class, () -> read(newer));
    }

    @Test
    void aConversationGoesBothWaysWithoutATrailer() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new StreamHeader(StreamKind.CONVERSATION, REPOSITORY).write(out);
        FrameWriter writer = new FrameWriter(out);
        writer.write(64, 7, new byte[] {1, 2});
        writer.write(64, -1, new byte[0]);
        assertEquals(StreamFormat.HEADER, out.size(), "frames are collected");
        writer.flush();
        InputStream in = new ByteArrayInputStream(out.toByteArray());
        assertEquals(new StreamHeader(StreamKind.CONVERSATION, REPOSITORY), StreamHeader.read(in, WHAT));
        FrameReader reader = new FrameReader(in, WHAT);
        Frame first = reader.next();
        assertEquals(7, first.number());
        assertArrayEquals(new byte[] {1, 2}, first.payload());
        assertEquals(-1, reader.next().number());
        assertNull(reader.next());
    }

    @Property(tries = 300, seed = "1")
    void arbitraryBytesBehindAHeaderAreRefusedInPeace(@ForAll @Size(max = 4096) byte[] bytes, @ForAll @IntRange(min = 1, max = 2) int kind) throws IOException {
        byte[] stream = Arrays.copyOf(new StreamHeader(kind == 1 ? StreamKind.SEALED : StreamKind.PLAIN, kind == 1 ? REPOSITORY : null).encode(), 32
                + bytes.length);
        System.arraycopy(bytes, 0, stream, 32, bytes.length);
        assertThrows(StreamException.class, () -> read(stream));
    }
}

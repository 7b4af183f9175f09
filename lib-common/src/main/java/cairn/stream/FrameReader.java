package cairn.stream;

import cairn.format.Bytes;
import cairn.hash.Blake3;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads frames; {@link StreamFormat} has the grammar. Memory is bounded by one frame, and is only taken when as many
 * bytes have arrived. For one thread. The stream below belongs to the caller, who has read the header and closes it.
 */
public final class FrameReader {
    /** Bytes that are read before more memory is taken for a payload. */
    private static final int STEP = StreamFormat.USUAL;

    private final InputStream in;
    private final String what;
    private final Blake3 running;
    private final CRC32C check = new CRC32C();
    private final byte[] head = new byte[StreamFormat.FRAME_HEADER];
    private final byte[] foot = new byte[StreamFormat.CHECK];
    private long position;

    /** @param what the stream, for messages, such as "the stream" */
    public FrameReader(InputStream in, String what) {
        this(in, what, null, 0);
    }

    /**
     * @param running  hears of all bytes, but for those of a trailer; or null
     * @param position how many bytes of the stream were read before, for messages
     */
    FrameReader(InputStream in, String what, Blake3 running, long position) {
        this.in = in;
        this.what = what;
        this.running = running;
        this.position = position;
    }

    /**
     * The next frame; waits for it.
     *
     * @return null if the input ends between two frames
     * @throws StreamException if it ends within one, or the frame is damaged
     */
    public Frame next() throws IOException {
        int got = in.readNBytes(head, 0, head.length);
        if (got == 0) {
            return null;
        }
        long start = position;
        position += got;
        if (got < head.length) {
            throw cutOff();
        }
        int type = head[0] & 0xFF;
        int length = Bytes.getInt(head, 5);
        if (length < 0 || length > StreamFormat.MOST) {
            throw damaged(start);
        }
        byte[] payload = payload(length);
        got = in.readNBytes(foot, 0, foot.length);
        position += got;
        if (got < foot.length) {
            throw cutOff();
        }
        check.reset();
        check.update(head);
        check.update(payload);
        if ((int) check.getValue() != Bytes.getInt(foot, 0)) {
            throw damaged(start);
        }
        if (running != null && type != StreamFormat.END) {
            running.update(head).update(payload).update(foot);
        }
        return new Frame(type, Bytes.getInt(head, 1), payload);
    }

    /** A length that is made up costs what was really sent, and no more. */
    private byte[] payload(int length) throws IOException {
        byte[] payload = new byte[Math.min(length, STEP)];
        int filled = 0;
        while (filled < length) {
            if (filled == payload.length) {
                payload = Arrays.copyOf(payload, (int) Math.min(length, payload.length * 4L));
            }
            int got = in.readNBytes(payload, filled, payload.length - filled);
            position += got;
            filled += got;
            if (filled < payload.length) {
                throw cutOff();
            }
        }
        return payload;
    }

    /** Bytes of the stream that were read so far. */
    public long position() {
        return position;
    }

    StreamException cutOff() {
        return new StreamException(what, "is cut off after " + position + " bytes");
    }

    private StreamException damaged(long start) {
        return new StreamException(what, "is damaged at byte " + start);
    }
}

package cairn.stream;

import cairn.format.Bytes;
import cairn.hash.Blake3;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Writes frames; {@link StreamFormat} has the grammar. They are collected and written when enough are together, or at
 * {@link #flush}. For any number of threads: each frame is whole. The stream below belongs to the caller, who writes the
 * header and closes it.
 */
public final class FrameWriter {
    private final OutputStream out;
    private final Blake3 running;
    private final CRC32C check = new CRC32C();
    private final byte[] buffer = new byte[2 * StreamFormat.USUAL];
    private int used;
    private long written;

    public FrameWriter(OutputStream out) {
        this(out, null);
    }

    /** @param running hears of all bytes, as the hash of a trailer needs it; or null */
    FrameWriter(OutputStream out, Blake3 running) {
        this.out = out;
        this.running = running;
    }

    public void write(int type, int number, byte[] payload) throws IOException {
        write(type, number, payload, 0, payload.length);
    }

    /** @param length at most {@link StreamFormat#MOST} */
    public synchronized void write(int type, int number, byte[] payload, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, payload.length);
        if (length > StreamFormat.MOST || type < 0 || type > 0xFF) {
            throw new IllegalArgumentException("a frame of type " + type + " and " + length + " bytes");
        }
        int whole = StreamFormat.FRAME_HEADER + length + StreamFormat.CHECK;
        if (whole > buffer.length - used) {
            push();
        }
        int start = used;
        buffer[used] = (byte) type;
        Bytes.putInt(buffer, used + 1, number);
        Bytes.putInt(buffer, used + 5, length);
        used += StreamFormat.FRAME_HEADER;
        check.reset();
        check.update(buffer, start, StreamFormat.FRAME_HEADER);
        check.update(payload, offset, length);
        if (whole <= buffer.length - start) {
            System.arraycopy(payload, offset, buffer, used, length);
            used += length;
        } else {
            push();
            pass(payload, offset, length);
        }
        Bytes.putInt(buffer, used, (int) check.getValue());
        used += StreamFormat.CHECK;
    }

    /** Hands on all frames so far, to the end of the way. */
    public synchronized void flush() throws IOException {
        push();
        out.flush();
    }

    /** Bytes of all frames so far. */
    public synchronized long written() {
        return written + used;
    }

    /** Makes sure that {@link #running} has heard of all frames so far. */
    synchronized void push() throws IOException {
        int length = used;
        used = 0;
        if (length > 0) {
            pass(buffer, 0, length);
        }
    }

    private void pass(byte[] bytes, int offset, int length) throws IOException {
        if (running != null) {
            running.update(bytes, offset, length);
        }
        written += length;
        out.write(bytes, offset, length);
    }
}

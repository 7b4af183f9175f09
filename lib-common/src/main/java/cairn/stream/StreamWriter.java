package cairn.stream;

import cairn.hash.Blake3;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a stream that goes one way: header, numbered frames, trailer. One that is not {@linkplain #end ended} has no
 * trailer and makes no backup. For any number of threads; the stream below belongs to the caller.
 */
public final class StreamWriter {
    private final Blake3 running = Blake3.hasher();
    private final FrameWriter frames;
    private int number;

    public StreamWriter(OutputStream out, StreamHeader header) throws IOException {
        byte[] bytes = header.encode();
        running.update(bytes);
        out.write(bytes);
        frames = new FrameWriter(out, running);
    }

    public void write(int type, byte[] payload) throws IOException {
        write(type, payload, 0, payload.length);
    }

    public synchronized void write(int type, byte[] payload, int offset, int length) throws IOException {
        frames.write(type, number++, payload, offset, length);
    }

    /** Writes the trailer and flushes: all that was written counts. */
    public synchronized void end() throws IOException {
        frames.push();
        byte[] hash = running.digest();
        frames.write(StreamFormat.END, number, hash);
        frames.flush();
    }

    /** Bytes of the stream so far. */
    public long written() {
        return StreamFormat.HEADER + frames.written();
    }
}

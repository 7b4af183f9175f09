package cairn.stream;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.hash.Blake3;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads a stream that goes one way. What it hands out may be acted on, but counts only when {@link #next} has returned
 * null: then the trailer was there and right. For one thread; the stream below belongs to the caller, and is left right
 * behind the trailer.
 */
public final class StreamReader {
    private final String what;
    private final StreamHeader header;
    private final Blake3 running = Blake3.hasher();
    private final FrameReader frames;
    private int number;
    private boolean ended;

    private StreamReader(InputStream in, StreamHeader header, String what) {
        this.what = what;
        this.header = header;
        running.update(header.encode());
        this.frames = new FrameReader(in, what, running, StreamFormat.HEADER);
    }

    /**
     * Begins to read a stream.
     *
     * @param header what was read already
     * @param what   the stream, for messages, such as "the stream"
     */
    public static StreamReader of(InputStream in, StreamHeader header, String what) throws CairnException {
        if (header.kind() == StreamKind.CONVERSATION) {
            throw new CairnException(ExitCode.FAILED, what + " is one side of a conversation, which is no backup by itself",
                    "'cairn send --to' and 'cairn receive --stdio' talk to each other");
        }
        return new StreamReader(in, header, what);
    }

    public StreamHeader header() {
        return header;
    }

    /**
     * The next frame.
     *
     * @return null after a good trailer
     * @throws StreamException if the stream is cut off, damaged, or not in the order in which it was written
     */
    public Frame next() throws IOException {
        if (ended) {
            return null;
        }
        Frame frame = frames.next();
        if (frame == null) {
            throw frames.cutOff();
        }
        if (frame.number() != number) {
            throw new StreamException(what, "is not in order: frame " + Integer.toUnsignedString(frame.number()) + " stands where frame "
                    + Integer.toUnsignedString(number) + " belongs");
        }
        number++;
        if (frame.type() == StreamFormat.END) {
            if (!Arrays.equals(frame.payload(), running.digest())) {
                throw new StreamException(what, "does not have the hash that it ends with: it was altered");
            }
            ended = true;
            return null;
        }
        return frame;
    }

    /** Bytes of the stream that were read so far. */
    public long position() {
        return frames.position();
    }

    /** That what a frame says makes no sense. @param how continues the sentence "the stream ..." */
    public StreamException wrong(String how) {
        return new StreamException(what, how);
    }
}

package cairn.transfer;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.stream.Frame;
import cairn.stream.SealedFrames;
import cairn.stream.StreamReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Puts files together from the frames of a sealed stream; {@link SealedFrames} has the grammar. One file is in memory at
 * a time, up to the size that its kind may have.
 */
final class ArrivingFile {
    private final StreamReader in;
    private final Limits limits;
    private final ByteWriter content = new ByteWriter(1 << 16);
    private Kind kind;
    private boolean any;

    /** The most bytes that a file may have. */
    interface Limits {
        int most(Kind kind);
    }

    /** Takes what arrives. */
    interface Sink {
        /** The older backup that the stream relies on, by the hash of its record as its writer made it. */
        void base(Hash written) throws IOException;

        /** @param file holds the file from 0 to {@code length}; valid until this returns */
        void file(Kind kind, String name, byte[] file, int length) throws IOException;
    }

    ArrivingFile(StreamReader in, Limits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** Reads the stream to its trailer. */
    void readAll(Sink sink) throws IOException {
        for (Frame frame = in.next(); frame != null; frame = in.next()) {
            take(frame, sink);
        }
        if (kind != null) {
            throw in.wrong("ends in the middle of a file");
        }
    }

    private void take(Frame frame, Sink sink) throws IOException {
        switch (frame.type()) {
            case SealedFrames.BASE -> {
                ByteReader reader = frame.reader("the stream");
                if (any) {
                    throw in.wrong("names what it relies on too late");
                }
                sink.base(reader.hash());
                reader.end();
            }
            case SealedFrames.FILE -> {
                kind = frame.payload().length == 1 && kind == null ? kind(frame.payload()[0]) : null;
                any = true;
                content.clear();
                if (kind == null) {
                    throw in.wrong("holds a file of a kind that does not travel in streams");
                }
            }
            case SealedFrames.DATA -> {
                if (kind == null || frame.payload().length > limits.most(kind) - content.size()) {
                    throw in.wrong(kind == null ? "holds bytes of no file" : "holds a larger file than any for " + kind.folder() + "/ can be");
                }
                content.bytes(frame.payload());
            }
            case SealedFrames.FILE_END -> {
                if (kind == null) {
                    throw in.wrong("ends a file that it did not begin");
                }
                ByteReader reader = frame.reader("the stream");
                String name = new String(reader.string(), StandardCharsets.ISO_8859_1);
                reader.end();
                Kind of = kind;
                kind = null;
                sink.file(of, name, content.array(), content.size());
            }
            case SealedFrames.FILE_DROP -> kind = null;
            default -> throw in.wrong("holds a frame of the type " + frame.type() + ", which this version does not know");
        }
    }

    private static Kind kind(byte code) {
        for (Kind known : SealedFrames.KINDS) {
            if (known.code() == code) {
                return known;
            }
        }
        return null;
    }
}

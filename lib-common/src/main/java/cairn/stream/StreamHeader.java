package cairn.stream;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.format.TooNewException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * The first 32 bytes of a stream; {@link StreamFormat} has the grammar.
 *
 * @param repository null in a plain stream
 */
public record StreamHeader(StreamKind kind, RepositoryId repository) {
    private static final int KIND = 9;
    private static final int REPOSITORY = 12;

    public StreamHeader {
        if ((kind == StreamKind.PLAIN) != (repository == null)) {
            throw new IllegalArgumentException("a stream is of a repository unless it is plain");
        }
    }

    /** Written out, because the JDK would derive it anew at each start. */
    @Override
    public boolean equals(Object o) {
        return o instanceof StreamHeader other && kind == other.kind && Objects.equals(repository, other.repository);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, repository);
    }

    public byte[] encode() {
        byte[] header = Arrays.copyOf(StreamFormat.MAGIC, StreamFormat.HEADER);
        header[StreamFormat.MAGIC.length] = StreamFormat.VERSION;
        header[KIND] = (byte) kind.code();
        if (repository != null) {
            repository.write(header, REPOSITORY);
        }
        return header;
    }

    public void write(OutputStream out) throws IOException {
        out.write(encode());
    }

    /**
     * Reads a header.
     *
     * @param what the stream, for messages
     * @return null if the input is at its end
     */
    public static StreamHeader read(InputStream in, String what) throws IOException {
        byte[] header = in.readNBytes(StreamFormat.HEADER);
        return header.length == 0 ? null : decode(header, what);
    }

    static StreamHeader decode(byte[] header, String what) throws CairnException {
        int magic = StreamFormat.MAGIC.length;
        int same = Arrays.mismatch(header, StreamFormat.MAGIC);
        if (same >= 0 && same < Math.min(magic, header.length)) {
            throw new CairnException(ExitCode.FAILED, what + " is no stream of cairn", "streams are made by 'cairn send'");
        }
        if (header.length < StreamFormat.HEADER) {
            throw new StreamException(what, "is cut off after " + header.length + " bytes");
        }
        int version = header[magic] & 0xFF;
        if (version > StreamFormat.VERSION) {
            throw new TooNewException(what, version, StreamFormat.VERSION);
        }
        StreamKind kind = StreamKind.of(header[KIND] & 0xFF);
        boolean zeros = header[10] == 0 && header[11] == 0 && Arrays.equals(header, 28, 32, new byte[4], 0, 4);
        boolean foreign = kind != StreamKind.PLAIN
                || Arrays.equals(header, REPOSITORY, REPOSITORY + RepositoryId.BYTES, new byte[RepositoryId.BYTES], 0, RepositoryId.BYTES);
        if (version < 1 || kind == null || !zeros || !foreign) {
            throw new StreamException(what, "has a damaged header");
        }
        return new StreamHeader(kind, kind == StreamKind.PLAIN ? null : RepositoryId.read(header, REPOSITORY));
    }
}

package cairn.remote;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.store.AlreadyStoredException;
import cairn.store.NotStoredException;
import cairn.store.OversizeException;
import cairn.store.StorageException;
import cairn.store.TruncatedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * How an answer tells of a failure, so that the client throws what the storage there threw.
 *
 * <pre>
 * code u8   1 not stored: name    2 already stored: name
 *           3 truncated: name, needed varint, size varint
 *           4 oversize: name, size varint, limit varint
 *           5 any other: exit status u8, message, remedy (empty if there is none)
 * </pre>
 *
 * Names and texts are strings, texts in UTF-8.
 */
final class RemoteError {
    private static final int NOT_STORED = 1;
    private static final int ALREADY_STORED = 2;
    private static final int TRUNCATED = 3;
    private static final int OVERSIZE = 4;
    private static final int OTHER = 5;
    private static final int LONGEST = 4096;

    private RemoteError() {
    }

    static byte[] encode(Throwable e) {
        ByteWriter out = new ByteWriter();
        switch (e) {
            case NotStoredException missing -> text(out.u8(NOT_STORED), missing.name());
            case AlreadyStoredException there -> text(out.u8(ALREADY_STORED), there.name());
            case TruncatedException cut -> text(out.u8(TRUNCATED), cut.name()).varint(cut.needed()).varint(cut.size());
            case OversizeException large -> text(out.u8(OVERSIZE), large.name()).varint(large.size()).varint(large.limit());
            case CairnException known -> other(out, known.exitCode(), known.getMessage(), known.remedy());
            default -> other(out, ExitCode.FAILED, e.getMessage() == null ? e.toString() : e.getMessage(), null);
        }
        return out.toBytes();
    }

    private static void other(ByteWriter out, ExitCode code, String message, String remedy) {
        text(text(out.u8(OTHER).u8(code.status()), message), remedy == null ? "" : remedy);
    }

    private static ByteWriter text(ByteWriter out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return out.varint(Math.min(LONGEST, bytes.length)).bytes(bytes, 0, Math.min(LONGEST, bytes.length));
    }

    /** @param location the client's word for the storage */
    static IOException decode(byte[] payload, String location) {
        ByteReader in = new ByteReader(payload, "an answer of '" + location + "'");
        try {
            int code = in.u8();
            return switch (code) {
                case NOT_STORED -> new NotStoredException(location, text(in));
                case ALREADY_STORED -> new AlreadyStoredException(location, text(in));
                case TRUNCATED -> new TruncatedException(location, text(in), in.length(), in.length());
                case OVERSIZE -> new OversizeException(location, text(in), in.length(), in.length());
                case OTHER -> {
                    ExitCode exit = exitCode(in.u8());
                    String message = text(in);
                    String remedy = text(in);
                    yield new StorageException(exit, message, remedy.isEmpty() ? null : remedy, null);
                }
                default -> in.damaged("holds the unknown failure " + code);
            };
        } catch (DamagedException e) {
            return e;
        }
    }

    private static String text(ByteReader in) throws DamagedException {
        return new String(in.string(), StandardCharsets.UTF_8);
    }

    private static ExitCode exitCode(int status) {
        for (ExitCode code : ExitCode.values()) {
            if (code.status() == status && code != ExitCode.DONE) {
                return code;
            }
        }
        return ExitCode.FAILED;
    }
}

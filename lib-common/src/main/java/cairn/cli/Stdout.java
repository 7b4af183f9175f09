package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Standard output: raw bytes, buffered. A failure is remembered and thrown again by every later call, so that code
 * which survives errors of single entries cannot lose it. A reader that went away is {@link ClosedPipe}; anything else
 * (a full disk, a closed descriptor) is an error for the user.
 */
public final class Stdout extends OutputStream {
    private static final int SIZE = 1 << 16;

    private final OutputStream target;
    private final byte[] buffer = new byte[SIZE];
    private int used;
    private IOException failure;

    Stdout(OutputStream target) {
        this.target = target;
    }

    /** The reader of a pipe has gone: the command ends quietly. */
    static final class ClosedPipe extends IOException {
        private static final long serialVersionUID = 1;

        ClosedPipe(IOException cause) {
            super("standard output was closed by its reader", cause);
        }
    }

    @Override
    public synchronized void write(int b) throws IOException {
        if (used == SIZE) drain();
        if (failure != null) throw failure;
        buffer[used++] = (byte) b;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (failure != null) throw failure;
        if (length > SIZE - used) drain();
        if (length >= SIZE) {
            pass(bytes, offset, length);
            return;
        }
        System.arraycopy(bytes, offset, buffer, used, length);
        used += length;
    }

    @Override
    public synchronized void flush() throws IOException {
        drain();
        try {
            target.flush();
        } catch (IOException e) {
            throw fail(e);
        }
    }

    private void drain() throws IOException {
        if (failure != null) throw failure;
        int length = used;
        used = 0;
        if (length > 0) pass(buffer, 0, length);
    }

    private void pass(byte[] bytes, int offset, int length) throws IOException {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            throw fail(e);
        }
    }

    private IOException fail(IOException e) {
        String reason = Errors.reason(e);
        failure = reason.contains("broken pipe")
                ? new ClosedPipe(e)
                : new CairnException(ExitCode.FAILED, "cannot write to standard output: " + reason, null, e);
        return failure;
    }
}

package cairn.query;

import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a file with a raw name; it is replaced if it exists. */
public final class FileOutput extends OutputStream {
    private static final int SIZE = 256 << 10;

    private final byte[] buffer = new byte[SIZE];
    private int used;
    private int fd;

    public FileOutput(byte[] path) throws PosixException {
        fd = Open.openat(Open.AT_FDCWD, path, Open.O_WRONLY | Open.O_CREAT | Open.O_TRUNC | Open.O_CLOEXEC, 0666);
    }

    @Override
    public void write(int b) throws IOException {
        if (used == SIZE) {
            flush();
        }
        buffer[used++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length;) {
            if (used == SIZE) {
                flush();
            }
            int now = Math.min(length - done, SIZE - used);
            System.arraycopy(bytes, offset + done, buffer, used, now);
            used += now;
            done += now;
        }
    }

    @Override
    public void flush() throws IOException {
        Io.write(fd, buffer, 0, used);
        used = 0;
    }

    /** Closes the file; an error that the file system held back (a full disk) comes out here. */
    @Override
    public void close() throws IOException {
        if (fd >= 0) {
            int open = fd;
            try {
                flush();
            } catch (IOException e) {
                fd = -1;
                Open.close(open);
                throw e;
            }
            fd = -1;
            Open.closeWritten(open);
        }
    }
}

package cairn.cmd.backup;

import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a file whose name is bytes. */
final class FileInput extends InputStream {
    private int fd;

    FileInput(byte[] path) throws PosixException {
        fd = Open.openat(Open.AT_FDCWD, path, Open.O_RDONLY, 0);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = Io.read(fd, buffer, offset, length);
        return count == 0 ? -1 : count;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            Open.close(fd);
            fd = -1;
        }
    }
}

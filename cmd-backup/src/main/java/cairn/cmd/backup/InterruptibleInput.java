package cairn.cmd.backup;

import cairn.cli.Interrupt;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An input that ends with an error once the command has been asked to end: also when its other end was, and closed it. */
final class InterruptibleInput extends FilterInputStream {
    private final Interrupt interrupt;

    InterruptibleInput(InputStream in, Interrupt interrupt) {
        super(in);
        this.interrupt = interrupt;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int got = super.read(bytes, offset, length);
        interrupt.check();
        return got;
    }
}

package cairn.remote;

import cairn.format.DamagedException;
import java.io.IOException;

/** Waits for bytes of a known number, which go straight to where they are wanted. */
final class RangeCall extends Call {
    private final byte[] buffer;
    private final int start;
    private final int length;
    private final String location;
    private int filled;

    RangeCall(byte[] buffer, int start, int length, String location) {
        this.buffer = buffer;
        this.start = start;
        this.length = length;
        this.location = location;
    }

    int length() {
        return length;
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    /** How many bytes have come. */
    int filled() {
        return filled;
    }

    @Override
    void part(int type, byte[] payload) throws IOException {
        if (type != Message.BYTES || payload.length > length - filled) {
            throw new DamagedException("an answer of '" + location + "'", "is longer than what was asked for");
        }
        System.arraycopy(payload, 0, buffer, start + filled, payload.length);
        filled += payload.length;
    }

    /** Waits, and fails unless all has come. */
    void awaitAll() throws IOException {
        await();
        if (filled != length) {
            throw new DamagedException("an answer of '" + location + "'", "is shorter than what was asked for");
        }
    }
}

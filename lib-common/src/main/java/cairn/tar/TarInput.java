package cairn.tar;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of an archive as they come, counted. Its buffer allows a look at the block that comes next. */
final class TarInput extends InputStream {
    static final int BLOCK = 512;
    private static final int BUFFER = 128 * BLOCK;

    private final InputStream in;
    private final String what;
    private final byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;
    private long position;

    TarInput(InputStream in, String what) {
        this.in = in;
        this.what = what;
    }

    /** Bytes that were taken so far. */
    long position() {
        return position;
    }

    /** Puts so many bytes into the buffer. @return how many are there, fewer only at the end */
    private int fill(int wanted) throws IOException {
        if (end - start < wanted && start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        while (end - start < wanted) {
            int got = in.read(buffer, end, buffer.length - end);
            if (got < 0) {
                break;
            }
            end += got;
        }
        return Math.min(wanted, end - start);
    }

    @Override
    public int read() throws IOException {
        if (fill(1) < 1) {
            return -1;
        }
        position++;
        return buffer[start++] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int most) throws IOException {
        if (most == 0) {
            return 0;
        }
        int got;
        if (start == end && most >= BUFFER) {
            got = in.read(to, offset, most);
        } else if (fill(1) < 1) {
            return -1;
        } else {
            got = Math.min(most, end - start);
            System.arraycopy(buffer, start, to, offset, got);
            start += got;
        }
        position += Math.max(got, 0);
        return got;
    }

    /** Copies the next block, without taking it. @return how many bytes of it there are: fewer than 512 only at the end */
    int peek(byte[] to) throws IOException {
        int there = fill(BLOCK);
        System.arraycopy(buffer, start, to, 0, there);
        return there;
    }

    /** Takes the next block. @return false if there is not a whole one */
    boolean block(byte[] to) throws IOException {
        int there = peek(to);
        start += there;
        position += there;
        return there == BLOCK;
    }

    /** All of a small part. */
    byte[] bytes(int length) throws IOException {
        byte[] bytes = readNBytes(length);
        if (bytes.length < length) {
            throw truncated();
        }
        return bytes;
    }

    void pass(long length) throws IOException {
        for (long left = length; left > 0;) {
            if (start == end && fill(1) < 1) {
                throw truncated();
            }
            int step = (int) Math.min(left, end - start);
            start += step;
            position += step;
            left -= step;
        }
    }

    /** Passes over what fills up the last block of a part. */
    void pad(long length) throws IOException {
        pass(-length & BLOCK - 1);
    }

    TarException truncated() {
        return new TarException(what + " ended after " + position + " bytes, before the archive did: no backup was made",
                "see why what writes it stopped", true);
    }

    /** @param how continues the sentence, as in "has a header of a wrong checksum" */
    TarException wrong(String how) {
        return wrong(how, null);
    }

    TarException wrong(String how, String remedy) {
        return new TarException(what + " " + how + " (before byte " + position + "): no backup was made", remedy, false);
    }

    TarException noTar(String how, String remedy) {
        return new TarException(what + " is no tar archive" + how + ": no backup was made", remedy, false);
    }
}

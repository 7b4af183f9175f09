package cairn.stream;

import cairn.format.ByteReader;

/**
 * A frame as it arrived, its check right.
 *
 * @param type    0 to 255
 * @param number  as an int: the caller decides whether it is unsigned
 * @param payload its own array, at most {@link StreamFormat#MOST} bytes
 */
public record Frame(int type, int number, byte[] payload) {
    /** Reads the payload and trusts none of it. @param what for messages */
    public ByteReader reader(String what) {
        return new ByteReader(payload, what);
    }
}

package cairn.producer;

import java.util.regex.Pattern;

/**
 * What a whole stream is like.
 *
 * @param leastBytes that it has
 * @param end        to be found in its last 4096 bytes, each of which it sees as one character; or null
 */
public record Expectation(long leastBytes, Pattern end) {
    public static final Expectation NONE = new Expectation(0, null);
}

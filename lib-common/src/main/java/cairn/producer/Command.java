package cairn.producer;

import cairn.posix.RawString;
import java.util.List;

/**
 * A program to run.
 *
 * @param words it and its arguments, raw
 * @param shown what to call it in messages
 */
public record Command(List<byte[]> words, String shown) {
    private static final int MOST_SHOWN = 60;

    public static Command ofWords(List<byte[]> words) {
        StringBuilder shown = new StringBuilder();
        for (byte[] word : words) {
            shown.append(shown.isEmpty() ? "" : " ").append(RawString.printable(word));
        }
        return new Command(List.copyOf(words), cut(shown.toString()));
    }

    /** A line for {@code sh}. */
    public static Command ofShell(byte[] line) {
        return new Command(List.of(RawString.encode("/bin/sh"), RawString.encode("-c"), line), cut(RawString.printable(line)));
    }

    private static String cut(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN - 3) + "...";
    }
}

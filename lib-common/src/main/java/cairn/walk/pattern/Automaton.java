package cairn.walk.pattern;

import java.util.Arrays;
import java.util.List;

/**
 * The part of a pattern that is more than a literal, run as a nondeterministic automaton with all states at once as
 * bits of a word: state <i>i</i> means that the tokens before <i>i</i> are matched. Each byte of the text costs a
 * shift and a few masks, whatever the pattern, so the time is linear in the text and nothing like {@code *a*a*a*b}
 * can make it explode. (Baeza-Yates and Gonnet, "A new approach to text searching", 1992; with loops as in Navarro and
 * Raffinot, "Flexible pattern matching in strings", 2002, chapter 4.) The masks are kept per class of bytes that the
 * pattern treats alike, not per byte: a few words in place of 256.
 *
 * <p>An optional token (<code>**</code> and a slash) may be skipped only in the moment its state is entered, which is
 * where a name begins; once its loop has taken a byte, only the slash leads on.
 */
final class Automaton implements Glob.Middle {
    private final byte[] classOf = new byte[256];
    private final long[] step;
    private final long[] loop;
    private final long[] optional;
    private final int words;
    private final int last;

    /** @param loopBehind the loop behind the last token, as in {@link Tokens} */
    Automaton(List<Tokens.Token> tokens, byte loopBehind) {
        last = tokens.size();
        words = last / 64 + 1;
        optional = new long[words];
        long[] steps = new long[256 * words];
        long[] loops = new long[256 * words];
        int classes = 0;
        for (int b = 0; b < 256; b++) {
            int row = classes * words;
            Arrays.fill(steps, row, row + words, 0);
            Arrays.fill(loops, row, row + words, 0);
            for (int i = 0; i <= last; i++) {
                byte kind = i == last ? loopBehind : tokens.get(i).loop();
                if (kind == Tokens.ALL || kind == Tokens.SEGMENT && b != '/') {
                    loops[row + i / 64] |= 1L << i;
                }
                if (i < last && tokens.get(i).set().contains(b)) {
                    steps[row + i / 64] |= 1L << i;
                }
            }
            int known = 0;
            while (known < classes && !sameRow(steps, loops, known, classes)) {
                known++;
            }
            classOf[b] = (byte) known;
            if (known == classes) {
                classes++;
            }
        }
        step = Arrays.copyOf(steps, classes * words);
        loop = Arrays.copyOf(loops, classes * words);
        for (int i = 0; i < last; i++) {
            if (tokens.get(i).optional()) {
                optional[i / 64] |= 1L << i;
            }
        }
    }

    private boolean sameRow(long[] steps, long[] loops, int a, int b) {
        return Arrays.equals(steps, a * words, a * words + words, steps, b * words, b * words + words)
                && Arrays.equals(loops, a * words, a * words + words, loops, b * words, b * words + words);
    }

    @Override
    public boolean takes(byte[] text, int from, int to) {
        return words == 1 ? runWord(text, from, to) : runWords(text, from, to);
    }

    private boolean runWord(byte[] text, int from, int to) {
        long skip = optional[0];
        long states = 1L | (1L & skip) << 1;
        for (int i = from; i < to; i++) {
            int c = classOf[text[i] & 0xff] & 0xff;
            long entered = (states & step[c]) << 1;
            states = entered | (entered & skip) << 1 | states & loop[c];
            if (states == 0) {
                return false;
            }
        }
        return (states >>> last & 1) != 0;
    }

    /** As {@link #runWord}, for patterns of more than 63 tokens. Optional tokens never stand side by side. */
    private boolean runWords(byte[] text, int from, int to) {
        long[] states = new long[words];
        states[0] = 1L | (1L & optional[0]) << 1;
        for (int i = from; i < to; i++) {
            int row = (classOf[text[i] & 0xff] & 0xff) * words;
            long stepCarry = 0;
            long skipCarry = 0;
            long any = 0;
            for (int w = 0; w < words; w++) {
                long stepping = states[w] & step[row + w];
                long entered = stepping << 1 | stepCarry;
                stepCarry = stepping >>> 63;
                long skipping = entered & optional[w];
                long next = entered | skipping << 1 | skipCarry | states[w] & loop[row + w];
                skipCarry = skipping >>> 63;
                states[w] = next;
                any |= next;
            }
            if (any == 0) {
                return false;
            }
        }
        return (states[last / 64] >>> last & 1) != 0;
    }
}

package cairn.walk.pattern;

import java.util.Arrays;
import java.util.List;

/**
 * A compiled pattern body: a literal prefix, a literal suffix, and what lies between. Only the middle needs more than
 * a comparison. Most patterns that people write have none ({@code name}) or a single star ({@code *.o}); for the rest
 * it is an {@link Automaton}.
 */
final class Glob {
    /** What stands between the literal ends. */
    interface Middle {
        boolean takes(byte[] text, int from, int to);
    }

    private enum Simple implements Middle {
        /** Prefix and suffix meet: the pattern is one literal. */
        NOTHING {
            @Override
            public boolean takes(byte[] text, int from, int to) {
                return from == to;
            }
        },
        STAR {
            @Override
            public boolean takes(byte[] text, int from, int to) {
                for (int i = from; i < to; i++) {
                    if (text[i] == '/') {
                        return false;
                    }
                }
                return true;
            }
        },
        EVERYTHING {
            @Override
            public boolean takes(byte[] text, int from, int to) {
                return true;
            }
        }
    }

    private final byte[] prefix;
    private final byte[] suffix;
    private final Middle middle;

    /** Compiles tokens that have no problem. */
    Glob(Tokens source) {
        List<Tokens.Token> tokens = source.list();
        int count = tokens.size();
        int from = 0;
        while (from < count && isLiteral(tokens.get(from)) && tokens.get(from).loop() == Tokens.NO_LOOP) {
            from++;
        }
        int to = count;
        byte loopBehind = source.lastLoop();
        while (to > from && loopBehind == Tokens.NO_LOOP && isLiteral(tokens.get(to - 1))) {
            to--;
            loopBehind = tokens.get(to).loop();
        }
        prefix = literal(tokens, 0, from);
        suffix = literal(tokens, to, count);
        if (from < to) {
            middle = new Automaton(tokens.subList(from, to), loopBehind);
        } else {
            middle = switch (loopBehind) {
                case Tokens.NO_LOOP -> Simple.NOTHING;
                case Tokens.SEGMENT -> Simple.STAR;
                default -> Simple.EVERYTHING;
            };
        }
    }

    private static boolean isLiteral(Tokens.Token token) {
        return !token.optional() && token.set().single() >= 0;
    }

    private static byte[] literal(List<Tokens.Token> tokens, int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = from; i < to; i++) {
            bytes[i - from] = (byte) tokens.get(i).set().single();
        }
        return bytes;
    }

    /** Whether the whole pattern is {@link #prefix()}. */
    boolean isExact() {
        return middle == Simple.NOTHING;
    }

    /** The bytes that every match starts with; may be empty. */
    byte[] prefix() {
        return prefix;
    }

    /** The bytes that every match ends with; may be empty. */
    byte[] suffix() {
        return suffix;
    }

    /** Whether {@code text[from..to)} as a whole matches. */
    boolean matches(byte[] text, int from, int to) {
        if (to - from < prefix.length + suffix.length
                || !Arrays.equals(prefix, 0, prefix.length, text, from, from + prefix.length)
                || !Arrays.equals(suffix, 0, suffix.length, text, to - suffix.length, to)) {
            return false;
        }
        return middle.takes(text, from + prefix.length, to - suffix.length);
    }
}

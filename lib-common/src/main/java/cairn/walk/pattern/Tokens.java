package cairn.walk.pattern;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of one pattern, read once from left to right: tokens that take exactly one byte each, and between them the
 * stars, kept as loops on the state in front of a token. The rules are those of {@code wildmatch} in git with
 * {@code WM_PATHNAME}, as gitignore(5) describes them, with one exception that its manual does not describe either:
 * git strips a literal prefix before it looks for {@code **}, so that {@code foo**}{@code /bar} matches {@code foobar}
 * there. Here two stars beside anything but a slash are one star, as the manual says.
 *
 * <pre>
 *   *        any bytes but '/'                     loop SEGMENT
 *   **}{@code /      at the start or after '/': any number of directories, none too
 *                                                  loop ALL, an optional token '/'
 *   **       after '/' (or alone) and at the end: everything below
 *                                                  loop ALL
 *   ?        one byte but '/'
 *   [a-z]    one byte of a set; [!a-z] and [^a-z] not of it; [[:digit:]] and the other POSIX classes, ASCII only
 *   \x       x itself
 * </pre>
 */
final class Tokens {
    static final byte NO_LOOP = 0;
    static final byte SEGMENT = 1;
    static final byte ALL = 2;

    private final byte[] text;
    private int at;
    private String problem;

    /** One token: the bytes it takes, the loop in front of it, and whether it may be left out. */
    record Token(ByteSet set, byte loop, boolean optional) {
    }

    private final List<Token> tokens = new ArrayList<>();
    private byte pendingLoop = NO_LOOP;

    private Tokens(byte[] text) {
        this.text = text;
    }

    /** Reads a pattern body: no {@code !}, no leading slash, no trailing slash. */
    static Tokens parse(byte[] body) {
        Tokens tokens = new Tokens(body);
        tokens.run();
        return tokens;
    }

    /** Why this pattern can match nothing, or null if it can. */
    String problem() {
        return problem;
    }

    List<Token> list() {
        return tokens;
    }

    /** The loop behind the last token. */
    byte lastLoop() {
        return pendingLoop;
    }

    private void run() {
        while (at < text.length && problem == null) {
            byte b = text[at];
            switch (b) {
                case '*' -> stars();
                case '?' -> {
                    at++;
                    add(ByteSet.allBut('/'));
                }
                case '[' -> bracket();
                case '\\' -> {
                    if (at + 1 == text.length) {
                        problem = "it ends in a lone backslash";
                        return;
                    }
                    add(ByteSet.of(text[at + 1]));
                    at += 2;
                }
                default -> {
                    at++;
                    add(ByteSet.of(b));
                }
            }
        }
    }

    private void add(ByteSet set) {
        tokens.add(new Token(set, pendingLoop, false));
        pendingLoop = NO_LOOP;
    }

    private void stars() {
        int first = at;
        while (at < text.length && text[at] == '*') {
            at++;
        }
        boolean opens = first == 0 || text[first - 1] == '/';
        boolean atEnd = at == text.length;
        if (at - first >= 2 && opens && (atEnd || text[at] == '/')) {
            if (atEnd) {
                pendingLoop = ALL;
                return;
            }
            at++;
            boolean repeats = !tokens.isEmpty() && tokens.getLast().optional();
            if (!repeats) {
                tokens.add(new Token(ByteSet.of((byte) '/'), ALL, true));
            }
        } else if (at - first >= 2 && opens && text[at] == '\\' && at + 1 < text.length && text[at + 1] == '/') {
            pendingLoop = ALL;
        } else {
            pendingLoop = SEGMENT;
        }
    }

    private void bracket() {
        ByteSet.Builder set = new ByteSet.Builder();
        int p = at + 1;
        boolean negated = p < text.length && (text[p] == '!' || text[p] == '^');
        if (negated) {
            p++;
        }
        int previous = -1;
        for (boolean first = true;; first = false, p++) {
            if (p >= text.length) {
                unclosed();
                return;
            }
            int b = text[p] & 0xff;
            if (b == ']' && !first) {
                break;
            }
            if (b == '\\') {
                if (++p >= text.length) {
                    unclosed();
                    return;
                }
                previous = text[p] & 0xff;
                set.add(previous);
            } else if (b == '-' && previous >= 0 && p + 1 < text.length && text[p + 1] != ']') {
                if (text[++p] == '\\' && ++p >= text.length) {
                    unclosed();
                    return;
                }
                set.addRange(previous, text[p] & 0xff);
                previous = -1;
            } else if (b == '[' && p + 1 < text.length && text[p + 1] == ':') {
                int end = p + 2;
                while (end < text.length && text[end] != ']') {
                    end++;
                }
                if (end == text.length) {
                    unclosed();
                    return;
                }
                if (end - p < 3 || text[end - 1] != ':') {
                    set.add('[');
                    previous = '[';
                    continue;
                }
                String name = new String(text, p + 2, end - p - 3, StandardCharsets.ISO_8859_1);
                if (!set.addClass(name)) {
                    problem = "there is no class [:" + name + ":]";
                    return;
                }
                p = end;
                previous = -1;
            } else {
                set.add(b);
                previous = b;
            }
        }
        at = p + 1;
        add(set.build(negated));
    }

    private void unclosed() {
        problem = "a '[' is not closed";
    }
}

package cairn.packaging;

/** Text for man(7): what must be escaped, and the few macros that the pages need. */
final class Roff {
    private final StringBuilder out = new StringBuilder();

    Roff comment(String text) {
        out.append(".\\\" ").append(text).append('\n');
        return this;
    }

    /** A macro and its arguments, quoted. */
    Roff macro(String name, String... arguments) {
        out.append('.').append(name);
        for (String argument : arguments) out.append(" \"").append(escape(argument, false).replace("\"", "\\(dq")).append('"');
        out.append('\n');
        return this;
    }

    Roff paragraph(String text) {
        return gap().text(text);
    }

    Roff text(String text) {
        return line(escape(text, false));
    }

    /** What is typed as it stands: every hyphen is a minus that can be copied. */
    static String literal(String text) {
        return escape(text, true);
    }

    static String bold(String text) {
        return "\\fB" + literal(text) + "\\fR";
    }

    static String italic(String text) {
        return "\\fI" + escape(text, true) + "\\fR";
    }

    /** A line that is escaped already. */
    Roff line(String escaped) {
        out.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "").append(escaped).append('\n');
        return this;
    }

    /** Lines of a terminal, indented. */
    Roff example(Iterable<String> lines) {
        gap().out.append(".RS 4\n.nf\n");
        for (String line : lines) line(literal(line));
        out.append(".fi\n.RE\n");
        return this;
    }

    /** The space between paragraphs; there is none below a heading. */
    private Roff gap() {
        int last = out.lastIndexOf("\n", out.length() - 2) + 1;
        return out.substring(last).startsWith(".S") ? this : macro("PP");
    }

    private static String escape(String text, boolean literal) {
        StringBuilder escaped = new StringBuilder();
        boolean option = literal;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // In prose, a word that begins with a hyphen (behind brackets and quotes) is an option.
            if (!literal && c == ' ') option = false;
            if (!literal && c == '-' && (i == 0 || " ([{'\"".indexOf(text.charAt(i - 1)) >= 0)) option = true;
            escaped.append(switch (c) {
                case '\\' -> "\\e";
                case '-' -> option ? "\\-" : "-";
                case '\'' -> "\\(aq";
                case '`' -> "\\(ga";
                case '^' -> "\\(ha";
                case '~' -> "\\(ti";
                default -> c < 127 ? String.valueOf(c) : "\\[u%04X]".formatted((int) c);
            });
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
